"""What is kept of a standing audience, and how does it become the next one?"""
