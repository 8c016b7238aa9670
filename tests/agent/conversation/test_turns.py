"""What becomes of a message: asked back, declined, run, held until a yes, refused, cancelled, kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.conversation import steps as running
from agent.conversation.conversation import Conversation
from agent.conversation.turn import Event
from agent.planner.plan import UnderstoodTrait
from agent.state import Cancelled
from store.errors import BadInput, Busy, NotFound, TooMany
from store.records.conversations import turns_of
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step

Stored = Callable[[], str]


def exports(us: Workspace) -> list[Path]:
    return [*us.home.glob("exports/*")]


def test_a_question_back_is_kept_for_the_answer(talk: Conversation, plans: Plans) -> None:
    plans.means("build an audience", step("generate_audience"), ask="From which customers?")
    plans.means("from the last ones", step("list_clusters", query="golf"))
    reply = talk.say("build an audience")
    assert (reply.status, reply.text) == ("asked", "From which customers?")
    talk.say("from the last ones")
    asked = plans.heard[1][1].asked
    assert asked is not None
    assert asked.steps[0].tool == "generate_audience"
    plans.means("hello", step("help"))
    talk.say("hello")
    assert plans.heard[2][1].asked is None


def test_what_is_not_our_job_is_declined(talk: Conversation, plans: Plans, us: Workspace) -> None:
    plans.means("write a poem", decline="I know customers, not poems.")
    reply = talk.say("write a poem")
    assert (reply.status, reply.text) == ("declined", "I know customers, not poems.")
    assert us.database.traces(reply.workflow_id) == []


def test_steps_run_in_order_under_one_workflow_with_their_results_passed_on(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means(
        "analyse this, then an audience",
        step("analyze_customers", file="golfers.csv"),
        step("generate_audience", analysis_id="$steps.0.analysis_id", strategy="hybrid"),
    )
    told: list[Event] = []
    reply = talk.say("analyse this, then an audience", golfers, watch=told.append)
    assert reply.status == "done", reply.text
    calls = us.database.traces(reply.workflow_id)
    assert [(call.tool, call.outcome) for call in calls] == [
        ("analyze_customers", "ok"),
        ("generate_audience", "ok"),
    ]
    assert [result["tool"] for result in reply.results] == ["analyze_customers", "generate_audience"]
    assert [event.number for event in told] == list(range(1, len(told) + 1))
    assert [told[0].kind, told[-1].kind] == ["plan", "done"]
    parts = [e.body["part"] for e in told if e.kind == "progress" and e.body["tool"] == "analyze_customers"]
    assert list(dict.fromkeys(part for part in parts if part))[:2] == ["resolve", "mine"]
    counts = [e.body for e in told if e.kind == "progress" and e.body["status"] == "done"]
    assert counts[0]["count"] == 150
    first, second = (e.body["text"] for e in told if e.kind == "answer")
    assert second.startswith(first)


def test_later_turns_can_refer_to_what_was_found(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("analyse", step("analyze_customers", file="golfers.csv"))
    plans.means("audience", step("help"))
    first = talk.say("analyse", golfers)
    second = talk.say("analyse", golfers)
    again = Conversation(us, talk.conversation_id, plans)
    again.say("audience")
    state = plans.heard[-1][1]
    assert state.analysis_id == second.results[0]["analysis_id"]
    assert state.previous_analysis_id == first.results[0]["analysis_id"]
    assert state.segments == [segment["name"] for segment in second.results[0]["segments"]]
    assert plans.heard[0][2] is not None
    assert plans.heard[0][2].name == "golfers.csv"
    assert plans.heard[-1][2] is None


def test_an_export_waits_for_a_yes(talk: Conversation, plans: Plans, us: Workspace, golf_hash: str) -> None:
    plans.means(
        "golfers as csv", step("generate_audience", "golfers as CSV", expression=golf_hash, format="csv")
    )
    reply = talk.say("golfers as csv")
    assert reply.status == "waiting"
    assert "golfers as CSV" in reply.text
    assert "leaves the house" in reply.text
    assert exports(us) == []
    later = Conversation(us, talk.conversation_id, plans).say("Yes, go ahead")
    assert later.status == "done"
    assert len(exports(us)) == 1
    assert later.results[0]["export"]["rows"] == later.results[0]["total"]


def test_a_no_leaves_it(talk: Conversation, plans: Plans, us: Workspace, golf_hash: str) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    plans.means("yes", decline="Yes to what?")
    talk.say("golfers as csv")
    reply = talk.say("no, don't")
    assert reply.status == "done"
    assert "nothing was done" in reply.text
    assert talk.say("yes").status == "declined"
    assert exports(us) == []


def test_only_the_step_that_was_asked_about_is_approved(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str
) -> None:
    plans.means(
        "two files",
        step("find_persons", "first", expression=golf_hash, format="csv"),
        step("find_persons", "second", expression=golf_hash, format="jsonl"),
    )
    talk.say("two files")
    assert talk.say("yes").status == "waiting"
    assert [file.suffix for file in exports(us)] == [".csv"]
    assert talk.say("yes").status == "done"
    assert sorted(file.suffix for file in exports(us)) == [".csv", ".jsonl"]


def test_a_question_about_an_answer_does_not_lose_what_waits(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str
) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    plans.means("what is lift?", step("explain", about="term", subject="lift"))
    talk.say("golfers as csv")
    assert talk.say("what is lift?").text.startswith("**Lift.**")
    assert talk.say("ok").status == "done"
    assert len(exports(us)) == 1


def test_another_request_takes_the_place_of_what_waits(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str
) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    plans.means("count golfers", step("find_persons", expression=golf_hash))
    plans.means("yes", decline="Yes to what?")
    for message in ("golfers as csv", "count golfers", "yes"):
        talk.say(message)
    assert exports(us) == []


def test_approval_can_be_given_beforehand_and_without_words(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str
) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    assert talk.say("golfers as csv", approved=True).status == "done"
    talk.say("golfers as csv")
    assert talk.say("", approved=True).status == "done"
    assert len(exports(us)) == 2
    assert talk.say("", approved=False).text.startswith("Nothing waits for a yes")


def test_a_waiting_step_keeps_what_earlier_steps_gave(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means(
        "analyse and export",
        step("analyze_customers", file="golfers.csv"),
        step("generate_audience", analysis_id="$steps.0.analysis_id", format="csv"),
    )
    reply = talk.say("analyse and export", golfers)
    assert reply.status == "waiting"
    assert reply.results[0]["tool"] == "analyze_customers"
    plans.means("make it 10", step("help"))
    talk.say("make it 10")
    audience = plans.heard[-1][1].audience
    assert audience is not None
    assert audience.analysis_id == reply.results[0]["analysis_id"]
    assert talk.say("yes").results[0]["export"]["format"] == "csv"
    assert len(exports(us)) == 1


def test_a_refusal_is_the_answer_and_what_needed_the_step_is_left_out(
    talk: Conversation, plans: Plans, us: Workspace
) -> None:
    plans.means(
        "analyse",
        step("analyze_customers", file="none.csv"),
        step("generate_audience", "build an audience", analysis_id="$steps.0.analysis_id"),
        step("list_clusters", query="golf"),
    )
    reply = talk.say("analyse")
    assert reply.status == "refused"
    assert "There is no file" in reply.text
    assert "Send it along with the message." in reply.text
    assert "Not done, since it needs what an earlier step did not give: build an audience." in reply.text
    assert "Interested in golf" in reply.text


def test_what_this_version_cannot_do_is_said_plainly(talk: Conversation, plans: Plans) -> None:
    plans.means("sing", step("sing_a_song", "sing a song"))
    reply = talk.say("sing")
    assert reply.text.startswith(
        "Understood: sing a song. That is not in this version yet, so nothing was done."
    )
    assert reply.status == "done"


def test_words_in_quotes_are_looked_up_when_the_plan_runs(
    talk: Conversation, plans: Plans, golf_hash: str, us: Workspace
) -> None:
    plans.means("count", step("find_persons", expression='"interested in golf"'))
    reply = talk.say("count")
    assert reply.results[0]["expression"] == golf_hash
    assert "“interested in golf” as Interested in golf" in reply.text


def test_what_the_plan_understood_is_told(talk: Conversation, plans: Plans, golf_hash: str) -> None:
    plans.means(
        "count golfers",
        step("find_persons", expression=golf_hash),
        understood=[
            UnderstoodTrait(said="golfers", name="interested_golf", value="Yes", cluster_hash=golf_hash)
        ],
    )
    assert talk.say("count golfers").text.startswith("*“golfers” as Interested in golf.*")


def test_a_turn_is_cancelled_between_steps(talk: Conversation, plans: Plans, us: Workspace) -> None:
    plans.means("two", step("list_clusters", query="golf"), step("list_clusters", query="tennis"))
    asked = iter([False, True])
    reply = talk.say("two", is_cancelled=lambda: next(asked))
    assert reply.status == "cancelled"
    assert len(us.database.traces(reply.workflow_id)) == 1
    assert "Cancelled." in reply.text
    assert talk.say("two").status == "done"


def test_a_turn_is_cancelled_within_an_analysis(talk: Conversation, plans: Plans, golfers: Path) -> None:
    plans.means("analyse", step("analyze_customers", file="golfers.csv"))
    asked = iter([False] * 3)
    assert talk.say("analyse", golfers, is_cancelled=lambda: next(asked, True)).status == "cancelled"


def test_one_turn_at_a_time(talk: Conversation, plans: Plans, us: Workspace) -> None:
    plans.means("help", step("help"))
    turn = talk.begin("help")
    with pytest.raises(Busy):
        Conversation(us, talk.conversation_id, plans).say("help")
    assert Conversation(us, planner=plans).say("help").status == "done"
    assert turn.run().status == "done"
    assert talk.say("help").turn == 2


@pytest.mark.parametrize(
    ("message", "error"), [("x" * 8_001, TooMany), ("  ", BadInput), ("x" * 1_000_000, TooMany)]
)
def test_a_message_too_long_or_empty_is_refused_and_leaves_nothing(
    talk: Conversation, us: Workspace, message: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        talk.say(message)
    assert turns_of(us.database, talk.conversation_id) == []


def test_a_turn_whose_process_died_is_ended_by_the_next(
    talk: Conversation, plans: Plans, us: Workspace
) -> None:
    plans.means("help", step("help"))
    dead = talk.begin("help")
    dead._keeping.let_go()  # as the end of its process does
    assert talk.say("help").status == "done"
    first, second = turns_of(us.database, talk.conversation_id)
    assert (first.status, second.status) == ("failed", "done")


def test_a_fault_of_the_house_ends_the_turn_and_frees_the_conversation(
    talk: Conversation, plans: Plans, us: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    plans.means("help", step("help"))
    monkeypatch.setattr(running, "call", fail)
    told: list[Event] = []
    with pytest.raises(ZeroDivisionError):
        talk.say("help", watch=told.append)
    assert told[-1].body["status"] == "failed"
    assert "not your request" in turns_of(us.database, talk.conversation_id)[0].text
    monkeypatch.undo()
    assert talk.say("help").status == "done"


def test_a_conversation_is_found_in_its_own_warehouse_only(us: Workspace, talk: Conversation) -> None:
    with pytest.raises(NotFound):
        Conversation(us, "chat_unknown")
    with pytest.raises(NotFound):
        Conversation(us, talk.conversation_id)  # nothing was said in it yet


def test_identifiers_are_kept_only_while_a_plan_waits_for_them(
    talk: Conversation, plans: Plans, us: Workspace, stored: Stored
) -> None:
    message = "who is jo@example.com, as csv"
    group = {"id_type": "email", "hash_type": "plaintext", "values": ["jo@example.com"]}
    plans.means(
        message, step("resolve_identities", "match jo@example.com", multi_identifiers=[group], format="csv")
    )
    reply = talk.say(message)
    assert reply.status == "waiting"
    assert "jo@example.com" not in reply.text + str(reply.plan)
    (turn,) = turns_of(us.database, talk.conversation_id)
    assert turn.message == "who is [1 e-mail], as csv"
    assert "jo@example.com" in stored()
    talk.say("no")
    assert "jo@example.com" not in stored()


def test_a_refused_request_leaves_no_identifier(
    talk: Conversation, plans: Plans, us: Workspace, stored: Stored
) -> None:
    message = "analyse jo@example.com"
    group = {"id_type": "email", "hash_type": "plaintext", "values": ["jo@example.com"]}
    plans.means(message, step("analyze_customers", multi_identifiers=[group]))
    assert talk.say(message).status == "refused"
    assert "jo@example.com" not in stored()


def test_feedback_is_kept_without_identifiers(
    talk: Conversation, plans: Plans, us: Workspace, golf_hash: str, stored: Stored
) -> None:
    plans.means("count", step("find_persons", expression=golf_hash))
    plans.means(
        "wrong", step("submit_feedback", kind="wrong_match", message="jo@example.com is not person 12")
    )
    done = talk.say("count")
    assert "Thank you" in talk.say("wrong").text
    (said,) = us.database.feedback("us")
    assert said.message == "[1 e-mail] is not person 12"
    assert said.workflow_id == done.workflow_id


def test_a_profile_is_shown_and_not_kept(talk: Conversation, plans: Plans, us: Workspace) -> None:
    person = int(us.population.shards[0].person_ids[0])
    plans.means("profile", step("get_person", person_ids=[person], domains=["demographic", "email"]))
    told: list[Event] = []
    reply = talk.say("profile", watch=told.append)
    assert f"**Person {person}**" in reply.text
    (turn,) = turns_of(us.database, talk.conversation_id)
    assert "**Person" not in turn.text
    assert "is not kept" in turn.text
    kept = [event for event in talk._keeping.events(1) if event.kind == "answer"]
    assert "**Person" not in kept[-1].body["text"]
    assert "**Person" in [event for event in told if event.kind == "answer"][-1].body["text"]


def test_an_uploaded_file_is_removed_once_it_was_read(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("hm", step("analyze_customers"), ask="What shall I do with it?")
    plans.means("analyse it", step("analyze_customers", file="golfers.csv"))
    talk.begin_upload("hm", "../golfers.csv", golfers.read_bytes()).run()
    assert [path.name for path in us.home.glob("uploads/*/*")] == ["golfers.csv"]
    assert talk.say("analyse it").status == "done"
    assert [*us.home.glob("uploads/*/*")] == []
    assert golfers.exists()


def test_a_cancelled_exception_is_no_failure(
    talk: Conversation, plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancel(*_: object, **__: object) -> None:
        raise Cancelled

    plans.means("help", step("help"))
    monkeypatch.setattr(running, "call", cancel)
    assert talk.say("help").status == "cancelled"


def test_a_file_that_a_waiting_plan_wants_is_kept_until_the_answer(
    talk: Conversation, plans: Plans, us: Workspace, golfers: Path
) -> None:
    plans.means("match it as csv", step("resolve_identities", file="golfers.csv", format="csv"))
    kept = us.home / "uploads" / talk.conversation_id / "golfers.csv"
    talk.begin_upload("match it as csv", "golfers.csv", golfers.read_bytes()).run()
    assert kept.exists()
    assert talk.say("yes").results[0]["stats"]["resolved"] == 150
    assert not kept.exists()
    talk.begin_upload("match it as csv", "golfers.csv", golfers.read_bytes()).run()
    talk.say("no")
    assert not kept.exists()


def test_a_cancelled_step_is_told_as_cancelled(talk: Conversation, plans: Plans, golfers: Path) -> None:
    plans.means("analyse", step("analyze_customers", file="golfers.csv"))
    asked, told = iter([False] * 3), []
    talk.say("analyse", golfers, watch=told.append, is_cancelled=lambda: next(asked, True))
    assert [event.body["status"] for event in told if event.kind == "progress"][-1] == "cancelled"


def test_a_question_back_outlives_a_question_about_an_answer(talk: Conversation, plans: Plans) -> None:
    plans.means("build an audience", step("generate_audience"), ask="From which customers?")
    plans.means("what is lift?", step("explain", about="term", subject="lift"))
    for message in ("build an audience", "what is lift?", "what is lift?"):
        talk.say(message)
    assert plans.heard[-1][1].asked is not None
