"""How good is a model on rows that it has not seen?"""
