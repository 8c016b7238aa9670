"""Lists of leads that were scored, kept for a while: what came, what was found, and how it is asked."""
