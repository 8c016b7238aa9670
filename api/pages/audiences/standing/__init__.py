"""Audiences that are kept up to date."""
