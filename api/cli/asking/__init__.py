"""Commands that ask: tools, plans, conversations."""
