"""How much will each customer spend, and how sure is that?"""
