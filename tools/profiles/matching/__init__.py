"""Does a value mean what a profile looks for?"""
