"""Graphs that order the tools, and the narrator that tells what they found."""
