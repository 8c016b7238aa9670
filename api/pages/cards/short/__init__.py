"""The cards of what is told in a few lines."""
