"""Schedules, recipients, sending and the log, as forms of a page: what each changes, shows and notes."""

import itertools
import uuid
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.pages.rendering import FRAGMENT
from api.settings import Settings
from store.population.mapping import Mapping
from store.records.access.audit import AuditEntry
from store.records.briefing_deliveries import deliveries_of
from store.records.newest import newest
from store.records.recipients import Recipient
from store.records.runs import runs_of
from store.records.schedules import schedule_named, schedules_of
from store.workspace import House
from tests.api.pages.briefings.briefings_planted import Planted, plant
from tests.conftest import Clock, silent

BASE = "http://127.0.0.1:8321"
PEOPLE = "id,age\n1,30\n2,40\n"
COLUMNS = {"id": {"kind": "person_id"}, "age": {"kind": "category"}}


@pytest.fixture
def club(tmp_path, clock: Clock) -> Iterator[tuple[TestClient, House, Planted]]:
    """A house with four briefings, and whoever is on its machine."""
    ids = itertools.count(1)
    house = House(
        tmp_path / "home", base_url=BASE, now=clock, new_id=lambda: str(uuid.UUID(int=next(ids), version=4))
    )
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    workspace = house.workspace("deals")
    workspace.warehouse.load(
        [file], Mapping.model_validate({"columns": COLUMNS}), house.now(), progress=silent, processes=1
    )
    planted = plant(house, "deals")
    with TestClient(application(Settings(home=house.home), house), base_url=BASE) as client:
        client.headers |= {"Accept": "text/html", FRAGMENT: "1"}
        yield client, house, planted


def actions(house: House) -> list[str]:
    rows = newest(house.database, AuditEntry, AuditEntry.created_at, AuditEntry.entry_id, 50)
    return sorted(row.action for row in rows)


def test_each_schedule_is_told_in_words_with_what_became_of_its_last_time(club):
    """Taken two hours after it was due, one slot before it left out; next Monday by the clock of Berlin."""
    client, _, planted = club
    told = client.get("/briefings").text
    assert "Every Monday at 08:00" in told
    assert "Europe/Berlin · next Monday 9 March 2026, 08:00 · to 4 recipients" in told
    assert "2 hours late, because nobody was there" in told
    assert "It stands for one more that nobody was there for." in told
    assert f'href="/briefings/{planted.briefings["changed"]}"' in told
    assert "Looked last: nothing new was loaded" in told
    assert "There is no such profile" in told
    assert "Recipients that were removed since: 1." in told
    assert told.count("they ended it themselves") == 1
    assert "ann@example.com" not in told


def test_without_a_mail_server_the_settings_are_named(club):
    client, house, _ = club
    assert "FIELDMARK_MAIL_SERVER" in client.get("/briefings").text
    settings = Settings(home=house.home, mail_server="smtp://localhost:25", mail_from="a@example.com")
    with TestClient(application(settings, house), base_url=BASE) as other:
        assert "FIELDMARK_MAIL_SERVER" not in other.get("/briefings", headers={"Accept": "text/html"}).text


def test_a_schedule_is_made_by_its_form_and_its_new_address_is_a_recipient(club):
    client, house, planted = club
    form = {
        "kind": "briefing",
        "every": "week",
        "weekday": "friday",
        "at": "07:30",
        "timezone": "America/New_York",
    }
    sent = {**form, "others": "dora@example.com, eve@example.com", "recipient": [planted.recipients["ann"]]}
    told = client.post("/briefings/schedules?warehouse=deals", data=sent)
    assert told.status_code == 200, told.text
    made = schedules_of(house.database)[0]
    assert (made.cron, made.timezone, len(made.recipient_ids)) == ("30 7 * * fri", "America/New_York", 3)
    assert "The schedule has begun." in told.text
    assert 'data-target="#scheduled"' in told.text
    assert "dora@example.com" not in told.text
    assert actions(house) == ["recipient.added", "recipient.added", "schedule.added"]


@pytest.mark.parametrize(
    ("form", "cron"),
    [
        ({"every": "day", "weekday": "monday", "at": "06:05"}, "5 6 * * *"),
        ({"every": "weekdays", "at": "09:00"}, "0 9 * * mon-fri"),
        ({"every": "month", "weekday": "", "at": "08:00"}, "0 8 1 * *"),
        ({"every": "month", "weekday": "tuesday", "at": "08:00"}, "0 8 * * tue#1"),
        ({"every": "hour"}, "0 * * * *"),
        ({"every": "cron", "cron": "15 7 * * wed"}, "15 7 * * wed"),
    ],
)
def test_what_a_form_says_is_what_it_shows_again(club, form, cron):
    client, house, planted = club
    path = f"/briefings/schedules/{planted.schedules['paused']}"
    assert client.post(path, data=form).status_code == 200
    found = schedule_named(house.database, planted.schedules["paused"])
    assert (found.cron, found.is_paused, found.recipient_ids) == (cron, True, [])
    again = client.get(path).text
    every = "week" if form["every"] == "cron" else form["every"]
    assert f'<option value="{every}" selected>' in again
    assert f'value="{form.get("at", "08:00")}"' in again or every in ("hour", "week")


def test_a_time_that_is_none_is_refused_at_its_field_and_nothing_is_kept(club):
    client, house, _ = club
    told = client.post("/briefings/schedules?warehouse=deals", data={"at": "25:00"})
    assert told.status_code == 422
    assert "There is no such time of the day" in told.text
    assert len(schedules_of(house.database)) == 4


def test_a_schedule_is_paused_resumed_run_and_removed(club):
    client, house, planted = club
    path = f"/briefings/schedules/{planted.schedules['late']}"
    assert "Paused: nothing is due" in client.post(f"{path}/pause").text
    assert schedule_named(house.database, planted.schedules["late"]).is_paused
    assert "It runs again" in client.post(f"{path}/resume").text
    assert "Writing the briefing" in client.post(f"{path}/run").text
    (job,) = runs_of(house.database, "deals")
    assert job.kind == "run_briefing"
    assert "The schedule was removed." in client.post(f"{path}/remove").text
    assert len(schedules_of(house.database)) == 3
    assert actions(house) == ["schedule.paused", "schedule.removed", "schedule.resumed", "schedule.run"]
    assert client.post(f"{path}/remove").status_code == 404


def test_somebody_subscribes_to_a_schedule_or_begins_one(club):
    client, house, planted = club
    form = {"address": "flo@example.com", "schedule_id": planted.schedules["late"]}
    told = client.post("/briefings/subscribe?warehouse=deals", data=form).text
    assert "f…@example.com gets the briefing from the next one on." in told
    assert len(schedule_named(house.database, planted.schedules["late"]).recipient_ids) == 5
    form = {"address": "ben@example.com", "schedule_id": "", "timezone": "Europe/Paris"}
    told = client.post("/briefings/subscribe?warehouse=deals", data=form).text
    assert "ended briefings once" in told
    made = schedules_of(house.database)[0]
    assert (made.cron, made.timezone) == ("0 8 * * mon", "Europe/Paris")


def test_the_whole_of_a_changed_briefing_is_on_its_page(club):
    client, _, planted = club
    told = client.get(f"/briefings/{planted.briefings['changed']}").text
    for words in (
        "Two things changed, both real",
        "Deals in logistics now close at",
        "Was this right?",
        "One thing to do",
        "One risk",
        "Call these first",
        "One doubt",
        "How each tier does",
        "Told before, and still so",
        "kept aside",
        "it was worse on last month",
        "Scored again: 5,310",
        "B → A",
        "Standing audiences",
        "Received: 6. Accepted: 2, declined: 1, waiting: 3.",
        "The data changed, not the customers",
        "would be 5 %",
        "Who qualifies",
        "Made from",
        "It cannot be replayed",
    ):
        assert words in told, words
    assert told.count("<figure") == 2
    assert told.count("data-copy") >= 4
    assert "Replay it" not in told


def test_a_quiet_week_is_short_and_an_alert_says_that_it_is_one(club):
    client, _, planted = club
    quiet = client.get(f"/briefings/{planted.briefings['unchanged']}").text
    assert "Nothing changed beyond chance" in quiet
    assert "<figure" not in quiet
    assert "One risk" not in quiet
    assert ">Alert</span>" in client.get(f"/briefings/{planted.briefings['alert']}").text
    assert client.get("/briefings").text.count('<span class="chip warn">Alert</span>') == 2


@pytest.mark.parametrize(
    ("form", "begins", "kind"),
    [
        ("md", b"# Two things", "text/markdown"),
        ("pdf", b"%PDF", "application/pdf"),
        ("json", b"{", "application/json"),
        ("html", b"<!doctype html>", "text/html"),
    ],
)
def test_a_briefing_is_taken_along_in_every_form(club, form, begins, kind):
    client, _, planted = club
    answer = client.get(f"/briefings/{planted.briefings['changed']}/file.{form}")
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"].endswith(f'.{form}"')
    assert answer.content[:30].lower().startswith(begins.lower())
    if form == "html":
        assert "cid:" not in answer.text
        assert "data:image/png;base64," in answer.text


def test_the_appendix_stands_alone_too(club):
    client, _, planted = club
    told = client.get(f"/briefings/{planted.briefings['changed']}/sales").text
    assert "Who qualifies" in told
    assert "Call these first" not in told
    assert "No appendix" in client.get(f"/briefings/{planted.briefings['unchanged']}/sales").text


def test_what_is_said_of_a_change_is_kept_with_its_key(club):
    client, _, planted = club
    form = {"verdict": "wrong", "change": "industry:Logistics:up", "message": "A new sales team."}
    told = client.post(f"/briefings/{planted.briefings['changed']}/feedback", data=form)
    assert "Thank you." in told.text
    line = client.get("/v1/feedback", headers={"Accept": "application/json"}).json()["items"][0]
    assert (line["change"], line["message"]) == (
        "industry:Logistics:up",
        "It is wrong.: A new sales team.",
    )
    assert line["workflow_id"] == "00000000-0000-4000-8000-000000000901"


def test_sending_waits_for_a_yes_and_each_gets_it_once(club):
    client, house, planted = club
    path = f"/briefings/{planted.briefings['unchanged']}/send"
    form = {"recipient": [planted.recipients["ann"]], "others": "gil@example.com"}
    assert "nobody said yes" in client.post(path, data=form).text
    assert "Nobody was chosen" in client.post(path, data={"yes": "yes"}).text
    assert deliveries_of(house.database, 9, briefing_id=planted.briefings["unchanged"]) == []
    for _ in range(2):
        told = client.post(path, data={**form, "yes": "yes"})
        assert 'data-follow="/briefings/' in told.text
    assert len(deliveries_of(house.database, 9, briefing_id=planted.briefings["unchanged"])) == 2
    assert "briefing.sent" in actions(house)
    assert client.get(path).text.count("has it already") == 2


def test_the_log_tells_to_whom_how_it_went_and_why(club):
    client, house, _ = club
    told = client.get("/briefings/deliveries").text
    for words in ("a…@example.com", "There is no such mailbox.", "They unsubscribed.", "given up", "550"):
        assert words in told, words
    only = client.get("/briefings/deliveries?status=dead").text
    assert "a…@example.com" not in only
    dead = deliveries_of(house.database, 9, status="dead")[0].delivery_id
    assert f"/briefings/deliveries/{dead}/retry" in only
    again = client.post(f"/briefings/deliveries/{dead}/retry")
    assert "waits" in again.text
    assert "delivery.retried" in actions(house)
    assert "No delivery is in this state." in client.get("/briefings/deliveries?status=failed").text


def test_recipients_are_added_activated_and_forgotten(club):
    client, house, planted = club
    told = client.get("/briefings/recipients").text
    assert told.count('class="chip bad"') == 1
    assert "Send again" in told
    assert (
        "They get briefings again."
        in client.post(f"/briefings/recipients/{planted.recipients['cleo']}/activate").text
    )
    assert (
        "only they can take that back"
        in client.post(f"/briefings/recipients/{planted.recipients['ben']}/activate").text
    )
    client.post(f"/briefings/recipients/{planted.recipients['ann']}/remove")
    assert house.database.get(Recipient, planted.recipients["ann"]) is None
    added = client.post("/briefings/recipients", data={"address": "no address"})
    assert added.status_code == 422
    assert "no address" not in added.text
    made = client.post("/briefings/recipients", data={"address": "https://93.184.216.34/hook"})
    assert "whsec_" in made.text
    assert made.headers["cache-control"] == "no-store"
