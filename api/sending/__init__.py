"""How does a briefing reach its recipients, each once, and how do they say that they want no more?"""
