"""Each recipient gets a briefing once, is tried again where that may help, and not where it cannot."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.sending.delivering import BriefingDeliverer
from api.sending.mail.line import MailAnswer
from api.sending.settling import settled_mail
from api.settings import Settings
from api.webhooks.retrying import ATTEMPTS, LADDER
from store.errors import Busy, Conflict, NotFound
from store.records.briefing_deliveries import CLAIMED, Settled, claim_due, send_again, settle
from store.records.recipients import (
    BriefingDelivery,
    queue_briefing,
    recipient_named,
    remove_recipient,
    set_status,
)
from store.workspace import House
from tests.api.sending.conftest import Deliver, Serve, Sink, briefing, keep, log_of, queued
from tests.conftest import Clock

PERSON = "anna.lind@example.com"
ROOT = Path(__file__).parents[3]
BOUND_S = 120.0  # a new process reads all modules, on a machine that may be busy

KILLED = """
import sys, uuid
from datetime import UTC, datetime
from pathlib import Path
from api.sending.delivering import BriefingDeliverer
from api.sending.mail.mailing import Mailing
from api.settings import Settings
from store.workspace import House
from tests.api.sending.conftest import FakeForms

at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
house = House(Path(sys.argv[1]), base_url="", now=lambda: at, new_id=lambda: str(uuid.uuid4()))
settings = Settings(
    home=house.home,
    base_url="https://icp.example.com",
    mail_server="smtp://127.0.0.1:" + sys.argv[2],
    mail_from="Fieldmark <briefings@icp.example.com>",
)
mailing = lambda: Mailing(house, settings, forms=FakeForms())
BriefingDeliverer(house, settings, mailing=mailing).deliver_due()
"""


def test_an_answer_for_now_is_tried_again_and_taken(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    """451 first; the ladder's second step is 5 s, within a tenth: due after 6 s, and not after 4 s."""
    keep(house)
    queued(house, PERSON)
    sink = Sink("451 4.7.1 greylisted", "250 OK")
    deliverer = deliverer_to(serve(sink).port)
    assert deliverer.deliver_due() == 1
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_code, delivery.last_error) == ("failed", 451, "deferred")
    clock.advance(seconds=4)
    assert deliverer.deliver_due() == 0
    clock.advance(seconds=2)
    assert deliverer.deliver_due() == 1
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.attempts, delivery.last_error) == ("sent", 2, "")
    assert len(sink.taken) == 1


def test_an_address_that_does_not_exist_has_bounced_and_is_not_mailed_until_it_is_active_again(
    house: House, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    keep(house, briefing(briefing_id="brief_2"))
    gone, there = queued(house, "gone@example.com", PERSON)
    sink = Sink("550 5.1.1 no such user", "250 OK")
    deliverer = deliverer_to(serve(sink).port)
    assert deliverer.deliver_due() == 2
    first, second = log_of(house)
    assert (first.status, first.last_code, first.next_attempt_at) == ("bounced", 550, None)
    assert second.status == "sent"
    assert recipient_named(house.database, gone).status == "bounced"
    assert recipient_named(house.database, there).status == "active"
    now, new_id = house.now(), house.new_id
    assert queue_briefing(house.database, "brief_2", "w", [gone, there], now, new_id) == 1
    assert deliverer.deliver_due() == 1
    assert sink.asked == 3
    set_status(house.database, gone, "active", house.now())
    assert queue_briefing(house.database, "brief_3", "w", [gone], now, new_id) == 1


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (MailAnswer("", 250), "sent", ""),
        (MailAnswer("recipient", 550), "bounced", "bounced"),
        (MailAnswer("recipient", 550, "5.1.1"), "bounced", "bounced"),
        (MailAnswer("recipient", 553, "5.1.3"), "bounced", "bounced"),
        (MailAnswer("recipient", 550, "5.2.1"), "bounced", "bounced"),
        (MailAnswer("recipient", 550, "5.7.1"), "dead", "refused"),  # a rule: the mailbox may well be there
        (MailAnswer("recipient", 554, "5.7.1"), "dead", "refused"),
        (MailAnswer("recipient", 552), "failed", "deferred"),  # full, as RFC 5321 has it
        (MailAnswer("recipient", 550, "5.2.2"), "failed", "deferred"),
        (MailAnswer("recipient", 450, "4.2.1"), "failed", "deferred"),
        (MailAnswer("sender", 550, "5.7.1"), "failed", "sender"),
        (MailAnswer("sender", 421), "failed", "deferred"),
        (MailAnswer("content", 554, "5.6.0"), "dead", "refused"),
        (MailAnswer("content", 451), "failed", "deferred"),
        (MailAnswer("content"), "failed", "no_answer"),
        (MailAnswer("connection", 554), "failed", "deferred"),
        (MailAnswer("login", 535), "failed", "login"),
        (MailAnswer("tls"), "failed", "tls"),
    ],
)
def test_what_an_answer_means(answer: MailAnswer, status: str, error: str, clock: Clock):
    delivery = BriefingDelivery(
        delivery_id="bdl_1",
        briefing_id="b",
        warehouse="w",
        recipient_id="rcp_1",
        attempts=1,
        created_at=clock(),
    )
    settled = settled_mail(delivery, answer, clock())
    assert (settled.status, settled.error, settled.code) == (status, error, answer.code)
    assert (settled.again_at is None) == (status != "failed")


def test_the_ladder_is_climbed_to_its_end_and_then_the_delivery_is_dead(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    """Ten attempts; the waits between them add up to the ladder's, each within a tenth."""
    keep(house)
    queued(house, PERSON)
    sink, began = Sink("451 later"), clock()
    deliverer = deliverer_to(serve(sink).port)
    while deliverer.deliver_due():
        clock.time = log_of(house)[0].next_attempt_at or clock.time
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.attempts, sink.asked) == ("dead", ATTEMPTS, ATTEMPTS)
    waited = (clock() - began).total_seconds()
    assert 0.9 * sum(LADDER) <= waited <= 1.1 * sum(LADDER)


def test_without_a_mail_server_it_waits_and_says_why(house: House):
    keep(house)
    queued(house, PERSON)
    assert BriefingDeliverer(house, Settings(home=house.home)).deliver_due() == 1
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error) == ("failed", "no_mail_server")


def test_a_briefing_that_is_not_kept_yet_is_tried_again(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    queued(house, PERSON)
    sink = Sink()
    deliverer = deliverer_to(serve(sink).port)
    deliverer.deliver_due()
    assert log_of(house)[0].status == "failed"
    keep(house)
    clock.advance(minutes=1)
    deliverer.deliver_due()
    assert len(sink.taken) == 1


def test_who_unsubscribes_between_the_queue_and_the_sending_gets_nothing(
    house: House, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    stopped, removed = queued(house, PERSON, "other@example.com")
    set_status(house.database, stopped, "unsubscribed", house.now())
    remove_recipient(house.database, removed, house.now())
    sink = Sink()
    assert deliverer_to(serve(sink).port).deliver_due() == 0
    assert [one.status for one in log_of(house)] == ["unsubscribed", "dead"]
    assert sink.asked == 0


def test_who_unsubscribes_while_a_claim_is_held_is_not_tried_again(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    keep(house)
    (stopped,) = queued(house, PERSON)
    claim_due(house.everywhere, house.now(), "killed", 1, mail=True)
    set_status(house.database, stopped, "unsubscribed", house.now())
    clock.time += CLAIMED
    sink = Sink()
    assert deliverer_to(serve(sink).port).deliver_due() == 1
    assert (log_of(house)[0].status, sink.asked) == ("unsubscribed", 0)


def test_two_deliverers_at_once_send_each_mail_once(house: House, serve: Serve, deliverer_to: Deliver):
    keep(house)
    people = [f"person{number}@example.com" for number in range(40)]
    queued(house, *people)
    sink, made = Sink(), list[int]()
    port = serve(sink).port
    deliverers = [deliverer_to(port) for _ in range(2)]
    threads = [threading.Thread(target=lambda d=d: made.append(d.deliver_due())) for d in deliverers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND_S)
    assert sum(made) == 40
    assert sorted(to for to, _ in sink.taken) == sorted(people)
    assert {one.status for one in log_of(house)} == {"sent"}


def test_a_process_that_is_killed_while_the_server_takes_a_mail_leaves_it_to_be_sent_as_the_same_mail(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    """The server has the mail and the record has not: after the claim's five minutes it is sent again, byte
    for byte, under its Message-ID. That is the one window in which a mailbox may get it twice.
    """
    keep(house)
    queued(house, PERSON, "other@example.com")
    held = threading.Event()
    sink = Sink(held=held)
    port = serve(sink).port
    killed = subprocess.Popen([sys.executable, "-c", KILLED, str(house.home), str(port)], cwd=ROOT)
    try:
        assert sink.in_data.wait(BOUND_S)
    finally:
        killed.kill()
        killed.wait(BOUND_S)
    held.set()
    deliverer = deliverer_to(port)
    assert deliverer.deliver_due() == 1  # the other; the first is still claimed
    assert deliverer.deliver_due() == 0
    clock.time += CLAIMED
    assert deliverer.deliver_due() == 1
    (first, content), (other, _), (again, same) = sink.taken
    assert (first, content) == (again, same)
    assert other != first
    assert [(one.status, one.attempts) for one in log_of(house)] == [("sent", 2), ("sent", 1)]


def test_a_claim_that_ran_out_settles_nothing(house: House, clock: Clock):
    queued(house, PERSON)
    (old,) = claim_due(house.everywhere, house.now(), "old", 1, mail=True)
    assert claim_due(house.everywhere, house.now(), "other", 1, mail=True) == []
    with pytest.raises(Busy):
        send_again(house.database, old.delivery.delivery_id, house.now())
    clock.time += CLAIMED
    (new,) = claim_due(house.everywhere, house.now(), "new", 1, mail=True)
    assert not settle(house.everywhere, old, house.now(), Settled("dead", error="refused"))
    assert settle(house.everywhere, new, house.now(), Settled("sent", 250))
    assert (log_of(house)[0].status, log_of(house)[0].attempts) == ("sent", 2)


def test_what_kills_its_sender_every_time_ends_nevertheless(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    queued(house, PERSON)
    for _ in range(ATTEMPTS):
        assert claim_due(house.everywhere, house.now(), "killed", 1, mail=True)
        clock.time += CLAIMED
    deliverer_to(serve(Sink()).port).deliver_due()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error) == ("dead", "killed")


def test_only_what_did_not_arrive_is_sent_again(
    house: House, serve: Serve, deliverer_to: Deliver, clock: Clock
):
    keep(house)
    queued(house, "rule@example.com", PERSON)
    sink = Sink("550 5.7.1 a rule", "250 OK")
    deliverer = deliverer_to(serve(sink).port)
    deliverer.deliver_due()
    first, second = log_of(house)
    again = send_again(house.database, first.delivery_id, house.now())
    assert (again.status, again.attempts, again.message_id) == ("pending", 0, first.message_id)
    with pytest.raises(Conflict):
        send_again(house.database, second.delivery_id, house.now())
    with pytest.raises(NotFound):
        send_again(house.database, "bdl_none", house.now())
    deliverer.deliver_due()
    assert sorted(to for to, _ in sink.taken) == [PERSON, "rule@example.com"]


def test_a_deliverer_runs_until_it_is_told_to_stop(house: House, serve: Serve, deliverer_to: Deliver):
    keep(house)
    queued(house, PERSON)
    sink, stop = Sink(), threading.Event()
    running = threading.Thread(target=deliverer_to(serve(sink).port).run, args=(stop,))
    running.start()
    assert sink.in_data.wait(BOUND_S)
    stop.set()
    running.join(BOUND_S)
    assert not running.is_alive()
    assert log_of(house)[0].status == "sent"


def test_no_address_is_in_what_is_logged(
    house: House, serve: Serve, deliverer_to: Deliver, caplog: pytest.LogCaptureFixture
):
    class Broken:
        def mail(self, *_: object) -> None:
            raise RuntimeError(PERSON)

        def pdf(self, *_: object) -> bytes:
            raise RuntimeError(PERSON)

    keep(house)
    queued(house, PERSON)
    deliverer_to(serve(Sink()).port, forms=Broken()).deliver_due()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error) == ("failed", "failed")
    ours = [record for record in caplog.records if record.name.startswith(("api", "store"))]
    assert len(ours) == 1
    assert all("anna" not in record.getMessage() and record.exc_info is None for record in ours)


@pytest.fixture
def house_in_postgres(postgres_database: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    ids = itertools.count(1)
    opened = House(
        tmp_path / "home",
        base_url="",
        now=clock,
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
        database_url=postgres_database,
    )
    yield opened
    opened.close()


def test_of_two_who_claim_at_once_in_postgres_each_gets_others(house_in_postgres: House):
    house, claimed = house_in_postgres, list[str]()
    queued(house, *(f"person{number}@example.com" for number in range(30)))

    def claim(name: str) -> None:
        for number in itertools.count():
            found = claim_due(house.everywhere, house.now(), f"{name}{number}", 2, mail=True)
            if not found:
                return
            claimed.extend(one.delivery.delivery_id for one in found)

    threads = [threading.Thread(target=claim, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND_S)
    assert len(claimed) == len(set(claimed)) == 30
