"""What a briefing tells, in words and figures as they are read: every form is laid out from this."""
