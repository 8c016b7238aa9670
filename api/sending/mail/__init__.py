"""How is a briefing mailed, and what does a mail server say to it?"""
