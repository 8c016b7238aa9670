"""The screen of briefings: the weekly ones as read in the mail, and two analyses side by side."""
