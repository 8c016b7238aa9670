"""Files that leave the house, and the links by which they are fetched."""

from store.exports.exports import LIFE, ExportLink, Exports
from store.exports.writing import KEY, Batch, Columns, Format, Row

__all__ = ["KEY", "LIFE", "Batch", "Columns", "ExportLink", "Exports", "Format", "Row"]
