"""What each part of an expression brings, by hand and against counting the whole with and without it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from tools.audience.clause_counts import Part, clause_counts, shared
from tools.audience.expression import And, Not, Or, Term, all_of
from tools.audience.selection import Location, Selection, size

ROWS = (
    "id,a,b,c,email,lat,lon\n1,y,y,n,a1@example.com,40,-75\n2,y,n,n,,40,-75\n3,y,y,y,,0,0\n"
    "4,n,n,n,a4@example.com,40,-75\n5,n,y,n,,40,-75\n6,y,n,y,a6@example.com,40,-75\n"
)
COLUMNS = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email"},
    "lat": {"kind": "latitude"},
    "lon": {"kind": "longitude"},
} | {name: {"kind": "category"} for name in "abc"}


@pytest.fixture
def six(load):
    """Six people in shards of two; a: 1, 2, 3, 6; b: 1, 3, 5; c: 3, 6; an e-mail: 1, 4, 6; 3 is far away."""
    return load(ROWS, COLUMNS, shard_persons=2).population


def terms(population) -> list[Term]:
    return [Term(str(population.catalogue.valued(name, "y").code)) for name in "abc"]


def test_parts_are_counted_alone_and_the_whole_without_each_by_hand(six):
    """a AND NOT c holds for 1 and 2. Alone a has 4 people, NOT c has 4; without a: 1, 2, 4, 5; without
    NOT c: 1, 2, 3, 6. So a takes 2 away, and so does NOT c. Of 1 and 2 only 1 has an e-mail."""
    a, _, c = terms(six)
    found = clause_counts(six, And((a, Not(c))), [Part(a, Not(c)), Part(Not(c), a)], Selection(), "email")
    assert (found.everyone, found.total, found.reachable) == (6, 2, 1)
    assert [tuple(part) for part in found.parts] == [(4, 4), (4, 4)]
    assert [found.effect(0), found.effect(1)] == [-2, -2]
    assert sum(map(len, found.people)) == 2


def test_a_circle_and_people_left_out_narrow_all_but_what_a_part_has_alone(six):
    """In the circle and without person 1 are 2, 4, 5, 6; a holds for 2 and 6; alone it has 4 people.
    Dropped, it leaves the 4."""
    a = terms(six)[0]
    around = Selection(None, Location(latitude=40, longitude=-75, radius=10), np.array([1]))
    found = clause_counts(six, a, [Part(a, None)], around, "email")
    assert (found.everyone, found.total, found.reachable) == (4, 2, 1)
    assert tuple(found.parts[0]) == (4, 4)


def test_without_an_expression_everyone_counts(six):
    found = clause_counts(six, None, [], Selection(), "phone")
    assert (found.everyone, found.total, found.reachable, found.parts) == (6, 6, 0, [])


def test_two_sets_are_parted_into_both_and_each_alone():
    """{1, 2, 3} and {3, 4}, and {1} and nobody in another shard: 1 in both, 3 only here, 1 only there."""
    found = shared([BitMap([1, 2, 3]), BitMap([1])], [BitMap([3, 4]), BitMap()])
    assert tuple(found) == (1, 3, 1)


@given(data=st.data())
def test_effects_are_differences_of_sizes_on_the_generated_population(us_population, data):
    population = us_population
    code = st.integers(0, len(population.catalogue) - 1).map(lambda each: Term(str(each)))
    part = st.one_of(
        code,
        code.map(Not),
        st.lists(code, min_size=2, max_size=3, unique=True).map(lambda some: Or(tuple(some))),
    )
    parts = data.draw(st.lists(part, min_size=2, max_size=4))
    asked = [Part(each, all_of(parts[:at] + parts[at + 1 :])) for at, each in enumerate(parts)]
    found = clause_counts(population, all_of(parts), asked, Selection(), "email")
    assert found.total == size(population, Selection(all_of(parts)))
    for at, each in enumerate(asked):
        assert found.parts[at].alone == size(population, Selection(each.part))
        assert found.parts[at].without == size(population, Selection(each.rest))
        assert found.effect(at) <= 0  # of an AND no part adds anybody


@pytest.fixture(scope="module")
def us_population(consumers):
    from store.warehouse import Warehouse

    return Warehouse(consumers / "home", "us").population
