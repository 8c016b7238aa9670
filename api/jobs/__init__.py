"""Workflows as jobs: asked for now, brought to their end by a worker, whatever is killed meanwhile."""
