"""The card of an audience."""
