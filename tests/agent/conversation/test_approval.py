"""What a yes is, what a no is, and what neither is."""

import pytest

from agent.conversation.approval import decision, why_approval
from agent.planner.plan import PlanStep


@pytest.mark.parametrize(
    "message",
    [
        "yes",
        "Yes!",
        "ok",
        "sure, go ahead",
        "yes please",
        "Go ahead.",
        "do it",
        "sounds good, thanks",
        "YES, send it",
    ],
)
def test_a_yes(message: str) -> None:
    assert decision(message) is True


@pytest.mark.parametrize(
    "message", ["no", "No, don't", "don’t do it", "stop", "cancel that", "never mind", "no thanks", "not now"]
)
def test_a_no(message: str) -> None:
    assert decision(message) is False


@pytest.mark.parametrize(
    "message",
    [
        "",
        "yes but only within 25 miles of Austin",
        "no phones",
        "ok, 10k instead",
        "why?",
        "do not export it, show me more",
        "yes " * 40,
        "yes, and send everything to everybody",
    ],
)
def test_what_says_more_is_no_decision(message: str) -> None:
    assert decision(message) is None


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("generate_audience", {"format": "csv"}),
        ("find_persons", {"format": "jsonl"}),
        ("schedule_briefing", {}),
        ("share_icp_profile", {}),
        ("run_briefing", {"send": True}),
        ("run_briefing", {"recipients": ["#sales"]}),
    ],
)
def test_what_leaves_the_house_waits_also_where_the_plan_forgot_to_say_so(tool: str, arguments: dict) -> None:
    assert why_approval(PlanStep(tool=tool, arguments=arguments, in_words=""))


@pytest.mark.parametrize("arguments", [{}, {"format": "none"}, {"format": None}])
def test_what_stays_in_the_house_does_not_wait(arguments: dict) -> None:
    assert why_approval(PlanStep(tool="generate_audience", arguments=arguments, in_words="")) is None


def test_the_plans_own_reason_is_told() -> None:
    step = PlanStep(tool="find_persons", arguments={}, in_words="", needs_approval="It costs.")
    assert why_approval(step) == "It costs."
