"""What does a profile hold, and how do two of them differ?"""
