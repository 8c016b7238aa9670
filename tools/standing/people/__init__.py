"""Who is in a standing audience, and why did they come or go?"""
