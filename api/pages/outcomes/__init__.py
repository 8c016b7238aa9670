"""The screen of outcomes: what came of the deals, what was learned from them, and how sure that is."""
