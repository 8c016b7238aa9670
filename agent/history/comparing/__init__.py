"""Two runs of a kind, side by side."""
