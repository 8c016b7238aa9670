"""A text is asked for, held against the facts, asked for once more with the reasons, else left out."""

from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.grounding import Vocabulary
from agent.narrate import begun, narration_graph
from agent.narration.asking import Question
from agent.narration.facts import SegmentFacts
from agent.narration.ledger import Ledger
from agent.narrator import Answer
from agent.state import RunContext
from store.model_access import ModelAccess
from store.workspace import House

GOOD = {
    "name": "Golfing home owners",
    "description": "The segment holds 1,209 customers, 31 % of all. People who follow golf are 3.2 times as "
    "frequent here as in the population.",
    "action": "Write to them about golf, and test it against the general message.",
    "expected_impact": "The segment is 31 % of the customers; a test has to show the rest.",
}
WRONG = GOOD | {
    "description": "The segment holds 1,209 customers. People who follow golf are 4.7 times as frequent."
}


class Scripted:
    """A narrator that says one thing after the other, and remembers what it was asked."""

    def __init__(self, *answers: dict[str, str] | str) -> None:
        self.answers, self.questions = list(answers), list[Question]()

    def ask(self, question: Question) -> Answer:
        said = self.answers[len(self.questions)]
        self.questions.append(question)
        if isinstance(said, str):
            return Answer(said, None, "", 0, 0, 0.1)
        return Answer("answered", said, "…", 10, 10, 0.1)


def told(house: House, facts: SegmentFacts, narrator: Scripted) -> dict[str, Any]:
    workspace = house.workspace("small")
    ledger = Ledger(workspace, ModelAccess("http://127.0.0.1:1/v1", "m"), "icp_1", "w", narrator)  # type: ignore[arg-type]  # as a narrator asks
    context = RunContext(workspace, held={"ledger": ledger, "vocabulary": Vocabulary.of([], [], [])})
    graph = narration_graph().compile(checkpointer=InMemorySaver())
    state = begun("icp_1", "w", "segment-0", facts.model_dump(mode="json"))
    found = graph.invoke(state, {"configurable": {"thread_id": "1"}}, context=context)
    return found["told"]["segment-0"]


def test_words_that_hold_are_kept_at_once(house: House, golfers: SegmentFacts) -> None:
    narrator = Scripted(GOOD)
    found = told(house, golfers, narrator)
    assert found["kept"] == GOOD
    assert (found["calls"], found["rules"]) == (1, [])


def test_a_refused_text_is_asked_for_once_more_with_the_reason(house: House, golfers: SegmentFacts) -> None:
    narrator = Scripted(WRONG, GOOD)
    found = told(house, golfers, narrator)
    assert found["kept"] == GOOD
    assert "4.7" in narrator.questions[1].asked
    assert "refused" in narrator.questions[1].asked


def test_what_held_the_first_time_stays_when_the_second_answer_is_worse(
    house: House, golfers: SegmentFacts
) -> None:
    worse = dict.fromkeys(GOOD, "They are 99 % likely to love sailing.")
    found = told(house, golfers, Scripted(WRONG, worse))
    assert found["kept"] == {field: words for field, words in GOOD.items() if field != "description"}
    assert found["rules"]


@pytest.mark.parametrize("outcome", ["malformed", "cut", "too_long", "tool_call"])
def test_an_answer_that_is_none_is_asked_for_once_more(
    house: House, golfers: SegmentFacts, outcome: str
) -> None:
    assert told(house, golfers, Scripted(outcome, GOOD))["kept"] == GOOD
    found = told(house, golfers, Scripted(outcome, outcome))
    assert (found["kept"], found["calls"], found["outcome"]) == ({}, 2, outcome)


@pytest.mark.parametrize("outcome", ["timeout", "unavailable", "wrong_key", "no_such_model", "over_budget"])
def test_a_model_that_is_not_there_is_not_asked_again(
    house: House, golfers: SegmentFacts, outcome: str
) -> None:
    found = told(house, golfers, Scripted(outcome))
    assert (found["kept"], found["calls"], found["outcome"]) == ({}, 1, outcome)
