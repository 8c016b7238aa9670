"""A client of a served house: the same tools, results and refusals as inside it."""

from api.client.fieldmark import Fieldmark

__all__ = ["Fieldmark"]
