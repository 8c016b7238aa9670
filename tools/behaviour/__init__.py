"""Behaviour: what users did, as features that segments and values are learned from."""
