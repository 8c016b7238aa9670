"""What is said of customers from whom nothing, or little, can be said?"""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from agent import CATALOGUE
from agent.analysis import Analysis
from store.errors import BadFile, BadInput, TooFewCustomers
from store.workspace import Workspace
from tests.tools.mining.planted import People, membership, plain_traits, trait
from tools.calls import call, tool_named
from tools.mining.antipatterns import anti_patterns
from tools.mining.evidence.contrast import contrasted, marks_of_the_lost
from tools.mining.findings import LiftReport, SegmentReport
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.ranges import range_lifts
from tools.mining.rows.membership import Membership
from tools.mining.segments.segments import segment_report

PEOPLE, TRAITS = 2_000, 30
FINDINGS = (
    "top_attributes",
    "rare_attributes",
    "top_intersections",
    "multi_attribute_clusters",
    "field_marks",
    "ranges",
)


def town(seed: int = 0) -> np.ndarray:
    """2,000 people, each with each of 30 traits at a chance of 0.3."""
    return np.random.default_rng(seed).random((PEOPLE, TRAITS)) < 0.3


def mined(held: np.ndarray, everybody: np.ndarray) -> tuple[LiftReport, SegmentReport]:
    traits = plain_traits(everybody.shape[1])
    customers, people = membership(held), People.of(everybody)
    return lift_report(customers, people, traits), segment_report(customers, people, traits)[0]


def is_silent(report: LiftReport) -> bool:
    return not any(getattr(report, name) for name in FINDINGS)


def assert_in_one_piece(report: SegmentReport, customers: int) -> None:
    """One segment of everybody, with the reason why."""
    assert [each.size for each in report.segments] == [customers]
    assert report.chosen_by.startswith("no structure")


def test_of_five_customers_nothing_is_said() -> None:
    everybody = town()
    customers, people, traits = membership(everybody[:5]), People.of(everybody), plain_traits(TRAITS)
    for ask in (lift_report, segment_report, anti_patterns):
        with pytest.raises(TooFewCustomers, match="5 customers are too few"):
            ask(customers, people, traits)
    assert range_lifts(customers, people, traits, {code: code for code in range(TRAITS)}) == []


def test_five_customers_who_are_asked_about_all_the_same_give_no_finding() -> None:
    everybody = town()
    query = LiftQuery(min_customers=2, min_persons=1, min_support=0.001)
    assert is_silent(
        lift_report(membership(everybody[:5]), People.of(everybody), plain_traits(TRAITS), query)
    )


def test_customers_who_are_all_alike_are_told_by_one_mark_and_in_one_piece() -> None:
    """300 with the first five traits and no other: no pair is beyond chance, since each trait is certain."""
    alike = np.tile(np.arange(TRAITS) < 5, (300, 1))
    report, segments = mined(alike, np.vstack([town(), alike]))
    assert {each.trait.name for each in report.top_attributes} == {f"trait_{code}" for code in range(5)}
    assert {each.frequency.value for each in report.top_attributes} == {1.0}
    assert (report.top_intersections, report.multi_attribute_clusters) == ([], [])
    (mark,) = report.field_marks
    assert (mark.customers, mark.adds, mark.covered.value) == (300, 300, 1.0)
    assert_in_one_piece(segments, 300)


def test_customers_of_whom_nothing_is_known_have_no_marks() -> None:
    """Nobody knows a thing of 300 customers: what others have they lack, and that is all."""
    report, segments = mined(
        np.zeros((300, TRAITS), dtype=bool), np.vstack([town(), np.zeros((300, TRAITS))]) > 0
    )
    assert (report.top_attributes, report.field_marks, report.top_intersections) == ([], [], [])
    assert all(each.customers == 0 for each in report.rare_attributes)
    assert_in_one_piece(segments, 300)


@pytest.mark.parametrize("codes", [0, TRAITS])
def test_where_nothing_is_known_of_anybody_nothing_is_said(codes: int) -> None:
    report, segments = mined(np.zeros((300, codes), dtype=bool), np.zeros((PEOPLE, codes), dtype=bool))
    assert is_silent(report)
    assert report.unremarkable == []
    assert_in_one_piece(segments, 300)


def test_everybody_is_like_everybody() -> None:
    """Customers who are the population: all lifts are 1, and every trait of many is unremarkable."""
    everybody = town()
    report, segments = mined(everybody, everybody)
    assert is_silent(report)
    assert len(report.unremarkable) == TRAITS
    assert {each.lift.value for each in report.unremarkable} == {1.0}
    assert_in_one_piece(segments, PEOPLE)
    assert anti_patterns(membership(everybody), People.of(everybody), plain_traits(TRAITS)) == []


def test_customers_who_are_not_of_the_population_give_no_share_above_one() -> None:
    """More customers than people, each with every trait: sizes are at least what the customers hold."""
    report, _ = mined(np.ones((3_000, TRAITS), dtype=bool), town())
    for each in report.unremarkable:
        assert each.population >= each.customers
        assert each.baseline_share <= 1
    assert is_silent(report)


def test_customers_of_one_value_are_told_by_it_once() -> None:
    """All live in one of four regions: it is a mark, the other three are rare, and no run holds it."""
    rng = np.random.default_rng(2)
    everybody = np.eye(4, dtype=bool)[rng.integers(0, 4, PEOPLE)]
    traits = {code: trait(code, "region", str(code)) for code in range(4)}
    customers, people = membership(everybody[everybody[:, 2]]), People.of(everybody)
    ranks = {code: code for code in range(4)}
    report = lift_report(customers, people, traits, ranks=ranks)
    (top,) = report.top_attributes
    assert (top.trait.value, top.frequency.value, top.customers) == ("2", 1.0, top.population)
    assert [each.customers for each in report.rare_attributes] == [0, 0, 0]
    assert report.ranges == []
    assert len(report.field_marks) == 1


def test_an_attribute_of_five_thousand_values_neither_floods_nor_hides() -> None:
    """10,000 people in 5,000 places, and half the customers in one: it alone is told, and no run."""
    rng = np.random.default_rng(3)
    places = rng.integers(0, 5_000, 10_000).astype(np.int32)
    places[:100] = 7
    everybody = Membership.from_profiles(places, np.arange(10_001), range(5_000))
    traits = {code: trait(code, "place", str(code)) for code in range(5_000)}
    report = lift_report(
        everybody.subset(np.arange(200)),
        People(everybody.bits, 10_000),
        traits,
        ranks={code: code for code in range(5_000)},
    )
    assert [each.trait.value for each in report.top_attributes] == ["7"]
    assert report.tested["pairs"] == 0
    assert (report.ranges, report.rare_attributes) == ([], [])


@pytest.mark.parametrize(
    "attributes",
    [2_000, 20_000],
)
def test_of_very_many_attributes_the_strongest_are_searched_and_it_is_said(attributes: int) -> None:
    """400 customers with five traits in common, and 60 of the rest by chance: sets of 200 traits at most.

    2,000 people in packed bits of 20,000 attributes are 5 MB, pairs of 200 traits nothing beside it.
    """
    rng = np.random.default_rng(4)
    codes = np.sort(rng.integers(5, attributes, (2_000, 65)), axis=1).astype(np.int32)
    codes[:400, :5] = np.arange(5)
    everybody = Membership.from_profiles(codes.ravel(), np.arange(2_001) * 65, range(attributes))
    query = LiftQuery(max_traits=200, min_persons=2, min_support=0.001, draws=20)
    customers, people = everybody.subset(np.arange(400)), People(everybody.bits, 2_000)
    traits = plain_traits(attributes)
    tracemalloc.start()
    report = lift_report(customers, people, traits, query)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 250_000_000
    assert report.bounded
    assert 0.99 * attributes < report.tested["traits"] <= attributes
    assert report.tested["pairs"] <= 200 * 199 / 2
    assert {each.trait.name for each in report.top_attributes[:5]} == {f"trait_{code}" for code in range(5)}
    segments, _ = segment_report(customers, people, traits)
    assert_in_one_piece(segments, 400)


@pytest.mark.parametrize("name", ["min_lift", "min_enrichment", "min_added"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_ratio_that_is_no_finite_number_is_refused(name: str, value: float) -> None:
    """JSON can say infinity as 1e999."""
    with pytest.raises(ValueError, match="finite number"):
        LiftQuery.model_validate({name: value})


def test_lost_who_are_nobody_three_or_all_others() -> None:
    everybody = town()
    everybody[:400, :3] |= np.random.default_rng(6).random((400, 3)) < 0.5
    customers, traits = membership(everybody[:400]), plain_traits(TRAITS)
    report = lift_report(customers, People.of(everybody), traits)
    assert len(report.top_attributes) == 3

    nobody = contrasted(report, customers, membership(everybody[:0]), traits)
    assert nobody == report
    assert marks_of_the_lost(customers, membership(everybody[:0]), traits) == []

    three = contrasted(report, customers, membership(everybody[400:403]), traits)
    for each in three.top_attributes:
        assert each.lost is not None
        assert each.lost.q_value > 0.5
        assert each.lost.difference.low < each.lost.difference.value < each.lost.difference.high
    assert marks_of_the_lost(customers, membership(everybody[400:403]), traits) == []

    others = contrasted(report, customers, membership(everybody[400:]), traits)
    assert others.lost == PEOPLE - 400
    for each in others.top_attributes:
        assert each.lost is not None
        assert each.lost.lost == each.population - each.customers
        assert each.lost.q_value < 1e-10


def test_lost_who_are_the_customers_themselves_differ_in_nothing() -> None:
    everybody = town()
    everybody[:400, :3] |= np.random.default_rng(6).random((400, 3)) < 0.5
    customers, traits = membership(everybody[:400]), plain_traits(TRAITS)
    report = contrasted(lift_report(customers, People.of(everybody), traits), customers, customers, traits)
    for each in report.top_attributes:
        assert each.lost is not None
        assert (each.lost.difference.value, each.lost.ratio.value) == (0.0, 1.0)
        assert each.lost.q_value > 0.5
    assert marks_of_the_lost(customers, customers, traits) == []


# Through the tool, from a file.

COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"kind": "person_id"},
    "golf": {"kind": "flag", "domain": "interest"},
    "pet": {"kind": "category", "domain": "lifestyle"},
    "income": {"kind": "number", "domain": "financial", "bins": [50.0, 100.0]},
    "email": {"kind": "identifier", "identifier": "email"},
}
FILED = 1_200


@pytest.fixture
def filed(load: Callable[..., Workspace]) -> Workspace:
    """1,200 people; the first 300 play golf twice as often; a tenth of the incomes are blank or NaN."""
    chance = np.random.default_rng(7)
    golf = chance.random(FILED) < np.where(np.arange(FILED) < 300, 0.6, 0.3)
    pet = chance.choice(["cat", "dog", "fish", ""], FILED)
    income = [str(each) for each in chance.integers(10, 200, FILED)]
    for at in range(0, FILED, 10):
        income[at] = ("nan", "")[at // 10 % 2]
    lines = [
        f"{person},{'Yes' if golf[person] else 'No'},{pet[person]},{income[person]},p{person}@example.org"
        for person in range(FILED)
    ]
    return load("\n".join([",".join(COLUMNS), *lines]) + "\n", COLUMNS)


def analysed(workspace: Workspace, **arguments: Any) -> Analysis:
    found = call(tool_named(CATALOGUE, "analyze_customers"), workspace, arguments)
    assert isinstance(found, Analysis)
    return found


@pytest.mark.parametrize(
    "given",
    [
        {"person_ids": [1, 2, 3, 4, 5]},
        {"person_ids": [7] * 300},
        {"person_ids": [5_000 + person for person in range(300)]},
        {"person_ids": []},
        {"id_type": "email", "identifiers": ["p7@example.org"] * 300},
        {"id_type": "email", "identifiers": [f"q{person}@example.org" for person in range(300)]},
    ],
    ids=["five", "one 300 times", "strangers", "nobody", "one e-mail 300 times", "strangers' e-mails"],
)
def test_few_customers_however_often_given_are_refused(filed: Workspace, given: dict[str, Any]) -> None:
    with pytest.raises((TooFewCustomers, BadInput)):
        analysed(filed, **given)


def test_customers_given_twice_count_once(filed: Workspace) -> None:
    once = analysed(filed, person_ids=list(range(300)))
    twice = analysed(filed, person_ids=[*range(300), *range(300)])
    assert twice.match.analysed == once.match.analysed == 300
    assert twice.lift == once.lift


def test_no_number_is_no_income(filed: Workspace) -> None:
    """Who has none is in no range: 1,080 of 1,200 are in one."""
    clusters = filed.population.catalogue.clusters
    assert sum(each.size for each in clusters if each.name.startswith("income")) == FILED - FILED // 10


@pytest.mark.parametrize("infinite", ["inf", "-inf", "1e999"])
def test_an_infinite_income_is_refused_with_its_row(load: Callable[..., Workspace], infinite: str) -> None:
    columns = {name: COLUMNS[name] for name in ("id", "golf", "income")}
    lines = [f"{person},Yes,{infinite if person == 60 else person}" for person in range(100)]
    with pytest.raises(BadFile, match="not a finite number"):
        load("\n".join(["id,golf,income", *lines]) + "\n", columns)


def test_an_analysis_of_everybody_finds_nothing(filed: Workspace) -> None:
    found = analysed(filed, person_ids=list(range(FILED)))
    assert found.match.analysed == FILED
    assert is_silent(found.lift)
    assert found.segments == []
    assert found.strategies == []


def test_who_is_a_customer_is_not_lost(filed: Workspace) -> None:
    """Of 300 customers and 300 lost 100 are both: 200 were lost."""
    found = analysed(filed, person_ids=list(range(300)), lost={"person_ids": list(range(200, 500))})
    assert (found.lift.customers, found.lift.lost) == (300, 200)


def test_three_lost_prove_nothing(filed: Workspace) -> None:
    found = analysed(filed, person_ids=list(range(300)), lost={"person_ids": [400, 401, 402]})
    assert found.lift.lost == 3
    assert found.lift.marks_of_the_lost == []
    for each in found.lift.top_attributes:
        assert each.lost is not None
        assert each.lost.q_value > 0.5


@pytest.mark.parametrize(
    "lost", [[], [9_000, 9_001], list(range(300))], ids=["none", "strangers", "customers"]
)
def test_nobody_was_lost(filed: Workspace, lost: list[int]) -> None:
    found = analysed(filed, person_ids=list(range(300)), lost={"person_ids": lost})
    assert found.lift.lost is None
    assert found.lift.marks_of_the_lost == []
    assert found.lift.top_attributes
    assert all(each.lost is None for each in found.lift.top_attributes)


def test_all_others_were_lost(filed: Workspace) -> None:
    found = analysed(filed, person_ids=list(range(300)), lost={"person_ids": list(range(300, FILED))})
    assert found.lift.lost == FILED - 300
    (golf,) = [each for each in found.lift.top_attributes if each.trait.name == "golf"]
    assert golf.lost is not None
    assert golf.lost.lost == golf.population - golf.customers


@pytest.mark.parametrize(
    "bad",
    [
        {"min_quality": float("nan")},
        {"person_ids": [float("nan")] * 100},
        {"person_ids": [float("inf")] * 100},
        {"lift": {"q": float("nan")}},
        {"lift": {"min_lift": float("nan")}},
        {"lift": {"min_support": float("inf")}},
        {"max_memory_mb": float("inf")},
        {"segmentation": {"min_share": float("nan")}},
    ],
)
def test_what_is_no_number_is_refused_at_the_door(filed: Workspace, bad: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        analysed(filed, **({"person_ids": list(range(300))} | bad))


def test_little_memory_leaves_out_the_rarest_and_says_so(load: Callable[..., Workspace]) -> None:
    """20,000 customers at 16 MB: 3,200 traits; of 3,600 places, and golf, the rest are left out."""
    people, customers = 24_000, 20_000
    place = np.arange(people) % 3_600
    golf = np.random.default_rng(8).random(people) < np.where(np.arange(people) < customers, 0.6, 0.05)
    lines = [f"{at},{'Yes' if golf[at] else 'No'},p{place[at]}" for at in range(people)]
    columns = {
        "id": {"kind": "person_id"},
        "golf": {"kind": "flag", "domain": "interest"},
        "pet": {"kind": "category", "domain": "lifestyle"},
    }
    workspace = load("\n".join(["id,golf,pet", *lines]) + "\n", columns)
    found = analysed(workspace, person_ids=list(range(customers)), max_memory_mb=16)
    assert "golf" in {each.trait.name for each in found.lift.top_attributes}
    assert found.lift.tested["traits"] == 3_200
    assert [told for told in found.warnings if "rarest" in told]
