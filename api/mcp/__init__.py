"""The tools, prompts and resources over the Model Context Protocol."""
