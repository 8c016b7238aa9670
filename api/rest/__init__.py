"""The HTTP routes under /v1."""
