"""In which tier is every account, and what follows when that changes?"""
