"""What does each column of a generated population mean?"""

from typing import Any

from store.population.mapping.model import Column, Mapping
from store.synthetic.tables import Attribute, attributes


def population_mapping() -> Mapping:
    """The mapping of every column, as attributes.csv describes it."""
    return Mapping(columns={attribute.name: _column(attribute) for attribute in attributes()})


def _column(attribute: Attribute) -> Column:
    return Column.model_validate(
        {
            "kind": attribute.kind,
            "domain": attribute.domain,
            "sensitive": attribute.sensitive,
            "label": attribute.label,
            "phrase": attribute.phrase,
            **_detail(attribute),
        }
    )


def _detail(attribute: Attribute) -> dict[str, Any]:
    if attribute.kind == "number":
        unit, *bins = attribute.detail
        return {"unit": unit, "bins": [float(edge) for edge in bins]}
    if attribute.kind == "identifier":
        identifier, quality = attribute.detail
        # Contact fields are numbered when they are shown: address1, as email1.
        numbered = {"attribute": "address1"} if identifier == "address" else {}
        return {"identifier": identifier, "quality": float(quality), **numbered}
    return {}
