"""When is a briefing due, and how is that asked for, shown and ended?"""
