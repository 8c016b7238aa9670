"""An address is one recipient, is kept sealed, and is shown to nobody."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadInput, NotAllowed, ToolRefused
from store.records.briefing_deliveries import recipients_of
from store.records.recipient_address import address_of, opened
from store.records.recipients import (
    Recipient,
    queue_briefing,
    recipient_named,
    recipients_for,
    remove_recipient,
    set_status,
)
from store.workspace import House
from tests.api.sending.conftest import log_of

PERSON = "Anna.Lind@Example.com"


def test_the_same_address_is_one_recipient_however_it_is_written(house: House):
    workspace = house.workspace("w")
    said = [PERSON, "anna.lind@example.com", " mailto:Anna.Lind@EXAMPLE.com", "b@bücher.example"]
    first, other = recipients_for(workspace, said)
    assert recipients_for(workspace, [first, PERSON, "b@xn--bcher-kva.example"]) == [first, other]
    hook = "https://hooks.slack.com/services/T1/B1/C1"
    assert len(recipients_for(workspace, ["slack://T1/B1/C1", "slack://bot@T1/B1/C1/#sales", hook])) == 1


def test_an_address_is_kept_sealed_and_shown_masked(house: House):
    (recipient_id,) = recipients_for(house.workspace("w"), [PERSON])
    kept = recipient_named(house.database, recipient_id)
    assert (kept.channel, kept.shown) == ("mail", "A…@example.com")
    assert "lind" not in kept.model_dump_json().lower()
    assert opened(kept.sealed, house.signer) == "Anna.Lind@example.com"


@pytest.mark.parametrize(
    ("said", "channel", "value", "shown"),
    [
        ("slack://T1/B1/C1", "slack", "https://hooks.slack.com/services/T1/B1/C1", "slack://…"),
        ("slack://xoxb-12-34/#sales", "slack", "slack://xoxb-12-34/#sales", "slack://…/#sales"),
        (
            "workflows://prod.logic.azure.com:443/abc1/SIG_x/",
            "teams",
            "https://prod.logic.azure.com:443/workflows/abc1/triggers/manual/paths/invoke"
            "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=SIG_x",
            "workflows://…",
        ),
        (
            "jsons://Hooks.Example.com/x?y=1",
            "webhook",
            "https://hooks.example.com/x?y=1",
            "https://hooks.example.com/…",
        ),
        ("json://localhost:8080", "webhook", "http://localhost:8080/", "http://localhost:8080/…"),
        ("discord://12/ab", "other", "discord://12/ab", "discord://…"),
    ],
)
def test_a_channel_is_kept_in_one_form(said: str, channel: str, value: str, shown: str):
    assert address_of(said, "address") == (channel, value, shown)


@pytest.mark.parametrize(
    "said",
    [
        *("", "anna", "anna@", "@example.com", "anna@localhost", "anna@1.2.3.4", "anna@[1.2.3.4]"),
        *("a b@example.com", "a..b@example.com", ".a@example.com", '"a b"@example.com', "é@example.com"),
        *("Anna <anna@example.com>", "anna@example.com,b@example.com", "a@-x.example", "a\x00@example.com"),
        *("anna@example.com\nBcc: b@example.com", "x" * 3000 + "@example.com"),
        *("syslog://", "dbus://x", "gnome://", "windows://", "macosx://", "file:///etc/passwd", "form://h/x"),
        *("mqtt://127.0.0.1/x", "mailto://u:p@example.com", "mailtos://example.com", "xmls://h/x"),
        *("ntfy://h/x", "apprise://h", "discord://1/2?template=/etc/passwd", "slack://T1/B1/C1?template=x"),
        *("slack://T1/B1", "msteams://a/b/c/d", "workflows://h/only", "workflows://h/a/b/c"),
        *("jsons://user:pass@h.example/x", "https://h.example:99999/", "https:///x", "https://h.example/#x"),
        "https://h/" + "x" * 3000,
    ],
)
def test_what_is_no_address_that_briefings_go_to_is_refused_by_its_place_alone(house: House, said: str):
    with pytest.raises(BadInput) as refused:
        recipients_for(house.workspace("w"), ["b@example.com", said])
    assert refused.value.where == "recipients[1]"
    assert not said or said not in str(refused.value)


@given(st.text(max_size=60))
def test_whatever_is_said_it_is_one_line_of_ascii_or_refused(said: str):
    try:
        found = address_of(said, "address")
    except ToolRefused:
        return
    assert found.value.isascii()
    assert found.value.isprintable()
    assert " " not in found.value


def test_a_new_channel_is_added_by_an_administrator_and_a_known_one_is_named_by_anybody(house: House):
    ours = house.workspace("w")
    member = replace(ours, actor="member_1")
    with pytest.raises(NotAllowed) as refused:
        recipients_for(member, [PERSON, "slack://T1/B1/C1"])
    assert refused.value.where == "recipients[1]"
    known = recipients_for(ours, ["slack://T1/B1/C1"])
    assert recipients_for(member, ["slack://T1/B1/C1"]) == known
    assert recipients_for(member, ["discord://1/2"], channels=True)
    with pytest.raises(BadInput):
        recipients_for(member, ["rcp_nobody"])


def test_a_briefing_is_queued_once_for_each_however_often_it_is_asked(house: House):
    ids = recipients_for(house.workspace("w"), ["a@example.com", "b@example.com", "c@example.com"])
    set_status(house.database, ids[1], "unsubscribed", house.now())
    for _ in range(2):
        asked = [*ids, ids[0], "rcp_removed"]
        assert queue_briefing(house.database, "brief_1", "w", asked, house.now(), house.new_id) == 2
    assert [one.status for one in log_of(house)] == ["pending", "unsubscribed", "pending"]
    assert len({one.message_id for one in log_of(house)}) == 3


def test_two_who_add_and_queue_the_same_at_once_make_it_once(house: House):
    people = [f"p{number}@example.com" for number in range(20)]
    together, made = threading.Barrier(2), list[list[str]]()

    def add() -> None:
        together.wait(20)
        ids = recipients_for(house.workspace("w"), people)
        queue_briefing(house.database, "brief_1", "w", ids, house.now(), house.new_id)
        made.append(ids)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert made[0] == made[1]
    assert len(log_of(house)) == len(recipients_of(house.database, 100)) == 20


def test_who_unsubscribed_stays_so_when_the_address_is_removed_and_added_again(house: House):
    workspace = house.workspace("w")
    gone, stopped = recipients_for(workspace, ["a@example.com", "b@example.com"])
    set_status(house.database, stopped, "unsubscribed", house.now())
    for one in (gone, stopped):
        remove_recipient(house.database, one, house.now())
    assert house.database.get(Recipient, gone) is None
    kept = house.database.get(Recipient, stopped)
    assert kept is not None
    assert (kept.sealed, kept.shown, recipients_of(house.database, 10)) == ("", "", [])
    (again, same) = recipients_for(workspace, ["a@example.com", "b@example.com"])
    assert again != gone
    assert same == stopped
    assert recipient_named(house.database, same).status == "unsubscribed"
    assert queue_briefing(house.database, "brief_1", "w", [again, same], house.now(), house.new_id) == 1


def test_the_recipients_of_one_organisation_are_none_of_anothers(house: House):
    other = house.of("org_2")
    (ours,) = recipients_for(house.workspace("w"), [PERSON])
    (theirs,) = recipients_for(other.workspace("w", "local"), [PERSON])
    assert ours != theirs
    with pytest.raises(BadInput):
        recipients_for(other.workspace("w"), [ours])
    assert queue_briefing(other.database, "brief_1", "w", [ours, theirs], house.now(), house.new_id) == 1
