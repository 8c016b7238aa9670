"""Workflows step by step, and what was asked of a language model."""
