"""What left the house about a person, and how they are erased."""
