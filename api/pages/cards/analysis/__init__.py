"""The card of an analysis, and its page."""
