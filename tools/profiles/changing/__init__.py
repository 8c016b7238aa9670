"""How do profiles change?"""
