"""The people of a generated population, a chunk at a time."""
