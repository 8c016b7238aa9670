"""Audiences: those that were kept, the builder, the map, and files of them."""
