"""The way in, for members."""
