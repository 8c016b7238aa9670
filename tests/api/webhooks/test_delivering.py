"""Every message is taken, or is dead after all that was tried."""

import itertools
import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import orjson
import pytest
from standardwebhooks.webhooks import Webhook as Reference

from api.settings import Settings
from api.webhooks.delivering import Deliverer
from api.webhooks.endpoints import (
    Webhook,
    WebhookChange,
    change_webhook,
    replay_all_dead,
    try_webhook,
)
from api.webhooks.retrying import LADDER
from api.webhooks.sending import Answer
from store.errors import Conflict
from store.records.webhooks import endpoint_named
from store.workspace import House
from tests.api.webhooks.conftest import BOUND_S, LAPTOP, Receiver, Scripted, answer, of, told
from tests.conftest import Clock


def test_a_message_is_sent_signed_and_named(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1")
    assert Deliverer(house, settings).deliver_due() == 1
    ((headers, body),) = receiver.got
    assert orjson.loads(body) == {
        "type": "job.done",
        "timestamp": "2026-03-02T08:00:00+00:00",
        "data": {"run_id": "run_1", "counts": {"people": 7}},
    }
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.attempts, delivery.last_status) == ("sent", 1, 204)
    assert headers["webhook-id"] == delivery.message_id
    at = house.now()
    assert hook.secret is not None
    assert headers["webhook-signature"] == Reference(hook.secret).sign(delivery.message_id, at, body.decode())
    assert Deliverer(house, settings).deliver_due() == 0


def test_the_ladder_is_climbed_to_its_end_and_then_the_delivery_is_dead(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    """Ten attempts: at 0, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each ± 10 %."""
    sender = Scripted(clock, Answer(500))
    told(house, "run_1")
    deliverer = Deliverer(house, settings, sender)
    while deliverer.deliver_due():
        (delivery,) = of(house, hook)
        if delivery.next_attempt_at is None:
            break
        clock.time = delivery.next_attempt_at - timedelta(microseconds=1)
        assert deliverer.deliver_due() == 0  # not a moment before
        clock.advance(microseconds=1)
    waits = [(b[0] - a[0]).total_seconds() for a, b in itertools.pairwise(sender.sent)]
    assert len(waits) == 9
    assert all(0.9 * ladder <= wait <= 1.1 * ladder for wait, ladder in zip(waits, LADDER[1:], strict=True))
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.attempts, delivery.last_error) == ("dead", 10, "refused")
    assert len({headers["webhook-id"] for _, _, headers, _ in sender.sent}) == 1
    assert len({body for *_, body in sender.sent}) == 1
    stamps = [int(headers["webhook-timestamp"]) for _, _, headers, _ in sender.sent]
    assert stamps == [int(at.timestamp()) for at, *_ in sender.sent]
    clock.advance(days=30)
    assert deliverer.deliver_due() == 0


def test_a_receiver_that_fails_twice_gets_the_message_at_the_third(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, clock: Clock
):
    statuses = iter([500, 503, 200])
    receiver.answering = lambda handler, _: answer(handler, next(statuses))
    told(house, "run_1")
    for seconds, status in [(0, "failed"), (6, "failed"), (331, "sent")]:
        clock.advance(seconds=seconds)
        assert Deliverer(house, settings).deliver_due() == 1
        assert of(house, hook)[0].status == status
    assert len(receiver.got) == 3
    assert endpoint_named(house.database, hook.webhook_id).failing_since is None


def test_retry_after_puts_the_next_attempt_off(house: House, settings: Settings, hook: Webhook, clock: Clock):
    sender = Scripted(clock, Answer(429, "3600"), Answer(200))
    told(house, "run_1")
    deliverer = Deliverer(house, settings, sender)
    deliverer.deliver_due()
    clock.advance(seconds=3599)
    assert deliverer.deliver_due() == 0
    clock.advance(seconds=1)
    assert deliverer.deliver_due() == 1


def test_a_receiver_that_is_gone_is_disabled_at_once_and_what_waits_is_dead(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    receiver.answering = lambda handler, _: answer(handler, 410)
    told(house, *(f"run_{number}" for number in range(20)))
    made = Deliverer(house, settings).deliver_due()
    assert 1 <= made == len(receiver.got) < 20
    endpoint = endpoint_named(house.database, hook.webhook_id)
    assert (endpoint.enabled, endpoint.disabled_why) == (False, "gone")
    assert Counter(one.status for one in of(house, hook)) == {"dead": 20}
    told(house, "run_later")
    assert len(of(house, hook)) == 20


def test_five_days_of_failures_only_disable_a_receiver_and_enabling_begins_anew(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    deliverer = Deliverer(house, settings, Scripted(clock, Answer()))
    for day in range(6):
        assert endpoint_named(house.database, hook.webhook_id).enabled, day
        told(house, f"run_{day}")
        deliverer.deliver_due()
        clock.advance(days=1)
    endpoint = endpoint_named(house.database, hook.webhook_id)
    assert (endpoint.enabled, endpoint.disabled_why) == (False, "failing")
    with pytest.raises(Conflict):
        try_webhook(house, hook.webhook_id)
    change_webhook(house, LAPTOP, hook.webhook_id, WebhookChange(enabled=True))
    endpoint = endpoint_named(house.database, hook.webhook_id)
    assert (endpoint.enabled, endpoint.disabled_why, endpoint.failing_since) == (True, "", None)
    assert replay_all_dead(house, hook.webhook_id, None) == 6


def test_a_success_between_failures_keeps_a_receiver_enabled(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    for day in range(12):
        told(house, f"run_{day}")
        sender = Scripted(clock, Answer(200) if day % 4 == 3 else Answer(500))
        Deliverer(house, settings, sender).deliver_due()
        clock.advance(days=1)
    assert endpoint_named(house.database, hook.webhook_id).enabled


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_an_inner_address_is_not_followed_and_counts_as_a_failure(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, status: int
):
    receiver.answering = lambda handler, _: answer(handler, status, location="http://169.254.169.254/latest/")
    told(house, "run_1")
    Deliverer(house, settings).deliver_due()
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.last_error, len(receiver.got)) == ("failed", "redirected", 1)


def test_what_was_told_twice_is_sent_once(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1", "run_1")
    told(house, "run_1")
    assert Deliverer(house, settings).deliver_due() == 1
    assert len(of(house, hook)) == len(receiver.got) == 1


def test_a_thread_delivers_until_it_is_told_to_stop(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    arrived, stop = threading.Event(), threading.Event()

    def take(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, 200)
        arrived.set()

    receiver.answering = take
    deliverer = Deliverer(house, settings, poll_seconds=0.01)
    running = threading.Thread(target=deliverer.run, args=(stop,))
    running.start()
    try:
        told(house, "run_1")
        assert arrived.wait(BOUND_S)
    finally:
        stop.set()
        running.join(BOUND_S)
    assert not running.is_alive()
    assert of(house, hook)[0].status == "sent"
