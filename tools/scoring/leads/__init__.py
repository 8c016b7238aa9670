"""Leads: who they are, what they are held against, and what is told of each."""
