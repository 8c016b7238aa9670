"""Where people live, drawn as cells and a circle."""
