"""What is asked for: tools, jobs, conversations."""
