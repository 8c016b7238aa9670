"""What the words of a message say: identifiers, numbers, places, settings."""
