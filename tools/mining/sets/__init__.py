"""Which traits belong together among the customers?"""
