"""The commands for webhooks, over a house of their own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app as commands
from api.settings import Settings
from api.webhooks.delivering import Deliverer
from tests.api.webhooks.conftest import Receiver, answer

Run = Callable[..., Any]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def webhooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FIELDMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDMARK_WEBHOOKS_PRIVATE", "true")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(commands, ["webhooks", *words])


def said(result: Any) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def deliver() -> int:
    settings = Settings.read()
    house = settings.house()
    try:
        return Deliverer(house, settings).deliver_due()
    finally:
        house.close()


def test_a_receiver_is_added_tried_rotated_and_removed(webhooks: Run, receiver: Receiver):
    made = said(webhooks("add", receiver.url, "--event", "job.done", "--description", "[x]", "--json"))
    hook, secret = made["webhook_id"], made["secret"]
    (listed,) = said(webhooks("list", "--json"))
    assert (listed["events"], listed["description"], "secret" in listed) == (["job.done"], "[x]", False)
    assert "[x]" in webhooks("list").stdout
    said(webhooks("test", hook, "--json"))
    assert deliver() == 1
    (line,) = said(webhooks("deliveries", hook, "--json"))
    assert (line["status"], line["last_status"]) == ("sent", 204)
    assert "sent" in webhooks("deliveries", hook).stdout
    assert said(webhooks("rotate", hook, "--json"))["secret"] != secret
    assert said(webhooks("remove", hook, "--json"))["removed"] is True
    assert said(webhooks("list", "--json")) == []


def test_the_id_and_the_secret_stand_on_stdout_alone(webhooks: Run, receiver: Receiver):
    found = webhooks("add", receiver.url)
    hook, secret = found.stdout.split()
    assert (hook[:5], secret[:6]) == ("hook_", "whsec_")
    assert secret not in found.stderr


def test_dead_ones_and_single_ones_are_replayed(webhooks: Run, receiver: Receiver):
    hook = said(webhooks("add", receiver.url, "--json"))["webhook_id"]
    delivery = said(webhooks("test", hook, "--json"))["delivery_id"]
    receiver.answering = lambda handler, _: answer(handler, 200)
    assert deliver() == 1
    assert said(webhooks("replay", hook, "--json")) == {"replayed": 0}
    assert said(webhooks("replay", hook, "--since", "2026-01-01", "--json")) == {"replayed": 0}
    assert said(webhooks("replay", delivery, "--json"))["status"] == "pending"
    assert deliver() == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "https://169.254.169.254/"], 2),
        (["add", "nothing"], 2),
        (["add", "https://example.com/" + "a" * 3000], 2),
        (["add", "https://127.0.0.1:5000/", "--event", "job.undone"], 2),
        (["add", "https://127.0.0.1:5000/", "--description", "a\nb"], 2),
        (["remove", "hook_none"], 3),
        (["test", "hook_none"], 3),
        (["deliveries", "hook_none"], 3),
        (["rotate", "hook_none"], 3),
        (["replay", "hook_none"], 3),
        (["replay", "dlv_none"], 3),
    ],
)
def test_what_cannot_be_done_is_refused(webhooks: Run, words: list[str], code: int):
    found = webhooks(*words)
    assert found.exit_code == code
    assert "Refused" in found.stderr
    assert found.stdout == ""
