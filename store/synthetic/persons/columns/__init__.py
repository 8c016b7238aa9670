"""The columns that the people of a chunk are written in."""
