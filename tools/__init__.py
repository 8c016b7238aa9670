"""Deterministic tools: what the facts are."""
