"""What changed from one analysis to the next?"""
