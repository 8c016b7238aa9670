"""Did who buys change since the last weeks, and is it real?"""
