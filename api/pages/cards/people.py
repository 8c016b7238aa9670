"""How do cards show people without telling who they are?"""

from collections.abc import Sequence
from typing import Any, NamedTuple


class PersonRow(NamedTuple):
    """A person by number, with contact values that are masked already."""

    number: int
    known_by: list[tuple[str, str]]
    score: str
    reasons: str


def person_rows(sample: Sequence[dict[str, Any]]) -> list[PersonRow]:
    """Sampled people, as `sample_shown` masks them, numbered from 1: an id of the house tells nobody."""
    return [_row(number, person) for number, person in enumerate(sample, start=1)]


def _row(number: int, person: dict[str, Any]) -> PersonRow:
    known_by = [
        (kind, value) for kind, values in person.get("identifiers", {}).items() for value in values.values()
    ]
    score = person.get("fit_score")
    told = "" if score is None else f"{score:.0f}" + (f" · {person['tier']}" if person.get("tier") else "")
    return PersonRow(number, known_by, told, person.get("reasons") or "")
