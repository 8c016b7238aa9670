"""Which groups of customers resemble each other?"""
