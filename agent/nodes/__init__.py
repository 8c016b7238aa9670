"""What each step does: call one tool, return what changed."""
