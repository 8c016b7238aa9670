"""Who is told, signed with what; and telling them again."""

import base64
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.settings import Settings
from api.webhooks.delivering import Deliverer
from api.webhooks.endpoints import (
    Webhook,
    WebhookChange,
    change_webhook,
    remove_webhook,
    replay_all_dead,
    replay_one,
    rotate_webhook,
    try_webhook,
)
from api.webhooks.sending import Answer
from api.webhooks.signing import signature
from store.errors import NotFound
from store.records.deliveries import claim_due, forget_old, settle
from store.records.outbox import tell
from store.records.webhooks import endpoint_named
from store.workspace import House
from tests.api.webhooks.conftest import LAPTOP, Receiver, Scripted, listening, of, told
from tests.conftest import Clock


def test_only_those_who_want_an_event_are_told(
    house: House, settings: Settings, make_receiver: Callable[[], Receiver]
):
    all_of_it, exports, off = make_receiver(), make_receiver(), make_receiver()
    listening(house, all_of_it)
    listening(house, exports, "export.ready", "export.ready")
    disabled = listening(house, off)
    change_webhook(house, LAPTOP, disabled.webhook_id, WebhookChange(enabled=False))
    told(house, "run_1")
    tell(
        house,
        "export_1",
        "export.ready",
        {"export_id": "export_1", "links": {"export": "/v1/exports/export_1"}},
    )
    assert Deliverer(house, settings).deliver_due() == 3
    assert [len(one.got) for one in (all_of_it, exports, off)] == [2, 1, 0]


def test_after_a_rotation_both_secrets_sign_for_a_day(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, clock: Clock
):
    new = rotate_webhook(house, hook.webhook_id)
    assert hook.secret is not None
    assert new.secret is not None
    assert new.secret != hook.secret
    for hours, secrets in [
        (0, [new.secret, hook.secret]),
        (23, [new.secret, hook.secret]),
        (2, [new.secret]),
    ]:
        clock.advance(hours=hours)
        try_webhook(house, hook.webhook_id)
        Deliverer(house, settings).deliver_due()
        headers, body = receiver.got[-1]
        stamp = int(headers["webhook-timestamp"])
        expected = [signature(secret, headers["webhook-id"], stamp, body) for secret in secrets]
        assert headers["webhook-signature"].split(" ") == expected


def test_a_secret_lies_sealed_in_the_records(house: House, hook: Webhook):
    kept = endpoint_named(house.database, hook.webhook_id).secret
    assert hook.secret is not None
    raw = base64.b64decode(hook.secret.removeprefix("whsec_"))
    house.close()
    written = b"".join(file.read_bytes() for file in house.home.glob("fieldmark.db*"))
    assert kept.encode() in written
    assert hook.secret.removeprefix("whsec_").encode() not in written
    assert raw not in written


def test_a_secret_that_cannot_be_opened_is_told_and_nothing_is_sent(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1")
    (house.home / "secret.key").write_bytes(b"k" * 32)
    Deliverer(house, settings).deliver_due()
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.last_error, receiver.got) == ("dead", "secret", [])
    assert (
        endpoint_named(house.database, hook.webhook_id).failing_since is None
    )  # it is not the receiver's fault


def test_a_replay_keeps_the_id_and_begins_the_ladder_anew(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, clock: Clock
):
    told(house, "run_1")
    Deliverer(house, settings).deliver_due()
    (delivery,) = of(house, hook)
    clock.advance(days=1)
    assert replay_one(house, delivery.delivery_id).status == "pending"
    assert Deliverer(house, settings).deliver_due() == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert of(house, hook)[0].attempts == 1
    with pytest.raises(NotFound):
        replay_one(house, "dlv_none")


def test_only_what_died_since_a_time_is_replayed(house: House, hook: Webhook, clock: Clock):
    for number in range(4):
        told(house, f"run_{number}")
        (claimed,) = claim_due(house.everywhere, house.now(), f"c{number}", 1, 1)
        settle(house.everywhere, claimed, house.now(), status=500, error="refused" if number != 2 else "")
        clock.advance(hours=1)
    since = house.now() - timedelta(hours=3)
    assert (
        replay_all_dead(house, hook.webhook_id, since) == 2
    )  # the second and the fourth: the third was taken
    assert Counter(one.status for one in of(house, hook)) == {"pending": 2, "dead": 1, "sent": 1}


def test_what_a_removed_receiver_was_to_be_sent_is_forgotten(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1")
    remove_webhook(house, hook.webhook_id)
    assert Deliverer(house, settings).deliver_due() == 0
    assert receiver.got == []
    with pytest.raises(NotFound):
        remove_webhook(house, hook.webhook_id)


def test_messages_are_forgotten_after_30_days_unless_they_are_still_tried(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    told(house, "run_1")
    Deliverer(house, settings, Scripted(clock, Answer(200))).deliver_due()
    told(house, "run_2")
    clock.advance(days=29)
    told(house, "run_3")
    assert forget_old(house.everywhere, house.now()) == 0
    clock.advance(days=2)
    assert forget_old(house.everywhere, house.now()) == 1
    assert {one.status for one in of(house, hook)} == {"pending"}
    assert len(of(house, hook)) == 2


def test_an_organisation_is_told_of_its_own_only(
    house: House, settings: Settings, make_receiver: Callable[[], Receiver]
):
    ours, theirs = make_receiver(), make_receiver()
    here, there = house.of("org_1"), house.of("org_2")
    our_hook, their_hook = listening(here, ours), listening(there, theirs)
    told(here, "run_1")
    assert Deliverer(house, settings).deliver_due() == 1
    assert (len(ours.got), len(theirs.got)) == (1, 0)
    (delivery,) = of(here, our_hook)
    for asked in (
        lambda: try_webhook(there, our_hook.webhook_id),
        lambda: remove_webhook(there, our_hook.webhook_id),
        lambda: rotate_webhook(there, our_hook.webhook_id),
        lambda: replay_one(there, delivery.delivery_id),
        lambda: change_webhook(there, LAPTOP, our_hook.webhook_id, WebhookChange(enabled=False)),
    ):
        with pytest.raises(NotFound):
            asked()
    assert of(there, our_hook) == []
    assert of(there, their_hook) == []
    told(there, "run_1")  # the same key is another organisation's own
    assert Deliverer(house, settings).deliver_due() == 1
    assert len(theirs.got) == 1


def test_what_was_told_while_its_receiver_was_removed_is_forgotten_in_time(
    house: House, hook: Webhook, clock: Clock
):
    told(house, "run_1")
    with house.database.session() as session:
        session.delete(endpoint_named(house.database, hook.webhook_id))
    clock.advance(days=31)
    assert forget_old(house.everywhere, house.now()) == 1
    assert of(house, hook) == []
