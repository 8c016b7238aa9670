"""What the steps of an analysis of outcomes share."""
