"""What a real small model said of these facts, and what was made of it: replayed from cassettes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import TypeAdapter
from vcr.cassette import Cassette

from agent.grounding import Vocabulary, problems
from agent.narrate import begun, narration_graph
from agent.narration.facts import Facts
from agent.narration.ledger import Ledger
from agent.narrator import Narrator
from agent.state import RunContext
from store.workspace import House
from tests.agent.narration.recorded import recorded_model

FAMILIES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "grounding" / "families.json").read_text())
FACTS: dict[str, Facts] = {
    name: TypeAdapter(Facts).validate_python(family["facts"]) for name, family in FAMILIES.items()
}
pytestmark = [pytest.mark.vcr, pytest.mark.block_network]
Tell = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def every_recorded_call_is_played(vcr: Cassette) -> Iterator[None]:
    yield
    assert vcr.record_mode.value != "none" or vcr.all_played


@pytest.fixture
def tell(house: House) -> Tell:
    """The text of these facts, as the model gave it: what of it was kept, and the requests."""

    def told(facts: Facts, fault: str = "", **more: float) -> dict[str, Any]:
        access = recorded_model(fault, **more)
        workspace = house.workspace("small")
        narrator = Narrator(access, wait=lambda seconds: None)
        context = RunContext(
            workspace,
            held={
                "ledger": Ledger(workspace, access, "icp_1", "w", narrator),
                "vocabulary": everything_there_is(),
            },
        )
        graph = narration_graph().compile(checkpointer=InMemorySaver())
        state = begun("icp_1", "w", "text-0", facts.model_dump(mode="json"))
        try:
            found = graph.invoke(state, {"configurable": {"thread_id": "1"}}, context=context)
        finally:
            narrator.close()
        calls = sorted(workspace.database.model_calls("icp_1"), key=lambda call: call.attempt)
        return found["told"]["text-0"] | {"requests": calls}

    return told


def everything_there_is() -> Vocabulary:
    """The traits of all families, so that one of another segment is known by name."""
    traits = [t for facts in FACTS.values() for t in getattr(facts, "traits", ())]
    phrases = [p for facts in FACTS.values() for p in getattr(facts, "phrases", ())]
    return Vocabulary.of([*(t.phrase for t in traits), *phrases], [t.label for t in traits], [])


@pytest.mark.parametrize("family", FACTS)
def test_what_is_kept_of_a_real_models_words_holds_against_the_facts(family: str, tell: Tell) -> None:
    facts = FACTS[family]
    found = tell(facts)
    assert found["outcome"] == "answered"
    assert problems(found["kept"], facts, everything_there_is()) == []
    last = found["requests"][-1]
    assert (last.outcome == "kept") == (len(found["kept"]) == len(facts.told))
    assert all(call.reasons for call in found["requests"] if call.outcome == "refused")


def test_a_busy_server_is_asked_again_and_answers(tell: Tell) -> None:
    found = tell(FACTS["renters"], "rate-limited")
    assert found["outcome"] == "answered"
    assert found["calls"] == len(found["requests"])


def test_a_gateway_that_times_out_leaves_the_text_to_the_template(tell: Tell) -> None:
    found = tell(FACTS["renters"], "gateway-timeout")
    assert (found["outcome"], found["kept"]) == ("unavailable", {})


def test_a_wrong_key_is_told_and_not_tried_again(tell: Tell) -> None:
    found = tell(FACTS["renters"], "wrong-key")
    assert (found["outcome"], found["calls"]) == ("wrong_key", 1)


def test_a_stream_that_was_cut_is_no_answer(tell: Tell) -> None:
    found = tell(FACTS["renters"], "cut")
    assert (found["outcome"], found["kept"], found["calls"]) == ("cut", {}, 2)


def test_an_answer_in_no_form_is_malformed(tell: Tell) -> None:
    found = tell(FACTS["renters"], "in-prose")
    assert "malformed" in {call.outcome for call in found["requests"]}
