"""Companions complete a set; what the set brings along everywhere is none."""

import numpy as np
import pytest

from tests.tools.mining.factor_planted import rule_planted
from tests.tools.mining.planted import People, Planted, membership, planted, table
from tests.tools.mining.sets.test_intersections import searched
from tools.mining.queries import LiftQuery
from tools.mining.sets.companions import companions
from tools.mining.sets.ground import Ground
from tools.mining.sets.intersections import ProvenSet


def test_what_comes_along_everywhere_is_no_companion():
    """40 of 100 customers have 0 and 1; of these 30 have 2 and 30 have 3, as 60 % do in all or fewer.

    Of 400 other people with 0 and 1 all but 40 have 3, and 40 have 2, of 2,000 in all. So P(2 | 0 1) is
    (40 + 30 x 0.02) / 430 = 0.094 there and 0.75 here; P(3 | 0 1) is 0.85 there: only 2 is a companion.
    """
    held = table({"1111": 25, "1110": 5, "1101": 5, "1100": 5, "0000": 60})
    others = table({"1111": 20, "1110": 20, "1101": 340, "1100": 20, "0000": 1_600})
    customers = membership(held)
    sizes = np.vstack([held, others]).sum(axis=0)
    ground = Ground.of(customers, sizes, 2_100, np.arange(4), 1)
    proven = ProvenSet(np.array([0, 1]), 40, 440, -9.0, 0.01, True)
    people = People.of(np.vstack([held, others]))
    assert [each.tolist() for each in companions(ground, [proven], people)] == [[2]]
    assert companions(ground, [], people) == []
    assert people.asked == [2]


@pytest.mark.parametrize(("world", "least"), [(planted(71), 0.95), (rule_planted(71), 0.95)])
def test_a_set_with_its_companions_is_nearly_a_planted_one(world: Planted, least: float):
    """Of the traits of a told set and its companions nearly all belong to one planted set."""
    ground, found = searched(world.held, world.everybody, world.traits, LiftQuery())
    shares = []
    for each, more in zip(found.longer, companions(ground, found.longer, world.people), strict=True):
        codes = set(ground.customers.codes[[*each.members, *more]].tolist())
        shares.append(max(len(codes & planted_set) for planted_set in world.sets) / len(codes))
    assert len(shares) >= 5
    assert np.mean(shares) >= least
