"""A year of weekly briefings: two workers, a clock that is moved, outages, a planted change."""
