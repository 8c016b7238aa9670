"""What a new house shows before anything of its own is loaded: examples, made by really running the tools."""
