"""Whole analyses of generated customers, against what was planted in them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent import CATALOGUE
from agent.analysis import Analysis
from store.errors import BadInput, NotFound, TooFewCustomers
from store.population.domains import CONTACT_DOMAINS
from store.synthetic.customers.truth import FileTruth
from store.workspace import Workspace
from tests.agent.conftest import Analysed
from tools.calls import call, tool_named

ANALYZE, FIND = tool_named(CATALOGUE, "analyze_customers"), tool_named(CATALOGUE, "find_persons")
Requests = Callable[[str], dict[str, object]]


def analysed(workspace: Workspace, arguments: dict[str, object]) -> Analysis:
    found = call(ANALYZE, workspace, arguments)
    assert isinstance(found, Analysis)
    return found


def said(analysis: Analysis) -> dict[str, object]:
    """The analysis without its ids and times."""
    return analysis.model_dump(
        mode="json", exclude={"analysis_id", "workflow_id", "tool_trace_id", "created_at"}
    )


def trait_names(analysis: Analysis) -> set[str]:
    lift = analysis.lift
    singles = lift.top_attributes + lift.rare_attributes + lift.unremarkable
    sets = lift.top_intersections + lift.multi_attribute_clusters
    segments = [t.trait for s in analysis.segments for t in s.traits + s.traits_against_others]
    against = [t for pattern in analysis.anti_patterns for t in pattern.traits]
    traits = [one.trait for one in singles] + [t for one in sets for t in one.traits] + segments + against
    return {trait.name for trait in traits}


def test_the_planted_traits_are_the_top_attributes(golf: Analysed, truths: dict[str, FileTruth]) -> None:
    planted = {name for segment in truths["golf_homeowners"].segments for name in segment.traits}
    top = {one.trait.name for one in golf.analysis.lift.top_attributes[:15]}
    assert len(planted & top) >= 0.7 * len(planted)


def test_half_of_the_planted_segments_have_one_that_is_marked_by_their_traits(
    golf: Analysed, truths: dict[str, FileTruth]
) -> None:
    found = [{t.trait.name for t in segment.traits[:6]} for segment in golf.analysis.segments]
    planted = [set(segment.traits) for segment in truths["golf_homeowners"].segments]
    met = [traits for traits in planted if max(len(names & traits) for names in found) >= 2]
    assert len(met) >= len(planted) / 2


def test_most_customers_of_the_file_are_matched(golf: Analysed, truths: dict[str, FileTruth]) -> None:
    match, truth = golf.analysis.match, truths["golf_homeowners"]
    assert match.source == "identifiers"
    assert match.analysed >= 0.9 * truth.customers
    assert match.analysed == match.resolved - match.below_quality - match.outside
    assert match.rate == round(match.resolved / match.requested, 2)
    assert 0.5 < match.matched / match.requested <= 1


def test_customers_given_by_three_identifiers_each_raise_no_warning_of_a_low_match_rate(
    golf: Analysed,
) -> None:
    assert golf.analysis.match.requested > 2 * golf.analysis.match.analysed
    assert not [told for told in golf.analysis.warnings if "was matched" in told]


def test_held_out_customers_are_far_more_frequent_in_each_audience_than_in_the_population(
    golf: Analysed,
) -> None:
    ways = {way.strategy: way for way in golf.analysis.strategies}
    assert list(ways) == ["precision", "hybrid", "reach"]
    assert all(way.held_out for way in ways.values())
    assert ways["precision"].lift.value > 2
    assert ways["hybrid"].lift.value > 2
    assert ways["precision"].lift.value > ways["reach"].lift.value
    assert ways["precision"].total < ways["reach"].total


def test_strategies_have_the_size_that_find_persons_gives(golf: Analysed) -> None:
    for way in golf.analysis.strategies:
        found = call(FIND, golf.workspace, {"expression": way.expression})
        assert way.total == found.total  # type: ignore[attr-defined]  # a PersonsResult
        assert way.new_people <= way.total
        assert way.share_of_population == pytest.approx(way.total / golf.workspace.population.persons)


def test_the_frontier_grows_in_size_and_recall(golf: Analysed) -> None:
    points = golf.analysis.frontier
    assert len(points) > 5
    assert [p.size for p in points] == sorted(p.size for p in points)
    assert [p.recall.value for p in points] == sorted(p.recall.value for p in points)
    assert points[0].lift.value > 2
    assert points[-1].recall.value == pytest.approx(1)


def test_each_part_of_the_analysis_is_told(golf: Analysed) -> None:
    found = golf.analysis
    assert found.warehouse == "us"
    assert found.snapshot_id == golf.workspace.warehouse.current_id
    assert found.created_at == golf.workspace.now()
    assert found.headline
    assert found.summary
    assert found.segments_chosen_by
    assert found.compared_with.people == golf.workspace.population.persons
    assert found.compared_with.in_words == "the whole population"
    assert found.narrated_by == "template"
    assert found.tool_trace_id.startswith("trace_")
    assert {figure.figure for figure in found.provenance} >= {"frequency", "lift", "q-value", "segments"}
    assert sum(c.weight for c in found.criteria) == pytest.approx(1)
    assert found.recommendations[0].priority == "high"
    assert found.recommendations[0].segment == "All customers, precision"


def test_segments_have_names_of_their_own_shares_and_an_expression(golf: Analysed) -> None:
    segments, customers = golf.analysis.segments, golf.analysis.match.analysed
    assert len({segment.name for segment in segments}) == len(segments) > 1
    told = segments + ([golf.analysis.background] if golf.analysis.background else [])
    assert sum(segment.size for segment in told) == customers
    for segment in segments:
        assert segment.share.value == pytest.approx(segment.size / customers)
        assert segment.share.low < segment.share.value < segment.share.high
        assert segment.expression
        assert segment.description


def test_no_contact_and_no_sensitive_attribute_is_a_trait(golf: Analysed) -> None:
    catalogue = golf.workspace.population.catalogue
    clusters = [cluster for name in trait_names(golf.analysis) for cluster in catalogue.named(name)]
    assert clusters
    assert not [c for c in clusters if c.domain in CONTACT_DOMAINS or c.sensitive]


def test_the_same_seed_gives_the_same_analysis(golf: Analysed, customers_in: Requests) -> None:
    assert said(analysed(golf.workspace, customers_in("golf_homeowners"))) == said(golf.analysis)


def test_identifiers_of_one_type_and_person_ids_lead_to_the_same_people(
    own_us: Workspace, truths: dict[str, FileTruth]
) -> None:
    people = truths["pet_supplies"].segments[0].person_ids[:120]
    profiles = call(tool_named(CATALOGUE, "get_person"), own_us, {"person_ids": people, "domains": ["email"]})
    emails = [p["domains"]["email1"] for p in profiles.profiles if "email1" in p["domains"]]  # type: ignore[attr-defined]  # a PersonResult
    by_email = analysed(own_us, {"id_type": "email", "identifiers": emails})
    assert by_email.match.matched == len(emails)
    by_id = analysed(own_us, {"person_ids": [str(person) for person in people]})
    assert by_id.match.source == "person_ids"
    assert by_id.match.requested == by_id.match.analysed == len(people)
    assert by_id.match.rate == 1
    assert any(warning.startswith("Only 120 customers") for warning in by_id.warnings)
    assert not by_id.strategies[0].held_out


def test_an_outcome_is_compared_among_the_people_asked_for_and_is_itself_no_trait(own_us: Workspace) -> None:
    catalogue = own_us.population.catalogue
    owners = catalogue.valued("is_home_owner", "Yes")
    assert owners is not None
    found = analysed(
        own_us,
        {"outcome": {"attribute": "interested_golf", "value": "Yes"}, "among": owners.cluster_hash},
    )
    golfers = catalogue.valued("interested_golf", "Yes")
    assert golfers is not None
    both = call(FIND, own_us, {"expression": f"{owners.cluster_hash} AND {golfers.cluster_hash}"})
    assert found.match.source == "outcome"
    assert found.match.analysed == both.total  # type: ignore[attr-defined]  # a PersonsResult
    assert found.compared_with.people == owners.size
    assert found.compared_with.expression == owners.cluster_hash
    assert found.compared_with.base_rate is not None
    assert found.compared_with.base_rate.value == pytest.approx(both.total / owners.size)  # type: ignore[attr-defined]  # as above
    assert not trait_names(found) & {"interested_golf", "is_home_owner"}
    assert all(one.rate is not None for one in found.lift.top_attributes)


def test_customers_outside_the_people_compared_with_are_left_out(
    own_us: Workspace, truths: dict[str, FileTruth]
) -> None:
    owners = own_us.population.catalogue.valued("is_home_owner", "Yes")
    assert owners is not None
    people = truths["golf_homeowners"].background_person_ids[:300]
    found = analysed(own_us, {"person_ids": people, "among": owners.cluster_hash})
    assert found.match.outside > 0
    assert found.match.analysed + found.match.outside == found.match.resolved
    assert any("not among the people compared with" in warning for warning in found.warnings)


def test_customers_drawn_at_random_have_nothing_that_sets_them_apart(
    own_us: Workspace, customers_in: Requests
) -> None:
    found = analysed(own_us, customers_in("drawn_at_random"))
    assert not found.lift.top_attributes
    assert not found.lift.top_intersections
    assert not found.lift.multi_attribute_clusters
    assert not found.segments
    assert not found.criteria
    assert not found.strategies
    assert not found.frontier
    assert [r.priority for r in found.recommendations] == ["high"]
    assert "more" in found.recommendations[0].action.lower()


def test_a_pilot_of_forty_is_refused_with_its_size_and_the_floor(
    own_us: Workspace, customers_in: Requests
) -> None:
    with pytest.raises(TooFewCustomers, match=r"^\d\d customers were matched; 50 is the fewest"):
        analysed(own_us, customers_in("pilot_store"))


def test_a_lower_floor_holds_for_every_step(own_us: Workspace, customers_in: Requests) -> None:
    found = analysed(own_us, customers_in("pilot_store") | {"lift": {"min_customers": 20}})
    assert found.match.analysed < 50


def test_a_higher_floor_is_held_by_the_customers_and_not_by_their_halves(
    own_us: Workspace, truths: dict[str, FileTruth]
) -> None:
    people = truths["pet_supplies"].segments[0].person_ids[:220]
    found = analysed(own_us, {"person_ids": people, "lift": {"min_customers": 150}})
    assert found.strategies[0].held_out


def test_few_matches_are_warned_of_and_diagnosed(own_us: Workspace, truths: dict[str, FileTruth]) -> None:
    people = truths["pet_supplies"].segments[0].person_ids[:90]
    found = analysed(own_us, {"person_ids": [*people, *range(-400, -200)]})
    assert found.match.rate == pytest.approx(90 / 290, abs=0.005)
    assert found.warnings[0].startswith("Only 31% of what was given was matched: 90 of 290.")


def test_sensitive_attributes_are_looked_at_when_asked(
    own_us: Workspace, truths: dict[str, FileTruth]
) -> None:
    people = truths["golf_homeowners"].segments[0].person_ids
    catalogue = own_us.population.catalogue
    sensitive = {c.name for c in catalogue.clusters if c.sensitive}
    assert sensitive
    plain = analysed(own_us, {"person_ids": people})
    asked = analysed(own_us, {"person_ids": people, "include_sensitive": True})
    assert not trait_names(plain) & sensitive
    assert sum(asked.lift.tested.values()) > sum(plain.lift.tested.values())


def test_domains_narrow_what_is_looked_at(own_us: Workspace, truths: dict[str, FileTruth]) -> None:
    people = truths["golf_homeowners"].segments[0].person_ids
    found = analysed(own_us, {"person_ids": people, "domains": ["purchase"]})
    catalogue = own_us.population.catalogue
    assert {c.domain for name in trait_names(found) for c in catalogue.named(name)} == {"purchase"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "given: none"),
        ({"person_ids": [1], "outcome": {"attribute": "x"}}, "given: person_ids, outcome"),
        ({"identifiers": ["ann@example.com"]}, "need an `id_type`"),
        ({"person_ids": [2**70]}, "person_ids"),
        ({"person_ids": [1], "seed": -1}, "seed"),
    ],
)
def test_a_request_that_does_not_fit_is_refused_without_its_values(
    us: Workspace, arguments: dict[str, object], told: str
) -> None:
    with pytest.raises(BadInput, match=told) as refusal:
        call(ANALYZE, us, arguments)
    assert "ann@" not in str(refusal.value)
    assert str(2**70) not in str(refusal.value)


def test_an_unknown_outcome_names_the_values_there_are(us: Workspace) -> None:
    with pytest.raises(NotFound, match=r"Its values are .*Yes"):
        call(ANALYZE, us, {"outcome": {"attribute": "interested_golf", "value": "Perhaps"}})


def test_nothing_on_disk_holds_the_identifiers_or_a_list_of_people(
    golf: Analysed, customers_in: Requests, consumers: Path
) -> None:
    home = golf.workspace.home
    checkpoints = b"".join(path.read_bytes() for path in home.glob("checkpoints.db*"))
    values = [v for group in customers_in("golf_homeowners")["multi_identifiers"] for v in group["values"]]  # type: ignore[attr-defined, index]  # groups
    assert len(values) > 4_000
    assert not [v for v in values if v.encode() in checkpoints]
    ids = golf.workspace.artifacts.people("customers", golf.analysis.analysis_id)
    together = json.dumps(ids[:3].tolist())[1:-1]
    assert together.encode() not in checkpoints
    assert ids[:3].tobytes() not in checkpoints
    assert not list((home / "artifacts" / "request").glob("*"))
