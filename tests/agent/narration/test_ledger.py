"""A run asks for no more than its budget, gives up a server that does not answer, and writes all down."""

import pytest

from agent.narration.asking import Question, question
from agent.narration.facts import SegmentFacts
from agent.narration.ledger import Ledger
from agent.narrator import Answer
from store.model_access import ModelAccess
from store.workspace import House, Workspace

WORDS = {"name": "a", "description": "b", "action": "c", "expected_impact": "d"}


class Scripted:
    """A narrator whose outcomes are known."""

    def __init__(self, *outcomes: str, tokens: int = 500) -> None:
        self.outcomes, self.tokens, self.asked = list(outcomes), tokens, 0

    def ask(self, question: Question) -> Answer:
        outcome = self.outcomes[min(self.asked, len(self.outcomes) - 1)]
        self.asked += 1
        return Answer(outcome, WORDS if outcome == "answered" else None, "words", self.tokens, 100, 0.25)


@pytest.fixture
def workspace(house: House) -> Workspace:
    return house.workspace("small")


def ledger(
    workspace: Workspace, narrator: Scripted, clock: list[float] | None = None, **more: float
) -> Ledger:
    access = ModelAccess("http://127.0.0.1:1/v1", "m", price_in=2.0, price_out=10.0, **more)  # type: ignore[arg-type]  # the tests' own numbers
    return Ledger(workspace, access, "icp_1", "w", narrator, lambda: clock[0] if clock else 0.0)  # type: ignore[arg-type]  # as a narrator asks


def test_every_request_is_kept_with_what_was_sent_and_what_it_cost(
    workspace: Workspace, golfers: SegmentFacts
) -> None:
    facts = golfers.model_dump(mode="json")
    ledger(workspace, Scripted("answered")).ask("segment-0", 1, question(golfers), facts)
    (call,) = workspace.database.model_calls("icp_1")
    assert (call.told, call.attempt, call.outcome, call.answer) == ("segment-0", 1, "answered", "words")
    assert call.facts == facts
    assert call.prompt_version == question(golfers).prompt.version
    assert (call.tokens_in, call.tokens_out, call.milliseconds) == (500, 100, 250.0)
    assert call.cost == pytest.approx((500 * 2 + 100 * 10) / 1e6)


def test_asking_again_for_the_same_text_leaves_one_record(
    workspace: Workspace, golfers: SegmentFacts
) -> None:
    for _ in range(2):  # as after a kill between the answer and the checkpoint
        ledger(workspace, Scripted("answered")).ask("segment-0", 1, question(golfers), {})
    assert len(workspace.database.model_calls("icp_1")) == 1


def test_a_run_that_has_used_its_budget_asks_no_more(workspace: Workspace, golfers: SegmentFacts) -> None:
    narrator = Scripted("answered", tokens=5_000)
    book = ledger(workspace, narrator, budget_tokens=11_000)
    outcomes = [book.ask(f"segment-{at}", 1, question(golfers), {}).outcome for at in range(4)]
    assert outcomes == ["answered", "answered", "over_budget", "over_budget"]
    assert narrator.asked == 2


def test_a_budget_outlives_the_process_that_began_to_use_it(
    workspace: Workspace, golfers: SegmentFacts
) -> None:
    ledger(workspace, Scripted("answered", tokens=10_000)).ask("segment-0", 1, question(golfers), {})
    after = ledger(workspace, Scripted("answered"), budget_tokens=10_500)
    assert after.ask("segment-1", 1, question(golfers), {}).outcome == "over_budget"


def test_a_wrong_key_is_tried_once(workspace: Workspace, golfers: SegmentFacts) -> None:
    narrator = Scripted("wrong_key")
    book = ledger(workspace, narrator)
    assert [book.ask(f"segment-{at}", 1, question(golfers), {}).outcome for at in range(3)] == [
        "wrong_key"
    ] * 3
    assert narrator.asked == 1


def test_a_server_that_times_out_twice_in_a_row_is_given_up(
    workspace: Workspace, golfers: SegmentFacts
) -> None:
    narrator = Scripted("timeout", "answered", "timeout", "timeout", "answered")
    book = ledger(workspace, narrator)
    outcomes = [book.ask(f"segment-{at}", 1, question(golfers), {}).outcome for at in range(6)]
    assert outcomes == ["timeout", "answered", "timeout", "timeout", "timeout", "timeout"]
    assert narrator.asked == 4


def test_no_text_is_asked_for_once_the_time_of_the_run_is_over(
    workspace: Workspace, golfers: SegmentFacts
) -> None:
    clock = [0.0]
    book = ledger(workspace, Scripted("answered"), clock, run_seconds=60.0)
    assert book.ask("segment-0", 1, question(golfers), {}).outcome == "answered"
    clock[0] = 61.0
    assert book.ask("segment-1", 1, question(golfers), {}).outcome == "out_of_time"


def test_the_verdict_of_grounding_stands_beside_the_answer(
    workspace: Workspace, golfers: SegmentFacts
) -> None:
    book = ledger(workspace, Scripted("answered"))
    book.ask("segment-0", 1, question(golfers), {})
    book.judge("segment-0", 1, ["description: 63 % is no figure of this segment"])
    (call,) = workspace.database.model_calls("icp_1")
    assert (call.outcome, call.reasons) == ("refused", ["description: 63 % is no figure of this segment"])
