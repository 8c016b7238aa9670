"""One lead, typed in and scored."""
