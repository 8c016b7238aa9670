"""How well does each row fit a profile?"""
