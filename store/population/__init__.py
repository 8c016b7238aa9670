"""An immutable population: built from files, asked through its shards."""
