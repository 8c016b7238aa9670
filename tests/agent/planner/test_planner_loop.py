"""What comes every week, what is kept up to date and what feedback changed is asked for in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.planner.plan import ConversationState, Plan
from agent.planner.planner import plan
from agent.requests import AudienceQuery
from store.destinations import Destination, Destinations, Keys
from store.workspace import Workspace

OF_AUDIENCE = ConversationState(analysis_id="icp_1", audience=AudienceQuery(analysis_id="icp_1"))
HOOK = "https://hooks.slack.com/services/T0AAA/B0BBB/c9secret"


@pytest.mark.parametrize(
    ("said", "tool", "arguments"),
    [
        (
            "email the briefing to the team every Friday at 9:30 Berlin time",
            "schedule_briefing",
            {"weekday": "friday", "at": "09:30", "timezone": "Europe/Berlin"},
        ),
        ("pause the briefing", "schedule_briefing", {"paused": True}),
        ("resume the briefing", "schedule_briefing", {"paused": False}),
        ("move the briefing to 10am", "schedule_briefing", {"at": "10:00"}),
        (
            f"post the briefing to {HOOK} every Monday",
            "schedule_briefing",
            {"weekday": "monday", "recipients": [HOOK]},
        ),
        (
            "send this week's briefing to x@example.com",
            "run_briefing",
            {"send": True, "recipients": ["x@example.com"]},
        ),
        ("what changed this week?", "run_briefing", {}),
        ("when is the next briefing?", "list_schedules", {}),
        ("list the schedules", "list_schedules", {}),
        ("which briefings are scheduled?", "list_schedules", {}),
        ("what did my feedback change?", "list_feedback", {}),
        ("what became of our feedback?", "list_feedback", {}),
        ("Which audiences are kept up to date?", "list_standing", {}),
        ("Keep this audience up to date", "keep_audience", {"name": "Kept audience"}),
        (
            "keep this audience up to date in hubspot-folder",
            "keep_audience",
            {"name": "hubspot-folder", "destination": "hubspot-folder"},
        ),
        (
            'keep that list in sync with our-bucket for HubSpot, called "Golfers"',
            "keep_audience",
            {"name": "Golfers", "destination": "our-bucket", "platform": "hubspot"},
        ),
    ],
)
def test_the_loop_is_asked_for_in_words(
    planned: Callable[..., Plan], said: str, tool: str, arguments: dict[str, Any]
) -> None:
    made = planned(said, state=OF_AUDIENCE)
    assert (made.ask, made.decline) == (None, None)
    assert [(each.tool, each.arguments) for each in made.steps] == [(tool, arguments)]


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("email the briefing to a@example.com every Friday", True),
        ("send this week's briefing to a@example.com", True),
        ("resume the briefing", True),
        ("pause the briefing", False),
        ("when is the next briefing?", False),
        ("keep this audience up to date in hubspot-folder", True),
        ("what did my feedback change?", False),
    ],
)
def test_what_leaves_the_house_waits_and_what_ends_it_does_not(
    planned: Callable[..., Plan], said: str, waits: bool
) -> None:
    (step,) = planned(said, state=OF_AUDIENCE).steps
    assert bool(step.needs_approval) is waits


def test_who_wants_to_be_left_out_alone_is_not_answered_by_a_pause_for_everybody(
    planned: Callable[..., Plan],
) -> None:
    made = planned("unsubscribe me from the briefing")
    assert made.ask is not None
    assert "for everybody" in made.ask


def test_without_an_audience_it_is_asked_which_one(planned: Callable[..., Plan]) -> None:
    made = planned("keep this audience up to date")
    assert made.ask is not None
    assert made.ask.startswith("Which audience should be kept up to date?")


def test_an_audience_of_the_same_sentence_is_the_one_that_is_kept(planned: Callable[..., Plan]) -> None:
    made = planned("build an audience of people who play golf and keep it up to date in crm-bucket")
    assert [each.tool for each in made.steps] == ["generate_audience", "keep_audience"]
    assert made.steps[1].arguments["audience_id"] == "$steps.0.audience_id"


def test_a_destination_that_there_is_is_found_by_its_name(us: Workspace, example_vectors: Path) -> None:
    keys = Keys(key=SecretStr("k"), secret=SecretStr("s"))
    kept = Destination(name="partners", url="s3://bucket", created_at=us.now())
    Destinations(us.home).add(kept, keys)
    made = plan(
        "keep this audience up to date for our partners", OF_AUDIENCE, None, us, cache=example_vectors
    )
    assert made.steps[0].arguments["destination"] == "partners"
