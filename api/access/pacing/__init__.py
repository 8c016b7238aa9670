"""How often may somebody ask?"""
