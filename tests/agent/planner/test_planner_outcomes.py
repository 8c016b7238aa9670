"""Leads are scored against what the outcomes taught wherever that is known, and asked about where not."""

from datetime import UTC, datetime

import pytest

from agent.planner.plan import ConversationState, Plan, Uploaded
from agent.planner.planner import plan
from agent.planner.telling import in_words
from store.records.learned import LearnedModel, keep_model
from store.workspace import Workspace

FILE = Uploaded(name="leads.csv")
AGAINST_OUTCOMES = {"file": "leads.csv", "icp_profiles": ["outcomes"]}


def arguments(made: Plan) -> dict[str, object]:
    (one,) = made.steps
    assert one.tool == "score_leads"
    return one.arguments


def learned(us: Workspace, status: str = "published", kind: str = "fit") -> Workspace:
    """The warehouse with the record of a profile that was learned from its outcomes."""
    keep_model(
        us.database,
        LearnedModel(
            model_id=f"{kind}_{status}",
            run_id="outcomes_1",
            warehouse="us",
            kind=kind,
            status=status,
            data_hash="0" * 64,
            created_at=datetime(2026, 3, 1, tzinfo=UTC),
        ),
    )
    return us


def test_with_a_learned_profile_nothing_is_asked_back(us: Workspace) -> None:
    learned(us)
    for said in ("score these leads please", "Which of these leads fit best?"):
        made = plan(said, None, FILE, us)
        assert made.ask is None
        assert arguments(made) == AGAINST_OUTCOMES


def test_without_a_profile_in_use_it_is_asked_which_one(us: Workspace) -> None:
    for status, kind in (("aside", "fit"), ("retired", "fit"), ("published", "churn")):
        learned(us, status, kind)
    made = plan("score these leads please", None, FILE, us)
    assert made.ask == "Against which profile should they be scored?"


@pytest.mark.parametrize(
    "against",
    [
        "against our outcomes",
        "against the deals we won",
        "against our past won and lost deals",
        "by what we learned from the outcomes",
        "against our wins and losses",
        "against the Outcomes profile",
    ],
)
def test_outcomes_may_be_named_in_many_words(against: str) -> None:
    state = ConversationState(analysis_id="icp_1", icp_profile="Enterprise")
    assert arguments(plan(f"score these leads {against}", state, FILE)) == AGAINST_OUTCOMES


def test_a_profile_or_an_analysis_that_is_named_comes_before_what_was_learned(us: Workspace) -> None:
    learned(us)
    named = plan("score these leads against the Enterprise profile", None, FILE, us)
    assert arguments(named)["icp_profiles"] == ["Enterprise"]
    wins = plan("score these leads against the Wins profile", None, FILE, us)
    assert arguments(wins)["icp_profiles"] == ["Wins"]
    spoken_of = plan("score these leads", ConversationState(analysis_id="icp_1"), FILE, us)
    assert arguments(spoken_of) == {"file": "leads.csv", "analysis_id": "icp_1"}


@pytest.mark.parametrize("answer", ["our outcomes", "Against our outcomes.", "the outcomes please"])
def test_the_question_back_is_answered_by_outcomes(answer: str) -> None:
    asked = plan("score these leads please", None, FILE)
    assert asked.ask
    made = plan(answer, ConversationState(asked=asked), FILE)
    assert (made.ask, arguments(made)) == (None, AGAINST_OUTCOMES)


def test_an_answer_that_leaves_the_leads_open_asks_for_them() -> None:
    asked = plan("score this list")
    made = plan("our outcomes", ConversationState(asked=asked))
    assert arguments(made) == {"icp_profiles": ["outcomes"]}
    assert made.ask == "Which leads should be scored? Upload a file or give identifiers."


def test_a_file_of_scores_needs_a_yes() -> None:
    made = plan("score these leads against our outcomes as csv", None, FILE)
    assert made.steps[0].needs_approval
    assert made.steps[0].in_words.startswith("Score the file `leads.csv` against what our outcomes teach")


def test_columns_to_keep_are_taken_as_they_are_written() -> None:
    made = plan("Why do we lose deals, keeping the columns duration and last_call?")
    assert made.ask is None
    assert made.steps[0].arguments == {
        "outcomes": ["lost"],
        "about": "losses",
        "keep": ["duration", "last_call"],
    }


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Tell what came of the deals."),
        ({"outcomes": ["won", "lost"]}, "Tell what came of the deals (won, lost)."),
        ({"about": "losses", "outcomes": ["lost"]}, "Tell why deals are lost."),
        (
            {"about": "churn", "last_days": 90},
            "Tell why customers leave, by the outcomes of the last 90 days.",
        ),
        ({"about": "emerging"}, "Tell who newly buys."),
    ],
)
def test_what_is_asked_of_outcomes_reads_as_a_sentence(asked: dict[str, object], words: str) -> None:
    assert in_words("analyze_outcomes", dict(asked), {}) == words
