"""What is kept: records, populations, artifacts."""
