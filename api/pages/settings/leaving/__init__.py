"""What leaves the house: destinations, webhooks, and what left about a person."""
