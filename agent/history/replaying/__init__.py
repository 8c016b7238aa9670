"""A run made again from its recipe, in a place of its own."""
