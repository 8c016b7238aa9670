"""The first screen: a conversation, its plans and their steps as they run."""
