"""What a briefing says beside the changes: what was told before, whom to call, where it comes from."""
