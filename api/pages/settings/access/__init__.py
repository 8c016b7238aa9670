"""Keys, members, and the own account."""
