"""Who holds an expression over clusters, and how they are handed over."""
