"""Whose identifier is whose: looked at, corrected, taken back."""
