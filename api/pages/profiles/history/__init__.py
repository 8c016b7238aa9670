"""What a profile held before, and how two differ."""
