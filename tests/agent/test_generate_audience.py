"""Audiences from every source, by every strategy, against counts made person by person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent import CATALOGUE
from agent.audience_result import AudienceResult
from store.errors import BadInput, NotFound
from store.workspace import Workspace
from tests.agent.conftest import Analysed
from tools.calls import call, tool_named

AUDIENCE, FIND = tool_named(CATALOGUE, "generate_audience"), tool_named(CATALOGUE, "find_persons")
AUSTIN = {"latitude": 30.27, "longitude": -97.74, "radius": 50, "unit": "km"}


def audience(workspace: Workspace, **arguments: Any) -> AudienceResult:
    found = call(AUDIENCE, workspace, arguments)
    assert isinstance(found, AudienceResult)
    return found


def total(workspace: Workspace, expression: str, **more: Any) -> int:
    return call(FIND, workspace, {"expression": expression} | more).total  # type: ignore[attr-defined]  # a PersonsResult


@pytest.fixture(scope="module")
def hashes(own_us: Workspace) -> Callable[..., str]:
    """The hash of a cluster: `hashes("interested_golf")`."""

    def of(name: str, value: str = "Yes") -> str:
        cluster = own_us.population.catalogue.valued(name, value)
        assert cluster is not None
        return cluster.cluster_hash

    return of


@pytest.mark.parametrize("strategy", ["precision", "hybrid", "reach"])
@pytest.mark.parametrize("source", ["analysis_id", "icp_profile_id"])
def test_an_analysis_gives_the_audience_of_each_of_its_strategies(
    golf: Analysed, strategy: str, source: str
) -> None:
    (way,) = [way for way in golf.analysis.strategies if way.strategy == strategy]
    found = audience(golf.workspace, strategy=strategy, **{source: golf.analysis.analysis_id})
    assert found.expression == way.expression
    assert found.total == way.total
    assert found.why.startswith(f"The {strategy} expression of the analysis")
    assert found.frontier == golf.analysis.frontier
    assert found.relaxed == []
    assert len(found.sample) == 10
    assert found.overlap is not None
    assert found.overlap.customers == golf.analysis.match.analysed
    assert found.overlap.in_audience == way.total - way.new_people
    assert found.overlap.share_of_customers == round(found.overlap.in_audience / found.overlap.customers, 4)


def test_a_segment_is_found_by_its_name_and_by_its_number(golf: Analysed) -> None:
    segment = golf.analysis.segments[0]
    named = audience(golf.workspace, analysis_id=golf.analysis.analysis_id, segment=segment.name.upper())
    numbered = audience(
        golf.workspace, analysis_id=golf.analysis.analysis_id, segment=str(segment.segment_id)
    )
    assert named.expression == numbered.expression
    assert named.total == numbered.total == total(golf.workspace, named.expression or "")
    with pytest.raises(NotFound, match="The analysis has no such segment"):
        audience(golf.workspace, analysis_id=golf.analysis.analysis_id, segment="Nobody")


def test_a_ranked_audience_holds_the_likest_people(golf: Analysed) -> None:
    analysis = golf.analysis.analysis_id
    hundredth = audience(golf.workspace, analysis_id=analysis, strategy="ranked")
    assert hundredth.total == round(golf.workspace.population.persons / 100)
    assert "the best 1.0 % are taken" in hundredth.why
    assert hundredth.expression is None
    sized = audience(golf.workspace, analysis_id=analysis, strategy="ranked", target_size=200)
    assert sized.total == 200
    assert sized.least_fit is not None
    assert hundredth.least_fit is not None
    assert sized.least_fit > hundredth.least_fit
    assert all(person["fit_score"] >= sized.least_fit for person in sized.sample)


def test_ranking_a_segment_keeps_to_its_people(golf: Analysed) -> None:
    analysis = golf.analysis.analysis_id
    wide = audience(golf.workspace, analysis_id=analysis, segment="0", strategy="reach")
    best = audience(golf.workspace, analysis_id=analysis, segment="0", strategy="ranked", target_size=50)
    assert best.expression == wide.expression
    assert best.total == 50


def test_a_target_size_keeps_the_likest_of_an_analysis_and_a_spread_of_an_expression(
    golf: Analysed, hashes: Callable[..., str]
) -> None:
    found = audience(golf.workspace, analysis_id=golf.analysis.analysis_id, strategy="reach", target_size=123)
    assert found.total == 123
    assert found.least_fit is not None
    spread = audience(golf.workspace, expression=hashes("interested_golf"), target_size=77)
    assert spread.total == 77
    assert spread.least_fit is None
    assert audience(golf.workspace, expression=hashes("interested_golf"), target_size=10**9).total == total(
        golf.workspace, hashes("interested_golf")
    )


def test_an_expression_is_taken_as_it_is_given(own_us: Workspace, hashes: Callable[..., str]) -> None:
    text = f"{hashes('interested_golf')} and not {hashes('is_home_owner')}"
    found = audience(own_us, expression=text)
    assert found.total == total(own_us, text) > 0
    assert found.overlap is None
    assert found.frontier == []


@pytest.mark.parametrize(
    ("strategy", "joined"),
    [
        ("precision", "{0} AND {1} AND {2}"),
        ("hybrid", "({0} AND {1}) OR ({0} AND {2}) OR ({1} AND {2})"),
        ("reach", "{0} OR {1} OR {2}"),
    ],
)
def test_traits_are_joined_by_the_strategy(
    own_us: Workspace, hashes: Callable[..., str], strategy: str, joined: str
) -> None:
    names = ["interested_golf", "is_home_owner", "owns_investments"]
    found = audience(own_us, traits=[f"{name}=Yes" for name in names], strategy=strategy)
    assert found.total == total(own_us, joined.format(*(hashes(name) for name in names)))
    assert found.why.startswith("The traits as they were understood: interested_golf = Yes;")


def test_a_trait_is_understood_as_a_hash_a_name_or_words(
    own_us: Workspace, hashes: Callable[..., str]
) -> None:
    by_hash = audience(own_us, traits=[hashes("interested_golf").upper()])
    by_name = audience(own_us, traits=["interested_golf = Yes"])
    by_words = audience(own_us, traits=["people who play golf"])
    assert by_hash.expression == by_name.expression == by_words.expression == hashes("interested_golf")
    with pytest.raises(NotFound, match="Its values are Yes"):
        audience(own_us, traits=["interested_golf=Perhaps"])
    with pytest.raises(NotFound, match="`list_clusters` gives"):
        audience(own_us, traits=["no_such_attribute=Yes"])


def test_everyone_satisfies_among_and_nobody_what_is_excluded(
    golf: Analysed, hashes: Callable[..., str]
) -> None:
    golfers, owners, women = hashes("interested_golf"), hashes("is_home_owner"), hashes("gender", "Female")
    found = audience(golf.workspace, expression=golfers, among=f"{owners} OR {women}", exclude=[women])
    assert found.total == total(golf.workspace, f"{golfers} AND {owners} AND NOT {women}")
    way = golf.analysis.strategies[2]
    new = audience(
        golf.workspace, analysis_id=golf.analysis.analysis_id, strategy="reach", exclude=["customers"]
    )
    assert new.total == way.new_people
    assert new.overlap is not None
    assert new.overlap.in_audience == 0


def test_a_circle_holds_those_whom_find_persons_finds_in_it(
    own_us: Workspace, hashes: Callable[..., str]
) -> None:
    found = audience(own_us, expression=hashes("is_home_owner"), location=AUSTIN)
    assert found.total == total(own_us, hashes("is_home_owner"), location=AUSTIN) > 0


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("kind", ["email", "phone"])
def test_the_file_has_a_row_for_everyone(
    own_us: Workspace, hashes: Callable[..., str], format: str, kind: str
) -> None:
    found = audience(
        own_us, expression=hashes("interested_golf"), format=format, identifier_type=kind, target_size=300
    )
    assert found.export is not None
    assert found.export.rows == found.total == 300
    assert found.export.format == format
    assert found.reachable <= found.total
    assert list(found.sample[0]["identifiers"]) == [kind]


ROWS = "id,a,b,c,d\n" + "".join(
    f"{person},{a},{b},{c},{d}\n"
    for person, (a, b, c, d) in enumerate(
        [("y", "y", "n", "y")] * 4 + [("y", "n", "y", "y")] * 3 + [("n", "y", "y", "n")] * 2
    )
)
LETTERS = {name: {"kind": "category", "attribute": name, "domain": "interest"} for name in "abcd"}


@pytest.fixture
def nine(load: Callable[..., Workspace]) -> Workspace:
    """Nine people: a and b 4, a and c 3, b and c 2; d is all of the first seven."""
    return load(ROWS, {"id": {"kind": "person_id"}} | LETTERS)


def test_an_empty_audience_loses_the_trait_that_costs_most(nine: Workspace) -> None:
    """Nobody has a, b and c. Without c there are 4, without b 3, without a 2."""
    found = audience(nine, traits=["a=y", "b=y", "c=y"])
    assert [step.total for step in found.relaxed] == [4]
    assert found.relaxed[0].step.startswith("dropped `")
    assert found.total == 4
    assert found.expression == audience(nine, traits=["a=y", "b=y"]).expression


def test_what_was_required_is_never_dropped(nine: Workspace) -> None:
    """Among those with c only `a` or `b` can be dropped: without b 3 are left, without a 2."""
    catalogue = nine.population.catalogue
    c, d = (catalogue.valued(name, "y") for name in "cd")
    assert c is not None
    assert d is not None
    found = audience(nine, traits=["a=y", "b=y"], among=c.cluster_hash)
    assert found.total == 3
    assert len(found.relaxed) == 1
    assert c.cluster_hash in (found.expression or "")
    without = audience(nine, traits=["a=y", "b=y"], among=c.cluster_hash, exclude=[d.cluster_hash])
    assert without.total == 2
    assert f"NOT {d.cluster_hash}" in (without.expression or "")


def test_a_requirement_that_a_trait_implies_stays_when_the_trait_goes(nine: Workspace) -> None:
    """`a AND (a OR b)` is `a`; when a is dropped, the people must still have a or b: 2 with b and c."""
    a, b, d = (nine.population.catalogue.valued(name, "y") for name in "abd")
    assert a
    assert b
    assert d
    found = audience(
        nine,
        traits=["a=y", "b=y", "c=y"],
        among=f"{a.cluster_hash} OR {b.cluster_hash}",
        exclude=[d.cluster_hash],
    )
    assert found.total == 2
    assert [step.total for step in found.relaxed] == [2]


def test_an_audience_that_nobody_can_satisfy_is_refused(nine: Workspace) -> None:
    a = nine.population.catalogue.valued("a", "y")
    assert a is not None
    with pytest.raises(NotFound, match="Nobody satisfies what the audience requires"):
        audience(nine, expression=a.cluster_hash, exclude=[a.cluster_hash])
    with pytest.raises(NotFound, match="Nobody satisfies"):
        audience(nine, traits=["a=y", "b=y"], among=f"{a.cluster_hash} AND NOT {a.cluster_hash}")
    with pytest.raises(NotFound, match="Nobody satisfies"):
        audience(nine, expression=f"NOT {a.cluster_hash}", among=a.cluster_hash)


def test_alternatives_each_lose_a_trait(nine: Workspace) -> None:
    """Nobody has a, b and c, or b, c and d. Each loses c: a and b, or b and d, which are the same 4."""
    a, b, c, d = (nine.population.catalogue.valued(name, "y").cluster_hash for name in "abcd")  # type: ignore[union-attr]  # loaded
    found = audience(nine, expression=f"({a} AND {b} AND {c}) OR ({b} AND {c} AND {d})")
    assert [step.total for step in found.relaxed] == [found.total]
    assert found.relaxed[0].step == "dropped the trait that costs most from each alternative"
    assert found.total >= 4


def test_a_circle_without_anybody_is_widened_before_a_trait_is_dropped(
    own_us: Workspace, hashes: Callable[..., str]
) -> None:
    gulf = {"latitude": 28.0, "longitude": -94.5, "radius": 10, "unit": "km"}  # 140 km off Galveston
    found = audience(own_us, traits=["interested_golf=Yes", "is_home_owner=Yes"], location=gulf)
    assert found.relaxed[0].step == "widened the radius from 10 to 20 km"
    assert [step.total for step in found.relaxed[:-1]] == [0] * (len(found.relaxed) - 1)
    assert found.relaxed[-1].total == found.total > 0
    assert hashes("interested_golf") in (found.expression or "")
    with pytest.raises(NotFound, match="Nobody satisfies"):
        audience(
            own_us,
            traits=["interested_golf=Yes", "is_home_owner=Yes"],
            location={"latitude": -48, "longitude": -123, "radius": 300, "unit": "miles"},
        )


def test_an_analysis_of_another_warehouse_or_without_findings_gives_no_audience(
    golf: Analysed, nine: Workspace, customers_in: Callable[[str], dict[str, object]]
) -> None:
    nine.artifacts.save_document("analysis", golf.analysis.analysis_id, golf.analysis.model_dump(mode="json"))
    with pytest.raises(NotFound, match="There is no such analysis in `small`"):
        audience(nine, analysis_id=golf.analysis.analysis_id)
    analyze = tool_named(CATALOGUE, "analyze_customers")
    nothing = call(analyze, golf.workspace, customers_in("drawn_at_random"))
    for strategy in ("precision", "ranked"):
        with pytest.raises(NotFound, match="found nothing that sets its customers apart"):
            audience(golf.workspace, analysis_id=nothing.analysis_id, strategy=strategy)  # type: ignore[attr-defined]  # an Analysis
    with pytest.raises(NotFound, match="There is no such analysis"):
        audience(golf.workspace, analysis_id="icp_none")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "given: none"),
        ({"expression": "x", "traits": ["y"]}, "given: expression, traits"),
        ({"segment": "0", "expression": "x"}, "belongs to an `analysis_id`"),
        ({"expression": "x", "strategy": "ranked"}, "whose model ranks"),
        ({"expression": "x", "exclude": ["customers"]}, "made from an analysis"),
        ({"traits": []}, "traits"),
        ({"expression": "x", "target_size": 0}, "target_size"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(us: Workspace, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        call(AUDIENCE, us, arguments)


def test_the_state_of_an_audience_holds_nobody(own_us: Workspace, hashes: Callable[..., str]) -> None:
    found = audience(own_us, expression=hashes("interested_golf"), format="csv")
    emails = [value for person in found.sample for value in person["identifiers"]["email"].values()]
    checkpoints = b"".join(Path(path).read_bytes() for path in own_us.home.glob("checkpoints.db*"))
    assert emails
    assert not [email for email in emails if email.encode() in checkpoints]
