"""Where do profiles come from?"""
