"""What does an answer mean: taken, tried again, given up, or an address that is not there?"""

from datetime import datetime

from api.sending.mail.line import MailAnswer
from api.webhooks.retrying import next_attempt
from api.webhooks.sending import Answer
from store.records.briefing_deliveries import Settled
from store.records.recipients import BriefingDelivery

# RFC 5321 lets a client take 552 to a recipient for 452: the mailbox is full.
FULL, NO_MAILBOX = ("2.2",), ("1.", "2.1")
NO_MAILBOX_CODES = (550, 551, 553)


def settled_mail(delivery: BriefingDelivery, answer: MailAnswer, now: datetime) -> Settled:
    """How an attempt by mail ended.

    Errors: `no_answer`, `tls`, `login` and `sender` (the server's settings: tried again, so that they can be
    set right), `deferred`, `refused` (the mail, or by a rule of its receiver), `bounced` (no such mailbox).
    """
    if not answer.stage:
        return Settled("sent", answer.code)
    if answer.stage == "recipient" and _is_no_mailbox(answer):
        return Settled("bounced", answer.code, "bounced")
    if answer.stage in ("tls", "login"):
        return again_or_dead(delivery, now, answer.stage, answer.code)
    if answer.code is None:
        return again_or_dead(delivery, now, "no_answer")
    if answer.code < 500 or answer.stage == "connection" or _is_full(answer):
        return again_or_dead(delivery, now, "deferred", answer.code)
    if answer.stage == "sender":
        return again_or_dead(delivery, now, "sender", answer.code)
    return Settled("dead", answer.code, "refused")


def _is_no_mailbox(answer: MailAnswer) -> bool:
    """Whether it is for good, and about the address: not about a rule (5.7.x), nor a full mailbox."""
    detail = answer.enhanced.partition(".")[2]
    if answer.code is None or answer.code < 500 or answer.enhanced.startswith("4"):
        return False
    return detail.startswith(NO_MAILBOX) if detail else answer.code in NO_MAILBOX_CODES


def _is_full(answer: MailAnswer) -> bool:
    at_recipient = answer.stage == "recipient"
    return at_recipient and (answer.code == 552 or answer.enhanced.partition(".")[2] in FULL)


def settled_post(
    delivery: BriefingDelivery, answer: Answer, now: datetime, *, is_slack: bool = False
) -> Settled:
    """How an attempt by HTTP ended. A channel that says it is gone (410; Slack's 404 too) has bounced.

    Errors: `no_answer`, `redirected`, `refused`, `gone`.
    """
    code = answer.status
    if code is None:
        return again_or_dead(delivery, now, "no_answer")
    if 200 <= code < 300:
        return Settled("sent", code)
    if code == 410 or (is_slack and code == 404):
        return Settled("bounced", code, "gone")
    error = "redirected" if 300 <= code < 400 else "refused"
    return again_or_dead(delivery, now, error, code, answer.retry_after)


def again_or_dead(
    delivery: BriefingDelivery,
    now: datetime,
    error: str,
    code: int | None = None,
    retry_after: str | None = None,
) -> Settled:
    """Tried again where the ladder of webhooks has a step left, else dead."""
    at = next_attempt(delivery.delivery_id, delivery.attempts, now, retry_after)
    return Settled("failed" if at else "dead", code, error, at)
