"""Which traits are there, and how many people have each?"""
