"""Lists of leads that are kept with their scores."""
