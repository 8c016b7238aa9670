"""From a sentence to a plan of tool calls, without a model."""
