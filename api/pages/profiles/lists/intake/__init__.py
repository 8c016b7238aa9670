"""A list is chosen, looked at, and sent."""
