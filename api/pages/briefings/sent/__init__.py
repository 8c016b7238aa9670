"""Briefings on their way: sent now, and what became of each."""
