"""Whose house it is: members, keys, sessions, usage, the audit."""
