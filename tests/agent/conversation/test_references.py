"""References to earlier steps, and words in quotes."""

import pytest

from agent.conversation.references import Unresolved, left_over, looked_up, resolved
from store.workspace import Workspace
from tests.agent.conversation.conftest import step
from tools.feedback.submit_feedback import FeedbackResult

GAVE = {0: FeedbackResult(feedback_id="f-1")}


def test_references_are_replaced_wherever_they_stand() -> None:
    given = {"a": "$steps.0.feedback_id", "b": ["$steps.0.feedback_id", 3], "c": {"d": "x"}}
    assert resolved(given, GAVE) == {"a": "f-1", "b": ["f-1", 3], "c": {"d": "x"}}


@pytest.mark.parametrize("reference", ["$steps.1.feedback_id", "$steps.0.nothing", "$steps.7.analysis_id"])
def test_a_reference_to_nothing_is_told(reference: str) -> None:
    with pytest.raises(Unresolved):
        resolved({"a": reference}, GAVE)


def test_a_reference_within_other_words_is_words() -> None:
    assert resolved("say $steps.0.feedback_id", GAVE) == "say $steps.0.feedback_id"


def test_what_is_left_over_of_a_plan_stands_on_its_own() -> None:
    steps = [
        step("submit_feedback"),
        step("generate_audience", analysis_id="$steps.0.feedback_id"),
        step("find_persons", expression="$steps.1.expression", exclude=["$steps.0.feedback_id"]),
    ]
    first, second = left_over(steps, 1, GAVE)
    assert first.arguments == {"analysis_id": "f-1"}
    assert second.arguments == {"expression": "$steps.0.expression", "exclude": ["f-1"]}


def test_words_in_quotes_become_the_nearest_clusters(us: Workspace) -> None:
    golf, tennis = (
        us.population.catalogue.valued(f"interested_{name}", "Yes") for name in ("golf", "tennis")
    )
    assert golf is not None
    assert tennis is not None
    arguments, understood = looked_up(
        us,
        {
            "expression": '"interested in golf" AND NOT “interested in tennis”',
            "exclude": ["customers", '"interested in tennis"'],
            "limit": 3,
        },
    )
    assert arguments["expression"] == f"{golf.cluster_hash} AND NOT {tennis.cluster_hash}"
    assert arguments["exclude"] == ["customers", tennis.cluster_hash]
    assert arguments["limit"] == 3
    assert set(understood) == {"interested in golf", "interested in tennis"}
