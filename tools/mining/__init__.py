"""Which traits and sets of traits set the customers apart, and how sure that is."""
