"""How much each criterion tells of rows that had no part in finding it."""
