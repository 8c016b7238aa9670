"""What is said of each kind of result: short Markdown whose numbers are all the result's own."""
