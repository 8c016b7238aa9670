"""What is said of each tool's result: its numbers, and of people nothing that tells who they are."""

from typing import Any

import pytest

from agent import CATALOGUE
from agent.conversation.answering import ANSWERS, answer_of, refused
from agent.conversation.answers.answer import Answer
from agent.conversation.answers.people import masked_value, readable, several
from agent.conversation.steps import Done
from agent.narration.wording import interval, number, percent, times
from store.errors import BadInput
from store.workspace import Workspace
from tests.agent.conftest import Analysed
from tools.calls import call, tool_named


def answered(workspace: Workspace, tool: str, **arguments: Any) -> tuple[Answer, Any]:
    result = call(tool_named(CATALOGUE, tool), workspace, arguments)
    return answer_of(Done(arguments, result, [], {}, False), workspace), result


def test_every_tool_of_the_catalogue_has_an_answer() -> None:
    assert {tool.result for tool in CATALOGUE} == set(ANSWERS)


def test_an_analysis_is_told_with_its_intervals_and_its_caveats(golf: Analysed) -> None:
    found = golf.analysis
    answer = ANSWERS[type(found)](found, {}, golf.workspace)
    assert answer.text.startswith(f"**{found.headline}**")
    for one in found.lift.top_attributes[1:5]:
        share, baseline = percent(one.frequency.value), percent(one.baseline_share)
        told = f"{share} of your customers, {baseline} of the population, {times(one.lift.value)}"
        assert f"People who {one.trait.phrase}: {told}" in answer.text
        assert interval(one.lift) in answer.text
    for way in found.strategies:
        assert f"**{way.strategy.capitalize()}**: {number(way.new_people)} people" in answer.text
    for warning in found.warnings[:4]:
        assert warning in answer.text
    assert len(answer.follow_ups) == 3
    assert answer.shown["analysis_id"] == found.analysis_id
    assert "cluster_hashes" not in str(answer.shown["segments"][0].keys())


def test_an_audience_is_told_with_its_size_reach_and_overlap(golf: Analysed) -> None:
    answer, found = answered(
        golf.workspace, "generate_audience", analysis_id=golf.analysis.analysis_id, target_size=100
    )
    assert answer.text.startswith(f"**100 people**, {number(found.reachable)} of them")
    assert (
        f"{number(found.overlap.in_audience)} of your {number(found.overlap.customers)} customers"
        in answer.text
    )
    assert f"fit score of {found.least_fit:g}" in answer.text
    assert answer.follow_ups[0] == "The same as a CSV file"
    assert "@" in str(found.sample)
    assert all("•••@" in str(person) for person in answer.shown["sample"])


def test_an_audience_smaller_than_asked_for_says_so(golf: Analysed) -> None:
    answer, found = answered(
        golf.workspace, "generate_audience", analysis_id=golf.analysis.analysis_id, target_size=90_000
    )
    assert f"You asked for 90,000; there are no more than {number(found.total)} of these." in answer.text


def test_an_audience_without_customers_near_a_place_says_so(golf: Analysed) -> None:
    place = {"latitude": 30.2672, "longitude": -97.7431, "radius": 200, "unit": "km"}
    answer, _ = answered(
        golf.workspace,
        "generate_audience",
        analysis_id=golf.analysis.analysis_id,
        strategy="reach",
        exclude=["customers"],
        location=place,
    )
    assert "All of them are within 200 km of 30.27, -97.74." in answer.text
    assert "Your customers are left out." in answer.text


def test_an_export_is_told_with_its_end_and_the_consent_it_needs(golf: Analysed) -> None:
    answer, found = answered(
        golf.workspace, "generate_audience", analysis_id=golf.analysis.analysis_id, format="csv"
    )
    assert f"<{found.export.url}>" in answer.text
    assert f"until {found.export.expires_at:%H:%M} UTC" in answer.text
    assert "consent" in answer.text


def test_a_widened_audience_tells_each_step(golf: Analysed) -> None:
    (first, *_) = golf.analysis.lift.top_attributes
    golf_hash = first.trait.cluster_hash
    place = {"latitude": 30.2672, "longitude": -97.7431, "radius": 0.01}
    answer, found = answered(golf.workspace, "generate_audience", expression=golf_hash, location=place)
    assert found.relaxed
    assert f"{found.relaxed[-1].step}: {number(found.relaxed[-1].total)} people" in answer.text


def test_people_are_counted_and_masked(us: Workspace) -> None:
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    answer, found = answered(us, "find_persons", expression=golf.cluster_hash)
    share = percent(found.total / us.population.persons)
    assert answer.text.startswith(
        f"**{number(found.total)} people**, {share} of the population, {golf.phrase}."
    )
    assert "•••@" in str(answer.shown["sample"])
    nobody, _ = answered(us, "find_persons", expression=f"{golf.cluster_hash} AND NOT {golf.cluster_hash}")
    assert "Each part on its own:" in nobody.text
    assert nobody.follow_ups == []


def test_identities_are_told_by_number_and_quality(us: Workspace) -> None:
    (shard,) = us.population.shards
    emails = [email for email in shard.fields.take(range(60), ["email1"])["email1"] if email]  # type: ignore[arg-type]  # numbers
    answer, found = answered(
        us, "resolve_identities", id_type="email", identifiers=[*emails[:2], "nobody@example.com"]
    )
    assert answer.text.startswith(f"**{several(found.stats.resolved, 'person', 'people')}** found behind 3")
    assert f"Person {found.identities[0]['person_id']}: quality 0.95, by e-mail" in answer.text
    assert "@" not in answer.text + str(answer.shown)
    many, found = answered(us, "resolve_identities", id_type="email", identifiers=emails)
    assert f"{number(found.stats.resolved)} at 0.9 and better" in many.text


def test_few_matches_are_explained(us: Workspace) -> None:
    answer, found = answered(us, "resolve_identities", id_type="email", identifiers=["nobody@example.com"])
    assert found.diagnosis[0].advice in answer.text


def test_profiles_are_shown_and_kept_as_a_number(us: Workspace) -> None:
    ids = [int(person) for person in us.population.shards[0].person_ids[:7]]
    answer, _ = answered(us, "get_person", person_ids=[*ids, -1])
    assert answer.text.startswith("**7 profiles**; 1 of the ids are nobody")
    assert f"**Person {ids[4]}**" in answer.text
    assert f"**Person {ids[5]}**" not in answer.text
    assert "And 2 more" in answer.text
    assert answer.kept is not None
    assert "Person" not in answer.kept
    assert answer.shown == {"found": 7, "not_found": ["-1"], "export": None}


def test_clusters_are_told_with_their_shares(us: Workspace) -> None:
    answer, found = answered(us, "list_clusters", domain="interest")
    line, persons = found.clusters[0], us.population.persons
    assert f"{number(line.size)} people ({percent(line.size / persons)})" in answer.text
    assert f"And {number(found.total - 12)} more." in answer.text
    near, _ = answered(us, "list_clusters", query="hiking")
    assert near.text.startswith("The traits nearest to that in meaning:\n\n- Interested in hiking: ")
    unknown, _ = answered(us, "list_clusters", cluster_names=["hikking"])
    assert unknown.text.startswith("No trait fits.")
    assert "There is no attribute hikking" in unknown.text


def test_a_cluster_is_told_with_its_companions(us: Workspace) -> None:
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    answer, found = answered(us, "get_cluster", cluster_hash=golf.cluster_hash)
    first = found.co_occurring[0]
    assert f"{percent(first.share)} of them, {times(first.lift)} as often" in answer.text
    assert f"`{golf.cluster_hash}`" in answer.text


def test_a_refusal_says_what_would_be_right() -> None:
    answer = refused(
        BadInput("No column identifies the customers", where="a.csv: x", instead="Name one email.")
    )
    assert answer.text == "No column identifies the customers (a.csv: x).\n\nName one email."
    internal = refused(
        BadInput("The arguments do not fit", where="arguments", instead="It takes: workflow_id.")
    )
    assert internal.text == "The arguments do not fit."


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "jo.doe@example.com", "j•••@example.com"),
        ("phone", "+14155550123", "•••23"),
        ("address", "12 Oak Street, Austin, TX 78701", "•••, Austin, TX"),
        ("maid", "123e4567-e89b-42d3-a456-426614174000", "•••00"),
        ("address", "somewhere", "•••re"),
    ],
)
def test_contact_values_are_masked(kind: str, value: str, shown: str) -> None:
    assert masked_value(kind, value) == shown


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("follow golf AND NOT have children", "follow golf and do not have children"),
        ("NOT are retired", "are not retired"),
        ("NOT bought tools OR NOT donated", "have not bought tools or have not donated"),
        (
            "follow golf AND NOT (are retired OR live in TX)",
            "follow golf and not (are retired or live in TX)",
        ),
        ("NOT live in TX", "do not live in TX"),
    ],
)
def test_an_expression_reads_as_a_sentence(words: str, read: str) -> None:
    assert readable(words) == read
