"""Recipients and deliveries at the command line, over HTTP, and at the page of who wants no more."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from typer import Typer
from typer.testing import CliRunner

from api.cli.house.recipients import add_commands
from api.pages.shell import Shell
from api.pages.unsubscribing.routes import unsubscribe_pages
from api.rest.form.problems import add_problem_handlers
from api.rest.found.recipients import recipient_routes
from api.sending.links import unsubscribe_token
from api.settings import Settings
from store.access import LOCAL_OWNER, Principal
from store.records.recipients import recipient_named, recipients_for, set_status
from store.workspace import House
from tests.api.sending.conftest import Deliver, Serve, Sink, keep, log_of, queued
from tests.api.sending.test_sending_bounces import notification

CHANNEL = {"address": "json://127.0.0.1:8080/hook"}
PERSON = "anna.lind@example.com"


class Door:
    """The routes alone, for a principal that a test chooses."""

    def __init__(self, house: House) -> None:
        app = FastAPI()
        app.state.house, app.state.settings = house, Settings(home=house.home, webhooks_private=True)
        self.principal: Principal | None = LOCAL_OWNER
        app.include_router(recipient_routes())
        app.include_router(unsubscribe_pages())
        add_problem_handlers(app)
        app.add_middleware(Shell)

        @app.middleware("http")
        async def let_in(request: Any, go_on: Any) -> Any:
            request.state.principal = self.principal
            return await go_on(request)

        self.http = TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False)


@pytest.fixture
def door(house: House) -> Iterator[Door]:
    made = Door(house)
    with made.http:
        yield made


Run = Callable[..., Any]


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command over the house: `run("recipients", "list")`."""
    app = Typer()
    add_commands(app)
    monkeypatch.setenv("FIELDMARK_HOME", str(house.home))
    monkeypatch.setenv("COLUMNS", "220")
    return lambda *words, **how: CliRunner().invoke(app, [str(word) for word in words], **how)


def test_the_commands_add_list_and_remove_a_recipient_without_telling_the_address(run: Run):
    added = run("recipients", "add", PERSON)
    assert added.exit_code == 0
    recipient_id = added.stdout.split()[0]
    assert run("recipients", "add", PERSON).stdout.split()[0] == recipient_id
    listed = run("recipients", "list").stdout
    assert "a…@example.com" in listed
    assert "lind" not in added.output + listed
    refused = run("recipients", "add", "syslog://anna.lind")
    assert refused.exit_code == 2
    assert "lind" not in refused.output
    assert run("recipients", "remove", recipient_id).exit_code == 0
    assert recipient_id not in run("recipients", "list").stdout


def test_the_log_says_when_what_to_whom_and_why_not(
    house: House, run: Run, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    queued(house, "gone@example.com", PERSON)
    sink = Sink("550 5.1.1 no such user", "451 4.7.1 later")
    deliverer_to(serve(sink).port).deliver_due()
    lines = run("deliveries").stdout.splitlines()
    told = {line.split()[4]: line for line in lines[1:]}
    assert re.search(
        r"2026-03-02 08:00 +brief_1 +g…@example.com +bounced +1 +550 bounced", told["g…@example.com"]
    )
    assert re.search(r"failed +1 +451 deferred +2026-03-02 08:00:0[456]", told["a…@example.com"])
    only = run("deliveries", "--status", "bounced").stdout
    assert "g…@example.com" in only
    assert "a…@example.com" not in only


def test_a_bounce_and_a_retry_at_the_command_line(
    house: House, run: Run, serve: Serve, deliverer_to: Deliver, tmp_path: Path
):
    keep(house)
    (recipient_id,) = queued(house, PERSON)
    deliverer_to(serve(Sink()).port).deliver_due()
    (sent,) = log_of(house)
    file = tmp_path / "bounce.eml"
    file.write_bytes(notification(message_id=sent.message_id))
    noted = run("deliveries", "bounce", file)
    assert "gets nothing more" in noted.stdout
    assert "lind" not in noted.output
    assert run("deliveries", "retry", sent.delivery_id).exit_code == 2  # they are bounced
    assert run("recipients", "activate", recipient_id).exit_code == 0
    assert run("deliveries", "retry", sent.delivery_id).exit_code == 0
    assert log_of(house)[0].status == "pending"
    assert run("deliveries", "bounce", tmp_path / "none.eml").exit_code == 2


def test_over_http_a_mail_address_needs_run_and_a_channel_admin(door: Door):
    door.principal = Principal("local", "key_1", "viewer", frozenset({"read", "run"}))
    made = door.http.post("/v1/recipients", json={"address": PERSON})
    assert made.status_code == 201
    assert made.json()["shown"] == "a…@example.com"
    assert made.headers["Location"] == f"/v1/recipients/{made.json()['recipient_id']}"
    refused = door.http.post("/v1/recipients", json=CHANNEL)
    assert refused.status_code == 403
    assert door.http.delete(made.headers["Location"]).status_code == 403
    door.principal = LOCAL_OWNER
    assert door.http.post("/v1/recipients", json=CHANNEL).status_code == 201
    assert len(door.http.get("/v1/recipients").json()["items"]) == 2
    assert door.http.delete(made.headers["Location"]).status_code == 204
    door.principal = None
    assert door.http.get("/v1/recipients").status_code == 401


def test_over_http_the_log_comes_in_pages_and_a_bounce_is_noted(
    house: House, door: Door, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    queued(house, PERSON, "b@example.com", "c@example.com")
    deliverer_to(serve(Sink()).port).deliver_due()
    first = door.http.get("/v1/briefings/brief_1/deliveries", params={"limit": 2}).json()
    cursor = {"limit": 2, "cursor": first["next_cursor"]}
    rest = door.http.get("/v1/briefings/brief_1/deliveries", params=cursor).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
    assert door.http.get("/v1/deliveries", params={"status": "dead"}).json()["items"] == []
    told = notification(message_id=log_of(house)[0].message_id).decode()
    noted = door.http.post("/v1/deliveries/bounces", json={"message": told})
    assert (noted.status_code, noted.json()["delivery"]["status"]) == (200, "bounced")
    assert "lind" not in noted.text
    recipient = f"/v1/recipients/{noted.json()['delivery']['recipient_id']}"
    assert door.http.patch(recipient, json={"status": "active"}).json()["status"] == "active"
    again = door.http.post(f"/v1/deliveries/{noted.json()['delivery']['delivery_id']}/retry")
    assert (again.status_code, again.json()["status"]) == (202, "pending")


def _link(house: House, recipient_id: str) -> str:
    return "/unsubscribe?r=" + unsubscribe_token(house.signer, "local", recipient_id)


def test_who_follows_the_link_is_asked_and_nothing_happens_until_the_button(house: House, door: Door):
    door.principal = None
    (recipient_id,) = recipients_for(house.workspace("w"), [PERSON])
    link = _link(house, recipient_id)
    shown = door.http.get(link, headers={"accept": "text/html"})
    assert shown.status_code == 200
    assert "a…@example.com" in shown.text
    assert "lind" not in shown.text
    assert recipient_named(house.database, recipient_id).status == "active"
    assert 'method="post"' in shown.text  # a form of its own: no script is needed
    for _ in range(2):
        done = door.http.post(link, data={"wanted": "no"})
        assert "You get no more briefings" in done.text
        assert recipient_named(house.database, recipient_id).status == "unsubscribed"
    door.http.post(link, data={"wanted": "yes"})
    assert recipient_named(house.database, recipient_id).status == "active"


def test_one_click_of_a_mailbox_is_enough(house: House, door: Door):
    """RFC 8058: a POST of `List-Unsubscribe=One-Click`, by nobody who signed in."""
    door.principal = None
    keep(house)
    (recipient_id,) = queued(house, PERSON)
    done = door.http.post(_link(house, recipient_id), data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert recipient_named(house.database, recipient_id).status == "unsubscribed"
    assert log_of(house)[0].status == "unsubscribed"


def test_a_link_that_was_not_made_here_changes_nothing(house: House, door: Door):
    door.principal = None
    first, other = recipients_for(house.workspace("w"), [PERSON, "b@example.com"])
    link = _link(house, first)
    cut = link[:-1] + ("0" if link[-1] != "0" else "1")
    for wrong in (cut, link.replace(first, other), "/unsubscribe", "/unsubscribe?r=x"):
        assert door.http.post(wrong, data={"wanted": "no"}).status_code == 404
        assert door.http.get(wrong).status_code == 404
    assert recipient_named(house.database, other).status == "active"


def test_the_page_of_who_bounced_has_no_button_to_be_mailed_again(house: House, door: Door):
    door.principal = None
    (recipient_id,) = recipients_for(house.workspace("w"), [PERSON])
    set_status(house.database, recipient_id, "bounced", house.now())
    link = _link(house, recipient_id)
    assert "<form method" not in door.http.get(link).text
    door.http.post(link, data={"wanted": "yes"})
    assert recipient_named(house.database, recipient_id).status == "bounced"
