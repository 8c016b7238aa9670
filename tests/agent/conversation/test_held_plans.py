"""Plans that are shown before anything of them runs, and changed before somebody says yes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.conversation.conversation import Conversation
from agent.conversation.keeping import Keeping
from agent.conversation.revising import PlanChanges, StepChange, revised
from agent.conversation.turn import Event
from agent.conversation.waiting import revise
from agent.planner.plan import Plan
from store.errors import BadInput, Busy, Conflict, NotFound
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step

ANALYSIS = step("analyze_customers", file="golfers.csv")
AUDIENCE = step(
    "generate_audience", analysis_id="$steps.0.analysis_id", strategy="hybrid", exclude=["customers"]
)


def changes(*each: dict[str, Any]) -> PlanChanges:
    return PlanChanges.model_validate({"changes": list(each)})


def test_a_held_plan_is_told_and_nothing_of_it_runs(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("analyse", ANALYSIS)
    told: list[Event] = []
    reply = talk.say("analyse", golfers, held=True, watch=told.append)
    assert reply.status == "waiting"
    assert "Nothing has run yet" in reply.text
    assert [event.kind for event in told] == ["plan", "answer", "done"]
    assert us.database.traces(reply.workflow_id) == []
    later = talk.say("yes")
    assert later.status == "done", later.text
    assert later.results[0]["match"]["analysed"] == 150


def test_a_yes_to_a_held_plan_is_none_to_what_it_sends_out(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str
) -> None:
    plans.means("golfers", step("find_persons", expression=golf_hash, format="csv"))
    held = talk.say("golfers", held=True)
    assert "asked about once more" in held.text
    assert talk.say("yes").status == "waiting"
    assert [*us.home.glob("exports/*")] == []
    assert talk.say("yes").status == "done"
    assert len([*us.home.glob("exports/*")]) == 1


def test_a_no_leaves_a_held_plan_and_its_file_goes(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("analyse", ANALYSIS)
    turn = talk.begin_upload("analyse", "golfers.csv", golfers.read_bytes(), held=True)
    assert turn.run().status == "waiting"
    assert [*us.home.glob("uploads/*")] != []
    assert talk.say("no").status == "done"
    assert [*us.home.glob("uploads/*")] == []


def test_what_is_asked_about_a_held_plan_is_held_once_answered(talk: Conversation, plans: Plans) -> None:
    plans.means("audience", step("generate_audience"), ask="Of whom?")
    plans.means("of golfers", step("list_clusters", query="golf"))
    assert talk.say("audience", held=True).status == "asked"
    assert talk.say("of golfers").status == "waiting"
    assert talk.say("ok").status == "done"


def test_a_small_question_is_answered_and_not_held(talk: Conversation, plans: Plans) -> None:
    plans.means("what is lift?", step("explain", about="term", subject="lift"))
    assert talk.say("what is lift?", held=True).status == "done"


def test_a_changed_plan_runs_as_it_was_changed(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("both", ANALYSIS, AUDIENCE)
    first = talk.say("both", golfers, held=True)
    turn = revise(
        us,
        talk.conversation_id,
        changes({"step": 1, "arguments": {"strategy": "reach", "target_size": 500, "exclude": []}}),
    )
    assert turn.number == first.turn
    assert turn.plan["steps"][1]["in_words"].startswith("Build a reach audience of at most 500 people")
    told = Keeping(us, talk.conversation_id).events(first.turn)
    assert [event.kind for event in told] == ["plan", "answer", "done"]
    assert told[0].body == turn.plan
    reply = talk.say("yes")
    assert [result["tool"] for result in reply.results] == ["analyze_customers", "generate_audience"]
    assert reply.results[1]["total"] <= 500


def test_a_file_whose_step_is_left_out_goes(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("two", step("list_clusters", query="golf"), ANALYSIS)
    talk.begin_upload("two", "golfers.csv", golfers.read_bytes(), held=True).run()
    revise(us, talk.conversation_id, changes({"step": 1, "drop": True}))
    assert [*us.home.glob("uploads/*")] == []
    assert [result["tool"] for result in talk.say("yes").results] == ["list_clusters"]


def test_a_step_that_waits_after_others_ran_is_changed_in_its_place(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str
) -> None:
    plans.means(
        "clusters, then a file",
        step("list_clusters", query="golf"),
        step("find_persons", "golfers as CSV", expression=golf_hash, format="csv"),
    )
    reply = talk.say("clusters, then a file")
    turn = revise(us, talk.conversation_id, changes({"step": 0, "arguments": {"format": "jsonl"}}))
    assert [one["tool"] for one in turn.plan["steps"]] == ["list_clusters", "find_persons"]
    assert turn.plan["steps"][1]["arguments"]["format"] == "jsonl"
    assert "golfers as CSV" in reply.text
    assert "golfers as CSV" not in turn.text
    talk.say("yes")
    assert [file.suffix for file in us.home.glob("exports/*")] == [".jsonl"]


def test_no_address_of_a_changed_plan_is_kept_in_the_records(
    talk: Conversation, plans: Plans, us: Workspace, stored: Callable[[], str]
) -> None:
    groups = [{"id_type": "email", "hash_type": "plaintext", "values": ["jane.doe@example.com"]}]
    plans.means("analyse her", step("analyze_customers", multi_identifiers=groups))
    talk.say("analyse her", held=True)
    turn = revise(us, talk.conversation_id, changes({"step": 0, "arguments": {"min_quality": 0.9}}))
    assert "jane" not in json.dumps(turn.plan)
    assert turn.plan["steps"][0]["arguments"]["min_quality"] == 0.9
    talk.say("no")
    assert "jane.doe" not in stored()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"step": 1, "arguments": {"strategy": "widest"}}, "strategy"),
        ({"step": 1, "arguments": {"target_size": -1}}, "target_size"),
        ({"step": 0, "arguments": {"file": "other.csv"}}, "file cannot be changed"),
        ({"step": 1, "arguments": {"top": 3}}, "top"),
        ({"step": 2, "drop": True}, "has 2 steps"),
        ({"step": 0, "drop": True}, "must stay"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], words: str) -> None:
    """The second step needs what the first gives: without it nothing is left."""
    with pytest.raises(BadInput, match=words):
        revised(Plan(steps=[ANALYSIS, AUDIENCE]), [StepChange.model_validate(change)])


def test_references_move_when_a_step_before_them_is_left_out() -> None:
    plan = Plan(
        steps=[
            step("list_clusters", query="golf"),
            ANALYSIS,
            step("generate_audience", analysis_id="$steps.1.analysis_id"),
        ]
    )
    left = revised(plan, [StepChange(step=0, drop=True)]).steps
    assert [one.tool for one in left] == ["analyze_customers", "generate_audience"]
    assert left[1].arguments["analysis_id"] == "$steps.0.analysis_id"


def test_a_change_where_no_plan_waits_is_refused(talk: Conversation, plans: Plans, us: Workspace) -> None:
    plans.means("help", step("help"))
    with pytest.raises(NotFound):
        revise(us, "chat_nowhere", changes({"step": 0, "drop": True}))
    talk.say("help")
    with pytest.raises(Conflict):
        revise(us, talk.conversation_id, changes({"step": 0, "drop": True}))


def test_a_change_while_a_turn_runs_is_refused(talk: Conversation, plans: Plans, us: Workspace) -> None:
    plans.means("help", step("help"))
    turn = talk.begin("help")
    with pytest.raises(Busy):
        revise(us, talk.conversation_id, changes({"step": 0, "drop": True}))
    turn.run()


def test_a_turn_that_broke_off_is_said_again_with_its_file(
    us: Workspace, talk: Conversation, plans: Plans, golfers: Path
) -> None:
    plans.means("analyse", ANALYSIS)
    talk.begin_upload("analyse", "golfers.csv", golfers.read_bytes())
    # Its process died: nobody holds the conversation, and its turn is still running.
    again = Conversation(us, talk.conversation_id, plans)
    talk._keeping.let_go()
    reply = again.begin_again(1).run()
    assert (reply.turn, reply.status) == (2, "waiting")
    assert again.say("yes").results[0]["match"]["analysed"] == 150


def test_a_message_whose_identifiers_were_not_kept_is_not_said_again(
    us: Workspace, talk: Conversation, plans: Plans
) -> None:
    plans.means("find jane.doe@example.com", step("help"))
    talk.say("find jane.doe@example.com")
    with pytest.raises(BadInput, match="not kept"):
        talk.begin_again(1)
    with pytest.raises(NotFound):
        talk.begin_again(2)
