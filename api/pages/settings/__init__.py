"""Settings: what this house holds, who may come in, what leaves it, and what was done."""
