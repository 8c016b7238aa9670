"""Lists of leads: sent, scored, looked through."""
