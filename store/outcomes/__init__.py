"""What happened: won, lost, churned, expanded and still open, as it was recorded."""
