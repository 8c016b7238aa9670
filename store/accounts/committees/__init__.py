"""Who decides at an account: contacts by role, and what that says of the account."""
