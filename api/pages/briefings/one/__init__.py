"""One briefing: read whole, taken along, answered, made again."""
