"""A search gives the p-value of its least convincing test, counts all it might tell, and repeats nothing."""

import numpy as np
import pytest
from scipy import stats

from store.features import Feature, FeatureTable, category
from tests.tools.outcomes.patterns.planted_outcomes import random_features
from tools.outcomes.patterns.conditions.candidates import Candidates, Group
from tools.outcomes.patterns.conditions.query import ConditionQuery
from tools.outcomes.patterns.conditions.search import (
    Comparison,
    Search,
    Side,
    rate_fall,
    risk_ratio,
    search,
    share_ratio,
)

QUERY = ConditionQuery()


def yes_no(name: str, flags: np.ndarray, known: np.ndarray | None = None) -> Feature:
    values = np.where(flags, "Yes", "No").astype(object)
    if known is not None:
        values[~known] = None
    return category(name, values)


def compared(candidates: Candidates, marked: np.ndarray) -> list[Side]:
    yes, no = Group(candidates, marked), Group(candidates, ~marked)
    return [Side([Comparison(yes, no)], risk_ratio)]


def told(found: Search, candidates: Candidates) -> list[str]:
    return [" & ".join(each.words for each in candidates.told(one.members)) for one in found.found]


def test_the_p_value_of_a_pair_is_that_of_its_least_convincing_test():
    """Against all rows where both are known, and against each member where the other is known; by a loop.

    Possible are the four conditions, and the four pairs of two columns: two lengths.
    """
    rng = np.random.default_rng(1)
    one, other = rng.random(1_000) < 0.5, rng.random(1_000) < 0.5
    known_one, known_other = rng.random(1_000) < 0.9, rng.random(1_000) < 0.8
    marked = rng.random(1_000) < np.where(one & other, 0.6, 0.2)
    table = FeatureTable(1_000, (yes_no("one", one, known_one), yes_no("other", other, known_other)))
    candidates = Candidates.of(table, QUERY)
    found = search(candidates, compared(candidates, marked), 1.5, QUERY)
    assert told(found, candidates) == ["One: yes & Other: yes"]
    both = one & other & known_one & known_other
    bases = [known_one & known_other, one & known_one & known_other, other & known_other & known_one]
    p = max(
        stats.hypergeom.sf((both & marked).sum() - 1, base.sum(), (base & marked).sum(), both.sum())
        for base in bases
    )
    (pair,) = found.found
    assert pair.p_value == pytest.approx(p, rel=0.05)
    assert pair.q_value == pytest.approx(p * 4 * 2, rel=0.05)
    assert (pair.marked, pair.others) == ((both & marked).sum(), (both & ~marked).sum())
    assert (pair.marked_known, pair.others_known) == (
        (bases[0] & marked).sum(),
        (bases[0] & ~marked).sum(),
    )
    assert found.tested == {"conditions": 4, "pairs": 4, "triples": 0}


@pytest.mark.parametrize("seed", range(3))
def test_every_comparison_has_to_be_passed(seed: int):
    """More frequent than among one kind of others, and as frequent as among the other kind."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, 1_500)
    flag = rng.random(1_500) < np.where(kind == 0, 0.2, 0.6)
    candidates = Candidates.of(FeatureTable(1_500, (yes_no("flag", flag),)), QUERY)
    groups = [Group(candidates, kind == at) for at in range(3)]
    against = [Comparison(groups[1], groups[at]) for at in (0, 2)]
    assert told(search(candidates, [Side(against[:1], share_ratio)], 1.3, QUERY), candidates) == ["Flag: yes"]
    assert search(candidates, [Side(against, share_ratio)], 1.3, QUERY).found == []


def test_a_condition_and_its_contrary_are_told_once_by_the_rarer():
    rng = np.random.default_rng(2)
    rare = rng.random(2_000) < 0.2
    marked = rng.random(2_000) < np.where(rare, 0.1, 0.4)
    candidates = Candidates.of(FeatureTable(2_000, (yes_no("rare", rare),)), QUERY)
    yes, no = Group(candidates, marked), Group(candidates, ~marked)
    sides = [Side([Comparison(yes, no)], risk_ratio), Side([Comparison(no, yes)], rate_fall)]
    found = search(candidates, sides, 1.5, QUERY)
    assert told(found, candidates) == ["Rare: yes"]
    assert found.found[0].side == 1
    assert found.tested["conditions"] == 4


def test_a_part_whose_larger_set_is_not_told_is_told_itself():
    """`a` matters only where `b`, which another set tells: then `a` is told of the rows that are left."""
    rng = np.random.default_rng(3)
    a, b = rng.random(4_000) < 0.3, rng.random(4_000) < 0.7
    risk = np.where(~b, 0.5, np.where(a, 0.05, 0.2))
    marked = rng.random(4_000) < risk
    candidates = Candidates.of(FeatureTable(4_000, (yes_no("a", a), yes_no("b", b))), QUERY)
    yes, no = Group(candidates, marked), Group(candidates, ~marked)
    sides = [Side([Comparison(yes, no)], risk_ratio), Side([Comparison(no, yes)], rate_fall)]
    assert set(told(search(candidates, sides, 1.3, QUERY), candidates)) == {"B: no", "A: yes"}


def test_each_variable_is_told_once_and_no_more_than_asked():
    rng = np.random.default_rng(4)
    flags = rng.random((5, 4_000)) < 0.1
    marked = rng.random(4_000) < np.where(flags.any(axis=0), 0.6, 0.2)
    columns = [yes_no(f"f{at}", flag) for at, flag in enumerate(flags)]
    candidates = Candidates.of(FeatureTable(4_000, (*columns, *random_features(rng, 4_000))), QUERY)
    names = told(search(candidates, compared(candidates, marked), 1.5, QUERY), candidates)
    assert sorted(names) == [f"F{at}: yes" for at in range(5)]
    few = ConditionQuery(max_shown=2)
    assert told(search(candidates, compared(candidates, marked), 1.5, few), candidates) == names[:2]


def test_only_lengths_that_are_asked_are_looked_at():
    rng = np.random.default_rng(5)
    one, other = rng.random(2_000) < 0.5, rng.random(2_000) < 0.5
    marked = rng.random(2_000) < np.where(one & other, 0.6, 0.2)
    candidates = Candidates.of(FeatureTable(2_000, (yes_no("one", one), yes_no("other", other))), QUERY)
    found = search(candidates, compared(candidates, marked), 1.5, ConditionQuery(max_length=1))
    assert {each.members.size for each in found.found} == {1}
    assert found.tested["pairs"] == 0


@pytest.mark.parametrize("marked", [np.zeros(100, dtype=np.bool_), np.ones(100, dtype=np.bool_)])
def test_nobody_on_one_side_gives_nothing(marked: np.ndarray):
    candidates = Candidates.of(FeatureTable(100, (yes_no("flag", np.arange(100) < 50),)), QUERY)
    assert search(candidates, compared(candidates, marked), 1.5, QUERY).found == []


def test_more_searches_of_one_list_ask_for_more():
    """The same finding costs ten times the q-value among ten reasons."""
    rng = np.random.default_rng(6)
    flag = rng.random(500) < 0.5
    marked = rng.random(500) < np.where(flag, 0.5, 0.2)
    candidates = Candidates.of(FeatureTable(500, (yes_no("flag", flag),)), QUERY)
    (alone,) = search(candidates, compared(candidates, marked), 1.5, QUERY).found
    (among,) = search(candidates, compared(candidates, marked), 1.5, QUERY, families=10).found
    assert among.q_value == pytest.approx(10 * alone.q_value)
    assert among.p_value == alone.p_value
