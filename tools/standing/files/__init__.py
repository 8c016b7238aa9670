"""Which files does a standing audience leave at its destination?"""
