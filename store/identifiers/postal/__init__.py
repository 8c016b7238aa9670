"""How an American address is taken apart and written in one standard way."""
