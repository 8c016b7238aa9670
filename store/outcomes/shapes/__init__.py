"""Whose export is a file of outcomes, and which of its columns is what?"""

from store.outcomes.shapes.hubspot import HUBSPOT
from store.outcomes.shapes.plain import PLAIN
from store.outcomes.shapes.salesforce import SALESFORCE
from store.outcomes.shapes.shape import Shape

# In the order in which they are tried: the plain one asks for least.
SHAPES: tuple[Shape, ...] = (HUBSPOT, SALESFORCE, PLAIN)

__all__ = ["SHAPES", "Shape"]
