"""Who is in both lists, and how far what they had tells what they have."""

from collections.abc import Callable

import numpy as np
import pytest

from store.population.population import Population
from store.workspace import Workspace
from tests.conftest import Clock
from tools.mining.changes.stayed import overlap_of

OWN = {"id": {"kind": "person_id"}, "golf": {"kind": "flag", "domain": "interest"}}
ROWS = {"id": {"kind": "category", "mine": False}, "golf": {"kind": "flag", "domain": "interest"}}
Load = Callable[..., Workspace]


def loaded(load: Load, clock: Clock, columns: dict, golfers: set[int], people: range) -> Population:
    clock.advance(days=7)
    lines = [f"{n},{'Yes' if n in golfers else 'No'}" for n in people]
    return load("id,golf\n" + "\n".join(lines) + "\n", columns).warehouse.population


def test_phi_is_that_of_those_who_are_in_both(load: Load, clock: Clock) -> None:
    """Of people 1 to 10, 1 to 5 played golf and 3 to 7 do: phi = (3 * 10 - 5 * 5) / 25 = .2."""
    then = loaded(load, clock, OWN, set(range(1, 6)), range(1, 31))
    now = loaded(load, clock, OWN, set(range(3, 8)), range(1, 41))
    overlap = overlap_of(np.arange(1, 11), np.concatenate([np.arange(1, 11), [35]]), then, now)
    assert overlap is not None
    assert overlap.customers == 10
    golf = now.catalogue.valued("golf", "Yes")
    assert golf is not None
    assert overlap.agreement[golf.cluster_hash] == pytest.approx(0.2)


def test_in_one_snapshot_everybody_agrees_with_themselves(load: Load, clock: Clock) -> None:
    now = loaded(load, clock, OWN, {1, 2}, range(1, 21))
    overlap = overlap_of(np.array([1, 2, 3]), np.array([2, 3, 4]), now, now)
    assert overlap is not None
    assert (overlap.ids.tolist(), overlap.otherwise) == ([2, 3], 1.0)


def test_numbers_of_rows_do_not_name_people_in_another_snapshot(load: Load, clock: Clock) -> None:
    then = loaded(load, clock, ROWS, {1, 2}, range(1, 21))
    now = loaded(load, clock, ROWS, {1, 2}, range(1, 21))
    assert overlap_of(np.array([1, 2]), np.array([1, 2]), then, now) is None
    assert overlap_of(np.array([1, 2]), np.array([1, 2]), now, now) is not None


def test_people_whom_a_snapshot_lost_weaken_the_agreement(load: Load, clock: Clock) -> None:
    """Of 10 customers in both, 5 are still in the population: they agree, the others cannot."""
    golfers = {1, 2, 9}
    then = loaded(load, clock, OWN, golfers, range(1, 31))
    now = loaded(load, clock, OWN, golfers, range(1, 6))
    overlap = overlap_of(np.arange(1, 11), np.arange(1, 11), then, now)
    assert overlap is not None
    golf = now.catalogue.valued("golf", "Yes")
    assert golf is not None
    assert overlap.agreement[golf.cluster_hash] == pytest.approx(0.5)
