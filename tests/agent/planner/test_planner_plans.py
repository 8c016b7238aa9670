"""Sentences become steps with the arguments that they say, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.planner.catalogue import plannable
from agent.planner.checking import misfit
from agent.planner.plan import ConversationState, Plan, Uploaded
from agent.requests import AudienceQuery

Planner = Callable[..., Plan]
BEST = Uploaded(name="best.csv")
TALKED = ConversationState(
    analysis_id="icp_2",
    previous_analysis_id="icp_1",
    segments=["Golfing homeowners", "Busy parents"],
    icp_profile="Donors",
)
BUILT = ConversationState(
    analysis_id="icp_2",
    segments=["Golfing homeowners", "Busy parents"],
    audience=AudienceQuery(analysis_id="icp_2", segment="Busy parents", target_size=50_000),
)
FROM_BUSY = {"analysis_id": "icp_2", "segment": "Busy parents", "target_size": 50_000}


def steps(made: Plan) -> list[tuple[str, dict[str, Any]]]:
    return [(step.tool, step.arguments) for step in made.steps]


@pytest.mark.parametrize(
    ("message", "tool", "arguments"),
    [
        (
            "resolve ann@example.com as csv",
            "resolve_identities",
            {
                "multi_identifiers": [
                    {"id_type": "email", "hash_type": "plaintext", "values": ["ann@example.com"]}
                ],
                "format": "csv",
            },
        ),
        (
            "income and hobbies of persons 12 and 13",
            "get_person",
            {"person_ids": [12, 13], "domains": ["financial", "interest"]},
        ),
        ("which traits are there about sailing?", "list_clusters", {"query": "sailing"}),
        ("list the first 20 lifestyle clusters", "list_clusters", {"domain": "lifestyle", "limit": 20}),
        ("how big is cluster 1000000145", "get_cluster", {"cluster_id": "1000000145"}),
        ("compare icp_aa to icp_bb", "compare_analyses", {"before": "icp_aa", "after": "icp_bb"}),
        (
            "why did we lose deals last quarter?",
            "analyze_outcomes",
            {"outcomes": ["lost"], "about": "losses", "last_days": 90},
        ),
        (
            "send the briefing every Tuesday at 4pm Paris time to #growth",
            "schedule_briefing",
            {"weekday": "tuesday", "at": "16:00", "timezone": "Europe/Paris", "recipients": ["#growth"]},
        ),
        ("stop the briefings", "schedule_briefing", {"paused": True}),
        ("show this week's briefing", "run_briefing", {}),
        ("what does recall mean?", "explain", {"about": "term", "subject": "recall"}),
        ("what can you do?", "help", {}),
        (
            "person 12 is a wrong match",
            "submit_feedback",
            {"kind": "wrong_match", "message": "person 12 is a wrong match", "person_id": 12},
        ),
        (
            "clone the Enterprise profile as Enterprise EU",
            "clone_icp_profile",
            {"icp_profile": "Enterprise", "name": "Enterprise EU"},
        ),
        (
            "make the Donors profile private",
            "share_icp_profile",
            {"icp_profile": "Donors", "visibility": "private"},
        ),
        (
            "restore revision 3 of the Donors profile",
            "icp_profile_history",
            {"icp_profile": "Donors", "restore": 3},
        ),
        (
            "ICP: law firms in Spain, 10-50 employees, partners decide, not notaries",
            "create_icp_profile",
            {
                "industries": ["law firms"],
                "company_size": "10-50 employees",
                "geography": ["Spain"],
                "roles": ["partners"],
                "disqualifiers": ["notaries"],
            },
        ),
    ],
)
def test_a_sentence_becomes_one_step(
    alone: Planner, message: str, tool: str, arguments: dict[str, Any]
) -> None:
    made = alone(message)
    assert made.ask is None
    assert made.decline is None
    assert steps(made) == [(tool, arguments)]


def test_a_file_and_two_wishes_become_two_steps(alone: Planner) -> None:
    made = alone("analyze this file and then build me 50k lookalikes for Facebook as csv", file=BEST)
    assert steps(made) == [
        ("analyze_customers", {"file": "best.csv"}),
        (
            "generate_audience",
            {"analysis_id": "$steps.0.analysis_id", "target_size": 50_000, "format": "csv"},
        ),
    ]
    assert made.steps[0].needs_approval is None
    assert made.steps[1].needs_approval is not None


def test_lookalikes_of_a_file_are_analyzed_first(alone: Planner) -> None:
    made = alone(
        "a tight audience of 10,000 people like these customers, phones, no existing customers", file=BEST
    )
    assert [tool for tool, _ in steps(made)] == ["analyze_customers", "generate_audience"]
    assert made.steps[1].arguments == {
        "exclude": ["customers"],
        "identifier_type": "phone",
        "strategy": "precision",
        "target_size": 10_000,
        "analysis_id": "$steps.0.analysis_id",
    }


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("same but 100k", {"target_size": 100_000}),
        ("double it", {"target_size": 100_000}),
        ("now only phones", {"identifier_type": "phone"}),
        ("make it broader", {"strategy": "reach"}),
        ("as json this time", {"format": "json"}),
        ("same for segment 1", {"segment": "Golfing homeowners"}),
        (
            "within 10 miles of 78701 instead",
            {"location": {"latitude": 30.2713, "longitude": -97.7426, "radius": 10.0, "unit": "miles"}},
        ),
        ("again, without our customers", {"exclude": ["customers"]}),
        ("do it again without Texas", {"exclude": ["state=TX"]}),
        ("and only women", {"among": "gender=Female"}),
    ],
)
def test_what_is_said_changes_the_audience_of_before(
    planned: Planner, message: str, changed: dict[str, Any]
) -> None:
    made = planned(message, state=BUILT)
    assert made.ask is None
    assert steps(made) == [("generate_audience", FROM_BUSY | changed)]


def test_no_size_takes_the_size_away(planned: Planner) -> None:
    made = planned("no size limit this time", state=BUILT)
    assert steps(made) == [("generate_audience", {"analysis_id": "icp_2", "segment": "Busy parents"})]


def test_segments_are_counted_as_people_count(alone: Planner) -> None:
    made = alone("build an audience from the second segment", state=TALKED)
    assert steps(made) == [("generate_audience", {"analysis_id": "icp_2", "segment": "Busy parents"})]
    assert alone("build an audience from segment 2").ask is not None


def test_an_answer_completes_the_plan_that_waited(alone: Planner) -> None:
    waiting = alone("score these leads", file=Uploaded(name="leads.csv"))
    assert waiting.ask is not None
    made = alone("the Donors profile", state=ConversationState(asked=waiting))
    assert made.ask is None
    assert steps(made) == [("score_leads", {"file": "leads.csv", "icp_profiles": ["Donors"]})]


def test_another_request_is_no_answer(alone: Planner) -> None:
    waiting = alone("build me an audience")
    made = alone("what does lift mean?", state=ConversationState(asked=waiting))
    assert steps(made) == [("explain", {"about": "term", "subject": "lift"})]


@pytest.mark.parametrize(
    ("message", "tool"),
    [
        ("build me an audience", "generate_audience"),
        ("analyze my customers", "analyze_customers"),
        ("enrich these people", "get_person"),
        ("clone it", "clone_icp_profile"),
        ("golfers within 20 miles of Quuxborough - how many?", "find_persons"),
    ],
)
def test_what_is_missing_is_asked_for(alone: Planner, message: str, tool: str) -> None:
    made = alone(message)
    assert made.ask is not None
    assert [step.tool for step in made.steps] == [tool]


@pytest.mark.parametrize("message", ["do the thing", "asdfgh", "", "?!…", "🎉🎉"])
def test_what_cannot_be_placed_is_asked_about(alone: Planner, message: str) -> None:
    made = alone(message)
    assert made.ask is not None
    assert made.steps == []


def test_every_plannable_tool_has_a_name_of_its_own_and_words() -> None:
    names = [each.name for each in plannable()]
    assert len(names) == len(set(names)) >= 19
    assert all(each.summary for each in plannable())


def test_arguments_that_do_not_fit_are_told() -> None:
    assert misfit("generate_audience", {"target_size": 5}) is not None
    assert misfit("find_persons", {"expression": "(("}) is not None
    assert misfit("find_persons", {"expression": '"own a home" AND NOT "golf"'}) is None
    assert misfit("generate_audience", {"analysis_id": "$steps.0.analysis_id"}) is None
    assert misfit("submit_feedback", {"kind": "other", "message": "Well done."}) is None


def test_ranking_needs_an_analysis(alone: Planner) -> None:
    made = alone("an audience of golfers ranked by fit")
    assert made.ask is not None
    assert "ranked" in made.ask


CURVE = {"analysis_id": "icp_2"}


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Build the audience at point 3 of the curve", CURVE | {"point": 3}),
        ("at point 3, without our customers", CURVE | {"point": 3, "exclude": ["customers"]}),
        ("take the third point of the curve", CURVE | {"point": 3}),
        ("a broad audience at point seven", CURVE | {"point": 7}),
        ("the audience at point 5 of the curve of the analysis icp_1", {"analysis_id": "icp_1", "point": 5}),
        ("point 4, at most 2,000 people", CURVE | {"point": 4, "target_size": 2_000}),
    ],
)
def test_a_point_of_the_curve_is_no_size(alone: Planner, message: str, arguments: dict[str, Any]) -> None:
    made = alone(message, state=TALKED)
    assert made.ask is None
    assert steps(made) == [("generate_audience", arguments)]
    assert f"at point {arguments['point']} of its curve" in made.steps[0].in_words


def test_a_point_without_an_analysis_is_asked_about(alone: Planner) -> None:
    assert alone("build the audience at point 3").ask is not None


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("only within 40 km of Austin, without our customers", {"point": 3}),
        ("point 5 instead", {"point": 5}),
        ("make it broader", {"strategy": "reach"}),
    ],
)
def test_an_audience_at_a_point_is_changed_like_any_other(
    alone: Planner, message: str, changed: dict[str, Any]
) -> None:
    query = AudienceQuery(analysis_id="icp_2", point=3, exclude=["customers"])
    (made,) = alone(message, state=ConversationState(analysis_id="icp_2", audience=query)).steps
    place = made.arguments.pop("location", None)
    assert made.arguments == CURVE | {"exclude": ["customers"]} | changed
    assert (place is not None) == ("within 40 km of Austin, TX" in made.in_words)


def test_two_figures_after_a_point_are_a_place(alone: Planner) -> None:
    made = alone("people with dogs within 5 miles of the point 30.27,-97.74")
    assert "point" not in made.steps[-1].arguments
