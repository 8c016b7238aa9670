"""Where a figure comes from, what a term means, why something was chosen, and how sure that is."""
