"""Weighted criteria learned from ideal rows and others, and the fit score that they give any row."""
