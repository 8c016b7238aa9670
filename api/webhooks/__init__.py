"""How does whoever listens hear that something is done, and can anybody make the house call itself?"""
