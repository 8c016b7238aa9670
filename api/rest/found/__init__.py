"""What is there: warehouses, findings, profiles, files, and who is told of them."""
