"""What is told of accounts from their outcomes."""
