"""Audiences that were kept."""
