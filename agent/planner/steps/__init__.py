"""What the arguments of each tool are: from the words of a request to a step."""
