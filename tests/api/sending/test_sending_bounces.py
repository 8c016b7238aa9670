"""A mail that comes back later is known by its Message-ID or its envelope, and nothing of it is kept."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sending.mail.bounces import Bounce, bounce_in
from api.sending.recipients import note_bounced
from store.errors import BadFile, NotFound, ToolRefused
from store.records.recipients import recipient_named
from store.workspace import House
from tests.api.sending.conftest import Deliver, Serve, Sink, keep, log_of, queued

PERSON = "anna.lind@example.com"
OURS = "0123456789abcdef0123456789abcdef01234567"

NOTIFICATION = """\
From: MAILER-DAEMON@mx.example.net
To: briefings@icp.example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

I am sorry that your mail to {person} could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
{envelope}
Final-Recipient: rfc822; {person}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--part
Content-Type: {kind}

Message-ID: <{message_id}@icp.example.com>
To: {person}
Subject: Two things changed

--part--
"""


def notification(**said: str) -> bytes:
    usual = {
        "person": PERSON,
        "envelope": "Arrival-Date: Mon, 2 Mar 2026 09:00:00 +0000",
        "action": "failed",
        "status": "5.1.1",
        "diagnostic": "550 5.1.1 user unknown",
        "kind": "text/rfc822-headers",
        "message_id": OURS,
    }
    return NOTIFICATION.format(**usual | said).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_the_mail_is_known_by_the_head_that_came_back(kind: str):
    assert bounce_in(notification(kind=kind)) == Bounce(OURS, is_permanent=True, code=550)


def test_the_mail_is_known_by_its_envelope_where_no_head_came_back():
    told = notification(envelope=f"Original-Envelope-Id: {OURS}", message_id="somebody-else")
    assert bounce_in(told) == Bounce(OURS, is_permanent=True, code=550)


@pytest.mark.parametrize(
    ("action", "status", "is_permanent"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.0.0", True),
        ("Failed", "5.4.4", True),
        ("failed", "5.2.2", False),  # full
        ("failed", "5.7.1", False),  # a rule
        ("failed", "4.4.7", False),  # given up after days, of which nobody knows why
        ("delayed", "4.4.1", False),
    ],
)
def test_what_is_for_good_is_told_apart(action: str, status: str, is_permanent: bool):
    found = bounce_in(notification(action=action, status=status))
    assert found is not None
    assert found.is_permanent == is_permanent


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_notification_that_it_arrived_is_no_bounce(action: str):
    assert bounce_in(notification(action=action, status="2.0.0")) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: I am away\r\n\r\nuntil Monday",
        notification(message_id="no-id-of-ours"),
        b"\xff\x00" * 50,
    ],
)
def test_what_is_no_notification_of_ours_is_refused_without_its_words(content: bytes):
    with pytest.raises(BadFile) as refused:
        bounce_in(content)
    assert "anna" not in str(refused.value)


@given(st.binary(max_size=400), st.integers(0, 900))
def test_whatever_somebody_writes_into_a_notification_it_is_read_or_refused(noise: bytes, at: int):
    told = notification()
    with suppress(ToolRefused):
        bounce_in(told[:at] + noise + told[at:])


def test_a_bounce_marks_its_delivery_and_its_recipient_and_keeps_no_address(
    house: House, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    (recipient_id,) = queued(house, PERSON)
    deliverer_to(serve(Sink()).port).deliver_due()
    (sent,) = log_of(house)
    told = notification(message_id=sent.message_id)
    for _ in range(2):  # told twice it is the same
        noted = note_bounced(house, told)
        assert noted.is_permanent
        assert noted.delivery is not None
        assert (noted.delivery.status, noted.delivery.last_code) == ("bounced", 550)
        assert noted.delivery.shown == "a…@example.com"
    assert recipient_named(house.database, recipient_id).status == "bounced"
    assert PERSON not in str(log_of(house))


def test_a_delay_is_noted_and_ends_nothing(house: House, serve: Serve, deliverer_to: Deliver):
    keep(house)
    (recipient_id,) = queued(house, PERSON)
    deliverer_to(serve(Sink()).port).deliver_due()
    late = notification(message_id=log_of(house)[0].message_id, action="delayed", status="4.4.1")
    assert not note_bounced(house, late).is_permanent
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error) == ("sent", "delayed")
    assert recipient_named(house.database, recipient_id).status == "active"


def test_a_bounce_of_somebody_elses_mail_is_not_found(house: House):
    with pytest.raises(NotFound):
        note_bounced(house, notification())
