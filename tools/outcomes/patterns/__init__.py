"""Which conditions go with losing, leaving, growing and new buying?"""
