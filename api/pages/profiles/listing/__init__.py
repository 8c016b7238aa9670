"""All profiles, in a table."""
