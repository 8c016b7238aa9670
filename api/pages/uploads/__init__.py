"""A file that somebody chose, looked at before anything is done with it."""
