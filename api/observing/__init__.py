"""What a house tells of itself while it works: log lines, metrics, spans; never of a person."""
