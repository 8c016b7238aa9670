"""Profiles: who to sell to, and lists of leads held against them."""
