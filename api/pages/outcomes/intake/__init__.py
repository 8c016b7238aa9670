"""A file of outcomes: looked at first, then recorded."""
