"""Channels get their own forms, at addresses that were checked, and nothing of this machine is reached."""

import logging
from typing import Any

import orjson
import pytest
from standardwebhooks.webhooks import Webhook as Reference

from api.sending.channels import webhook_secret
from api.sending.recipients import NewRecipient, add_recipient
from api.sending.services import ALLOWED, Services, is_service
from api.webhooks.addresses import Reach
from api.webhooks.sending import Answer, Sender
from store.errors import BadInput
from store.records.recipient_address import SERVICES
from store.records.recipients import recipient_named
from store.workspace import House
from tests.api.sending.conftest import Deliver, Redirecting, keep, log_of, queued
from tests.api.webhooks.conftest import Receiver, answer
from tests.conftest import Clock

# apprise reads pictures with a module that Python 3.13 has no more, where there is one.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
NOWHERE = 9  # of mail: no mail is sent here
WORKFLOW = "https://prod-1.westeurope.logic.azure.com:443/workflows/abc1/triggers/manual/paths/invoke?sig=SIG"


def test_slack_gets_blocks_at_its_webhook(house: House, deliverer_to: Deliver, receiver: Receiver):
    keep(house)
    queued(house, "slack://T1/B1/secretC1/#sales")
    sender = Redirecting(receiver.url)
    assert deliverer_to(NOWHERE, sender=sender).deliver_due() == 1
    ((_, body),) = receiver.got
    told = orjson.loads(body)
    assert told["text"] == "Two things changed, both real"
    assert told["blocks"][0]["text"]["text"].startswith("<https://icp.example.com/briefings/brief_1|")
    assert sender.meant == ["https://hooks.slack.com/services/T1/B1/secretC1"]
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_code) == ("sent", 204)


def test_teams_gets_a_card_at_its_workflow(house: House, deliverer_to: Deliver, receiver: Receiver):
    keep(house)
    queued(house, WORKFLOW)
    sender = Redirecting(receiver.url)
    deliverer_to(NOWHERE, sender=sender).deliver_due()
    assert orjson.loads(receiver.got[0][1])["attachments"][0]["content"]["body"].startswith("Two things")
    assert sender.meant == [WORKFLOW]


def test_another_program_gets_the_whole_briefing_signed_under_the_same_id_each_time(
    house: House, deliverer_to: Deliver, receiver: Receiver, clock: Clock
):
    keep(house)
    (recipient_id,) = queued(house, f"json://127.0.0.1:{receiver.port}/hook")
    receiver.answering = lambda handler, _: answer(handler, 500)
    deliverer = deliverer_to(NOWHERE)
    deliverer.deliver_due()
    receiver.answering = lambda handler, _: answer(handler, 200)
    clock.advance(seconds=6)
    deliverer.deliver_due()
    (first, _), (second, body) = receiver.got
    assert first["webhook-id"] == second["webhook-id"] == log_of(house)[0].message_id
    assert orjson.loads(body)["data"]["headline"] == "Two things changed, both real"
    assert orjson.loads(body)["data"]["links"] == {"page": "https://icp.example.com/briefings/brief_1"}
    secret = webhook_secret(house.signer, recipient_id)
    signed = Reference(secret).sign(second["webhook-id"], clock(), body.decode())
    assert second["webhook-signature"] == signed


@pytest.mark.parametrize(
    ("said", "status", "outcome", "error"),
    [
        ("slack://T1/B1/C1", 404, "bounced", "gone"),
        ("slack://T1/B1/C1", 410, "bounced", "gone"),
        ("https://hooks.example.com/x", 404, "failed", "refused"),
        ("https://hooks.example.com/x", 410, "bounced", "gone"),
        ("https://hooks.example.com/x", 302, "failed", "redirected"),
        (WORKFLOW, 429, "failed", "refused"),
        (WORKFLOW, 202, "sent", ""),
    ],
)
def test_what_a_channel_answers_decides_what_becomes_of_it(
    house: House, deliverer_to: Deliver, receiver: Receiver, said: str, status: int, outcome: str, error: str
):
    keep(house)
    (recipient_id,) = queued(house, said)
    receiver.answering = lambda handler, _: answer(handler, status, location="http://127.0.0.1:1/")
    deliverer_to(NOWHERE, sender=Redirecting(receiver.url)).deliver_due()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error, delivery.last_code) == (outcome, error, status)
    expected = "bounced" if outcome == "bounced" else "active"
    assert recipient_named(house.database, recipient_id).status == expected
    assert len(receiver.got) == 1


def test_a_channel_inside_is_refused_when_it_is_added_and_not_reached_when_it_is_sent(
    house: House, deliverer_to: Deliver, receiver: Receiver
):
    """The name led outside when it was added; when it is sent it leads to this machine."""
    keep(house)
    for inside in (
        "https://127.0.0.1/x",
        "https://metadata.google.internal/",
        "https://[::1]/",
        "https://intra/",
    ):
        with pytest.raises(BadInput) as refused:
            add_recipient(house, Reach(), NewRecipient(address=inside), "local", lambda *_: ["127.0.0.1"])
        assert inside not in str(refused.value)
    wanted = NewRecipient(address="https://hooks.example.com/x")
    made = add_recipient(house, Reach(), wanted, "local", lambda *_: ["93.184.216.34"])
    assert made.secret is not None
    queued(house, made.recipient_id)
    sender = Sender(Reach(), resolve=lambda *_: ["127.0.0.1"])
    deliverer_to(NOWHERE, sender=sender).deliver_due()
    assert (log_of(house)[0].last_error, receiver.got) == ("no_answer", [])


def test_one_that_hangs_does_not_hold_the_others(house: House, deliverer_to: Deliver, make_receiver: Any):
    keep(house)
    hanging, healthy = make_receiver(), make_receiver()

    def hang(handler: Any, _: bytes) -> None:
        hanging.released.wait(20)
        answer(handler, 200)

    def take(handler: Any, _: bytes) -> None:
        answer(handler, 200)
        hanging.released.set()  # only now does the other answer

    hanging.answering, healthy.answering = hang, take
    queued(house, f"json://127.0.0.1:{hanging.port}/", f"json://127.0.0.1:{healthy.port}/")
    assert deliverer_to(NOWHERE).deliver_due() == 2
    assert [one.status for one in log_of(house)] == ["sent", "sent"]


class _Answered:
    """What `requests.post` gives apprise."""

    def __init__(self, status: int) -> None:
        self.status_code, self.content, self.text, self.headers = status, b"{}", "{}", {}


@pytest.mark.parametrize(("status", "expected"), [(204, Answer(200)), (404, Answer(404)), (500, Answer(500))])
def test_a_service_is_sent_to_by_apprise_and_its_code_is_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, status: int, expected: Answer
):
    asked: list[tuple[str, dict[str, Any]]] = []

    def post(url: str, **how: Any) -> _Answered:
        asked.append((url, how))
        return _Answered(status)

    monkeypatch.setattr("apprise.plugins.discord.requests.post", post)
    caplog.set_level(logging.DEBUG)
    assert Services().post("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "Title", "# Body") == expected
    assert asked[0][0].startswith("https://discord.com/api/webhooks/4174216298/")
    assert asked[0][1]["allow_redirects"] is False
    assert "JHMHI8qBe7bk2ZwO5U711o3dV_js" not in caplog.text


def test_what_is_not_on_the_list_is_never_given_to_apprise():
    for url in (
        *("syslog://", "dbus://", "gnome://", "windows://", "macosx://", "glib://", "blink1://"),
        *("form://127.0.0.1", "xml://127.0.0.1", "ntfy://127.0.0.1/x", "mqtt://127.0.0.1/x", "file:///tmp/x"),
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template=/etc/passwd",
    ):
        assert Services().post(url, "t", "b") == Answer()


def test_every_service_on_the_list_is_one_that_apprise_knows():
    import apprise

    known = {
        scheme
        for plugin in apprise.Apprise().details()["schemas"]
        for scheme in (*(plugin["protocols"] or ()), *(plugin["secure_protocols"] or ()))
    }
    assert known >= SERVICES
    assert known >= ALLOWED
    assert is_service("slack://xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d/#general")
    assert not is_service("discord://only-one-part")
