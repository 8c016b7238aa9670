"""Which groups do users fall into by what they did?"""
