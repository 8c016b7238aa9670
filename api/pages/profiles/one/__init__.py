"""One profile: read, edited, shared, copied, deleted."""
