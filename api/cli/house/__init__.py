"""Commands about the house: who may come in, what leaves it, what it does."""
