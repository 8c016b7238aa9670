"""The page where a recipient ends their briefings, or has them again."""
