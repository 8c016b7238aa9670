"""A new profile: by hand, or as data suggests it."""
