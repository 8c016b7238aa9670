"""Which briefings come again and again, and who gets them: seen, made, changed, paused, removed."""
