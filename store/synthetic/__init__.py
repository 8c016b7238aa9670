"""A generated population of US consumers, with customer files whose segments are known."""

from store.synthetic.generate import SyntheticReport, generate

__all__ = ["SyntheticReport", "generate"]
