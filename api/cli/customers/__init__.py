"""Commands about customers: analyses, audiences, outcomes, scores, profiles."""
