"""What changed from one analysis to another, and how it is told."""
