"""The words the narrator may use, one Markdown file a piece."""
