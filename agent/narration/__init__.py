"""What is said of a run: in the words of the template, and in those of a model."""
