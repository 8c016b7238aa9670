"""Expressions for segments and field marks: planted ones found again, sizes counted person by person."""

import random

import numpy as np
import pytest

from tools.audience.expression import Term
from tools.audience.finding_expressions import mark_audiences, segment_audiences
from tools.audience.joint_counts import JointCounts
from tools.audience.selection import Selection
from tools.audience.telling_expressions import best_telling
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate, FieldMark
from tools.mining.rows.counting import membership, traits_of

PEOPLE = 3_000
COMMON, RARE = ("golf", "opera", "sailing", "noise"), ("chess", "dogs", "hiking", "books")
TRAITS = (*COMMON, *RARE)
EVERYONE, NOBODY = Selection(), np.array([], dtype=np.int64)


class Town:
    """3,000 people; customers 0-199 hold golf, opera and sailing at 90 %, 200-399 two of four others.

    The others hold the first four traits at 20 % and the rest at 8 %; customers 400-499 are like them.
    """

    def __init__(self, load) -> None:
        chance = random.Random(6)
        rows = []
        for person in range(PEOPLE):
            held = {name: chance.random() < (0.2 if name in COMMON else 0.08) for name in TRAITS}
            if person < 200:
                held |= {name: chance.random() < 0.9 for name in ("golf", "opera", "sailing")}
            elif person < 400:
                held |= dict.fromkeys(chance.sample(RARE, 2), True)
            rows.append(",".join([str(person), *("Yes" if held[name] else "" for name in TRAITS)]))
        columns = {"id": {"kind": "person_id"}} | {name: {"kind": "flag"} for name in TRAITS}
        text = f"id,{','.join(TRAITS)}\n" + "\n".join(rows) + "\n"
        self.workspace = load(text, columns, shard_persons=1_100)
        self.population = self.workspace.population
        self.codes = self.population.catalogue.minable()
        self.customers = np.arange(500)
        self.rows = membership(self.population, self.customers, self.codes)
        self.labels = np.repeat([0, 1, -1], [200, 200, 100])

    def halves(self):
        even, odd = np.arange(0, 500, 2), np.arange(1, 500, 2)
        return (
            (self.rows.subset(even), self.labels[even]),
            (self.rows.subset(odd), self.labels[odd]),
        )

    def audiences(self, universe: Selection = EVERYONE):
        made, measured = self.halves()
        return segment_audiences(self.population, *made, *measured, self.customers, universe, held_out=True)

    def held(self, audience, person_ids) -> np.ndarray:
        rows = membership(self.population, person_ids, self.codes)
        places = {int(code): at for at, code in enumerate(rows.codes)}
        held = np.zeros(rows.total, dtype=bool)
        for traits in audience.alternatives:
            codes = [self.population.catalogue.find(trait.cluster_hash).code for trait in traits]
            held |= rows.rows()[:, [places[code] for code in codes]].all(axis=1)
        return held


@pytest.fixture
def town(load) -> Town:
    return Town(load)


def names(audience) -> list[set[str]]:
    return [{trait.name for trait in traits} for traits in audience.alternatives]


def test_a_segment_that_holds_three_traits_is_told_by_them(town):
    (alternative,) = names(town.audiences()[0])
    assert alternative == {"golf", "opera", "sailing"}


def test_a_segment_that_holds_some_of_its_traits_is_told_as_at_least_so_many_of_them(town):
    found = town.audiences()[1]
    assert set.union(*names(found)) == set(RARE)
    assert found.in_words.startswith("at least 2 of these 4: ")
    assert len(found.alternatives) == 6
    assert found.recall.value == 1


def test_two_of_four_traits_are_told_as_such():
    """900 people hold none, 400 one of four, 60 two: the members. A pair has 10 of them."""
    people = np.array([{0: 900, 1: 100, 2: 10}.get(held.bit_count(), 0) for held in range(16)])
    joint = JointCounts((1, 2, 3, 4), people, people)
    members = np.where(people == 10, 10, 0)
    telling = best_telling(joint, members)
    assert telling is not None
    assert telling.at_least == 2
    assert sorted(telling.alternatives) == [3, 5, 6, 9, 10, 12]


def test_customers_of_no_segment_have_no_audience(town):
    assert set(town.audiences()) == {0, 1}


def test_every_figure_can_be_counted_again(town):
    """Sizes over all people; recall, lift and precision over the half that the expressions are not from."""
    measured = np.arange(1, 500, 2)
    for segment, found in town.audiences().items():
        everyone, customers = town.held(found, np.arange(PEOPLE)), town.held(found, measured)
        members = town.labels[measured] == segment
        hits = int((customers & members).sum())
        assert found.total == everyone.sum()
        assert found.new_people == everyone[500:].sum()
        assert found.share_of_population == everyone.sum() / PEOPLE
        assert found.customers_measured == members.sum() == 100
        low, high = wilson_interval(hits, 100)
        assert found.recall == Estimate(value=hits / 100, low=float(low), high=float(high))
        assert found.lift.value == pytest.approx(hits / 100 / found.share_of_population)
        assert found.lift.low == pytest.approx(float(low) / found.share_of_population)
        assert found.precision is not None
        assert found.precision.value == hits / customers.sum()
        assert found.held_out


def test_find_persons_gives_the_same_totals(town, ask):
    for found in town.audiences().values():
        assert ask(town.workspace, "find_persons", expression=found.expression)["total"] == found.total


def test_sizes_are_those_among_the_universe(town):
    noise = town.population.catalogue.valued("noise", "Yes").code
    universe = Selection(Term(str(noise)))
    found = town.audiences(universe)[0]
    has_noise = membership(town.population, np.arange(PEOPLE), np.array([noise])).rows()[:, 0].astype(bool)
    assert found.total == (town.held(found, np.arange(PEOPLE)) & has_noise).sum()


def test_few_members_are_not_told(town):
    """Four members of a segment: no trait is held by five of them."""
    labels = np.where(np.arange(500) < 4, 7, -1)
    found = segment_audiences(
        town.population, town.rows, labels, town.rows, labels, town.customers, EVERYONE, held_out=False
    )
    assert found == {}


def test_members_like_everybody_are_not_told(town):
    like_everybody = membership(town.population, np.arange(1_000, 1_100), town.codes)
    labels = np.zeros(100, dtype=np.int64)
    found = segment_audiences(
        town.population, like_everybody, labels, like_everybody, labels, NOBODY, EVERYONE, held_out=False
    )
    assert all(audience.lift.value < 2 for audience in found.values())


def test_a_segment_without_members_in_the_other_half_is_left_out(town):
    (rows, labels), (others, _) = town.halves()
    nobody = np.full(others.total, -1)
    found = segment_audiences(
        town.population, rows, labels, others, nobody, town.customers, EVERYONE, held_out=True
    )
    assert found == {}


@pytest.fixture
def ten(load):
    """100 people, the first 20 members of a segment; a: 18 members and 2 others, b: 10 and 40 others."""
    lines = ["id,a,b"]
    for person in range(100):
        a = person < 18 or person in (50, 51)
        b = person < 10 or 30 <= person < 70
        lines.append(f"{person},{'Yes' if a else 'No'},{'Yes' if b else 'No'}")
    columns = {"id": {"kind": "person_id"}, "a": {"kind": "flag"}, "b": {"kind": "flag"}}
    return load("\n".join(lines) + "\n", columns).population


def test_the_best_expression_worked_out_by_hand(ten):
    """a: 18 of 20 members in 20 people, lift 4.5. a AND b: 10 of 20 in 12, lift 4.2. a OR b: in 58, 1.55."""
    codes = [ten.catalogue.valued(name, "Yes").code for name in "ab"]
    joint = JointCounts.of(ten, codes, EVERYONE, NOBODY)
    members = joint.customers(membership(ten, np.arange(20), np.array(sorted(codes), dtype=np.int32)))
    telling = best_telling(joint, members)
    assert telling is not None
    assert [joint.codes_of(each) for each in telling.alternatives] == [[codes[0]]]
    assert best_telling(joint, np.zeros(4, dtype=np.int64)) is None
    assert best_telling(joint, joint.people) is None


def mark_of(town: Town, *wanted: str) -> FieldMark:
    nothing = Estimate(value=0, low=0, high=0)
    codes = np.array([town.population.catalogue.valued(name, "Yes").code for name in wanted])
    return FieldMark(
        traits=list(traits_of(town.population.catalogue, codes).values()),
        customers=0,
        frequency=nothing,
        population=0,
        baseline_share=0,
        lift=nothing,
        q_value=0,
        adds=0,
        covered=nothing,
    )


def test_a_field_mark_is_all_of_its_traits_and_counted_exactly(town):
    marks = [mark_of(town, "golf"), mark_of(town, "sailing", "golf", "opera")]
    found = mark_audiences(town.population, marks, town.rows, town.customers, EVERYONE, held_out=False)
    assert [names(each) for each in found] == [[{"golf"}], [{"golf", "opera", "sailing"}]]
    for each in found:
        held = town.held(each, np.arange(PEOPLE))
        assert each.total == held.sum()
        assert each.new_people == held[500:].sum()
        assert each.recall.value == held[:500].mean()
        assert each.precision is None
        assert not each.held_out


def test_no_field_marks_have_no_audiences(town):
    assert mark_audiences(town.population, [], town.rows, town.customers, EVERYONE, held_out=False) == []
