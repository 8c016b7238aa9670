"""The tables that the generator draws from, and how they are read."""

from store.synthetic.tables.shipped import (
    Attribute,
    Loadings,
    attributes,
    census_columns,
    content_by_theme,
    intent_categories,
    name_frequencies,
    street_names,
)

__all__ = [
    "Attribute",
    "Loadings",
    "attributes",
    "census_columns",
    "content_by_theme",
    "intent_categories",
    "name_frequencies",
    "street_names",
]
