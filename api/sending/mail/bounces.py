"""Which mail came back, and why? Read from a delivery status notification (RFC 3464)."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import cast

from store.errors import BadFile

MOST_BYTES = 5 << 20
TOKEN = re.compile(r"\b([0-9a-f]{40})\b")
STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})")
DIAGNOSTIC = re.compile(r"(?:smtp;)?\s*([245]\d\d)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Bounce:
    """What a notification says of one mail. Nothing of whom it was to."""

    message_id: str  # its left part
    is_permanent: bool
    code: int | None = None  # of SMTP, where it is told


def bounce_in(content: bytes) -> Bounce | None:
    """The bounce or delay that a notification tells of; None where it says that the mail arrived.

    Raises BadFile for what is no such notification, or is of no mail that could be ours.
    """
    if len(content) > MOST_BYTES:
        raise _no_notification()
    mail = cast(EmailMessage, message_from_bytes(content, policy=default))
    told = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    fields = [block for part in told for block in _blocks(part)]
    actions = {action: block for block in fields if (action := _field(block, "Action").lower())}
    if not actions:
        raise _no_notification()
    worst = next((actions[action] for action in ("failed", "delayed") if action in actions), None)
    if worst is None:
        return None  # delivered, relayed or expanded
    message_id = _message_id(mail, fields)
    if not message_id:
        raise _no_notification()
    return Bounce(message_id, is_permanent=_is_permanent(worst), code=_code(worst))


def _blocks(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [block for block in inner if isinstance(block, Message)] if isinstance(inner, list) else []


def _field(block: Message, name: str) -> str:
    # A header of somebody else's: whatever it holds, it is read as text.
    try:
        return " ".join(str(block.get(name, "")).split())
    except (ValueError, IndexError, AttributeError):
        return ""


def _is_permanent(block: Message) -> bool:
    """Failed for good: a mailbox that is full (x.2.2) may be emptied, one that has moved is gone."""
    if _field(block, "Action").lower() != "failed":
        return False
    found = STATUS.match(_field(block, "Status"))
    if found is None:
        return True
    return found[1] == "5" and (found[2], found[3]) != ("2", "2") and found[2] != "7"


def _code(block: Message) -> int | None:
    found = DIAGNOSTIC.match(_field(block, "Diagnostic-Code"))
    return int(found[1]) if found else None


def _message_id(mail: Message, fields: list[Message]) -> str:
    """Ours, from the envelope (RFC 3461), or of the mail or its head that came back with it."""
    for block in fields:
        if found := TOKEN.search(_field(block, "Original-Envelope-Id")):
            return found[1]
    for part in mail.walk():
        if part is mail:
            continue
        texts = [_field(part, "Message-ID")]
        if part.get_content_type() == "text/rfc822-headers":
            texts.append(_payload_message_id(part))
        if found := next(filter(None, map(TOKEN.search, texts)), None):
            return found[1]
    return ""


def _payload_message_id(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return (
        _field(message_from_bytes(payload, policy=default), "Message-ID")
        if isinstance(payload, bytes)
        else ""
    )


def _no_notification() -> BadFile:
    return BadFile(
        "Not a notification of a mail that came back",
        where="message",
        instead="Give the whole message, with its part message/delivery-status (RFC 3464), as it arrived.",
    )
