"""Which calls become jobs."""

from typing import Any

import pytest

from api.jobs.preferring import MANY, is_for_a_job, people_in

FEW, ENOUGH = {"person_ids": [1, 2]}, {"identifiers": ["a"] * (MANY + 1)}


@pytest.mark.parametrize(
    ("arguments", "prefer", "is_job"),
    [
        (FEW, [], False),
        (FEW, ["respond-async"], True),
        (FEW, ["handling=lenient, Respond-Async; wait=10"], True),
        (FEW, ["handling=lenient", "respond-async"], True),
        (FEW, ["respond-asynchronously"], False),
        (ENOUGH, [], True),
        (ENOUGH, ["wait=100"], False),
        (ENOUGH, ["wait"], False),
        (ENOUGH, ["handling=strict"], True),
        ({"identifiers": ["a"] * MANY}, [], False),
        (FEW, [";;,,"], False),
    ],
)
def test_a_call_becomes_a_job_where_it_is_preferred_or_large(
    arguments: dict[str, Any], prefer: list[str], is_job: bool
) -> None:
    assert is_for_a_job(arguments, prefer) is is_job


def test_all_forms_of_naming_people_are_counted_and_others_are_not() -> None:
    """2 + 3 identifiers in groups, 1 in the single form, 4 person ids: 10."""
    arguments = {
        "multi_identifiers": [{"values": ["a", "b"]}, {"values": ["c", "d", "e"]}, {"values": "x"}, 7],
        "identifiers": ["f"],
        "person_ids": [1, 2, 3, 4],
        "values": ["g"],
    }
    assert people_in(arguments) == 10
    assert people_in({"multi_identifiers": "abc", "identifiers": {"a": 1}, "person_ids": 7}) == 0
