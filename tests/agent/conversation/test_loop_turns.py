"""A briefing every week, in a conversation: planned, said yes to, told with its next time, and paused."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from agent.conversation.conversation import Conversation
from store.records.briefing_deliveries import deliveries_of, recipients_of
from store.records.conversations import TurnEvent, turns_of
from store.records.schedules import schedules_of
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step

ADDRESS = "reader9x7q@example.com"
POPULATION = {".npy", ".arrow", ".roaring", ".parquet"}
HOOK = "https://hooks.slack.com/services/T0AAA/B0BBB/c9secret"


def kept_words(workspace: Workspace, conversation_id: str) -> str:
    """Everything that is kept of a conversation: its turns, what they told, its memory, files, traces."""
    database = workspace.database
    turns = [turn.model_dump_json() for turn in turns_of(database, conversation_id)]
    with database.session() as session:
        told = [json.dumps(event.body) for event in session.exec(select(TurnEvent))]
    files = [
        file.read_bytes().decode(errors="replace")
        for file in Path(workspace.home).rglob("*")
        if file.is_file() and file.suffix not in POPULATION
    ]
    assert any(text.startswith("SQLite") for text in files)
    return "\n".join([*turns, *told, *files])


def test_a_weekly_briefing_is_planned_said_yes_to_and_told_with_its_next_times(us: Workspace) -> None:
    talk = Conversation(us)
    waiting = talk.say(f"email the briefing to {ADDRESS} every Friday at 9:30 Berlin time")
    assert waiting.status == "waiting"
    assert schedules_of(us.database) == []
    made = talk.say("yes")
    assert made.status == "done"
    (schedule,) = schedules_of(us.database)
    assert (schedule.cron, schedule.timezone, len(schedule.recipient_ids)) == (
        "30 9 * * fri",
        "Europe/Berlin",
        1,
    )
    assert "It comes every Friday at 09:30 (Europe/Berlin), to 1 recipient." in made.text
    assert "The next times: Friday " in made.text
    paused = talk.say("pause the briefing")
    assert paused.status == "done"
    assert "It is paused" in paused.text
    assert schedules_of(us.database)[0].is_paused
    assert talk.say("when is the next briefing?").text.count("paused") == 1


@pytest.mark.parametrize("address", [ADDRESS, HOOK])
def test_an_address_is_in_nothing_that_is_kept_of_it(us: Workspace, address: str) -> None:
    talk = Conversation(us)
    assert talk.say(f"send the briefing to {address} every Monday").status == "waiting"
    made = talk.say("yes")
    assert made.status == "done"
    assert len(schedules_of(us.database)[0].recipient_ids) == 1
    words = kept_words(us, made.conversation_id)
    assert "every Monday" in words
    assert address not in words
    assert address.rpartition("/")[2] not in words


def test_a_schedule_without_readers_says_so(us: Workspace) -> None:
    talk = Conversation(us)
    talk.say("email the briefing to the team every Friday at 9:30 Berlin time")
    made = talk.say("yes")
    assert "to nobody yet" in made.text
    assert "Nobody gets it yet. Say who should" in made.text


def test_a_no_makes_no_schedule(us: Workspace) -> None:
    talk = Conversation(us)
    talk.say(f"email the briefing to {ADDRESS} every Friday")
    assert talk.say("no").status == "done"
    assert schedules_of(us.database) == []


def test_an_audience_is_kept_up_to_date_and_listed(us: Workspace, talk: Conversation, plans: Plans) -> None:
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    plans.means("build", step("generate_audience", expression=golf.cluster_hash))
    plans.means("keep it", step("keep_audience", name="Golfers"))
    plans.means("list", step("list_standing"))
    built = talk.say("build").results[0]["total"]
    kept = talk.say("keep it")
    assert kept.text.startswith(f"**Golfers** is kept from now on: {built:,} people now.")
    assert "**Golfers**: not made yet" in talk.say("list").text


def test_without_an_audience_nothing_is_kept(us: Workspace, talk: Conversation, plans: Plans) -> None:
    plans.means("keep it", step("keep_audience", name="Golfers"))
    refused = talk.say("keep it")
    assert refused.status == "refused"
    assert "There is no audience to keep up to date" in refused.text


def test_what_feedback_changed_is_told_without_its_words(us: Workspace) -> None:
    talk = Conversation(us)
    assert "Nothing was said of the answers yet." in talk.say("what did my feedback change?").text
    talk.say("the segment Dog owners is useless, the name of jane9x7q is wrong")
    told = talk.say("what did my feedback change?")
    assert "Nothing that was accepted changes an answer so far." in told.text
    assert "jane9x7q" not in told.text
    assert "jane9x7q" not in json.dumps(told.results)


def test_this_weeks_briefing_is_shown_and_sent_once_somebody_says_yes(us: Workspace, golfers: Path) -> None:
    talk = Conversation(us)
    assert talk.say("Analyze this file", golfers).status == "done"
    shown = talk.say("what changed this week?")
    assert shown.status == "done"
    assert shown.results[0]["kind"] == "first"
    assert "on its way" not in shown.text
    assert talk.say(f"send this week's briefing to {ADDRESS}").status == "waiting"
    assert recipients_of(us.database, 9) == []
    sent = talk.say("yes")
    assert "It is on its way to 1 recipient." in sent.text
    (delivery,) = deliveries_of(us.database, 9)
    assert (delivery.briefing_id, delivery.status) == (sent.results[0]["briefing_id"], "pending")
    assert ADDRESS not in kept_words(us, sent.conversation_id)
