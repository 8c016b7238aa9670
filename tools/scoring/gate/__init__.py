"""Is a new model good enough to be published, and does the world still look as it did?"""
