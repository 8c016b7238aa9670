"""A conversation: what was said, what was done about it, and what is answered."""
