"""What was used, said and done."""
