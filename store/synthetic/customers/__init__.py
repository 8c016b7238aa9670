"""Customer files drawn from a generated population, with segments that are planted and known."""
