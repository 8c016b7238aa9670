"""Every figure that may be tuned says what it is."""

import pytest
from pydantic import BaseModel, ValidationError

from tools.mining.queries import AntiPatternQuery, CriteriaQuery, LiftQuery, SegmentQuery

QUERIES = [LiftQuery, SegmentQuery, CriteriaQuery, AntiPatternQuery]


@pytest.mark.parametrize("query", QUERIES)
def test_every_field_has_a_description_and_numbers_have_bounds(query: type[BaseModel]):
    for name, field in query.model_fields.items():
        assert field.description, name
        if field.annotation in (int, float):
            assert field.metadata, name


@pytest.mark.parametrize("query", QUERIES)
def test_defaults_hold_and_unknown_fields_are_refused(query: type[BaseModel]):
    assert query() == query.model_validate({})
    with pytest.raises(ValidationError):
        query.model_validate({"minimum": 3})
