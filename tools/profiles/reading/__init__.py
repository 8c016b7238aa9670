"""What can be read of profiles?"""
