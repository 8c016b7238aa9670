"""Why are deals lost?"""
