"""An audience as a file."""
