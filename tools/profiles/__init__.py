"""Ideal customer profiles: what they hold, how rows are held against them, and how they are kept."""
