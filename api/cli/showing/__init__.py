"""What findings look like in a terminal."""
