"""Which ranges and groups of values of one column tell ideal rows from others."""
