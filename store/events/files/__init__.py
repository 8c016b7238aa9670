"""The files of an export: which day each is of, and which columns it holds."""
