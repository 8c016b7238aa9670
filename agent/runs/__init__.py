"""How a graph is run: begun, watched, stopped, and gone on with after a crash."""
