"""Where a figure comes from, at an address of its own."""
