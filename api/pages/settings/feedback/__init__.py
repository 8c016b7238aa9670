"""What was said of the answers, and what is decided about it."""
