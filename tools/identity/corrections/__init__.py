"""Which matches were wrong, and what holds instead?"""
