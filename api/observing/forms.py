"""What may be told of a happening? Names from the code, ids and figures; nothing like a person's."""

import re
from typing import Any

REMOVED = "[removed]"
MOST_TEXT, LONGEST_READ = 300, 10_000  # characters of a text that a library says

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
ROUTE = re.compile(r"/[A-Za-z0-9_{}.:/-]{0,199}|unmatched")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
PLACE = re.compile(r"[A-Za-z0-9_/.<>-]{1,120}:\d{1,6} [A-Za-z0-9_<>]{1,80}")

# Each thing that a line or a span may tell, and the form it must have; a figure is None.
TOLD: dict[str, re.Pattern[str] | None] = {
    "time": TIME,
    "level": NAME,
    "logger": NAME,
    "event": NAME,
    "method": NAME,
    "route": ROUTE,
    "status": None,
    "ms": None,
    "bytes_in": None,
    "bytes_out": None,
    "organisation": ID,
    "actor": ID,
    "request_id": ID,
    "workflow_id": ID,
    "run_id": ID,
    "tool_trace_id": ID,
    "message_id": ID,
    "name": NAME,
    "outcome": NAME,
    "count": None,
    "attempt": None,
    "tokens_in": None,
    "tokens_out": None,
    "error": NAME,
}

_UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
UUID = re.compile(_UUID)
IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
SECRET = re.compile(r"sk_|whsec_|eyJ")
# In an id a run of digits with what people write between them is a telephone, card or account number,
# and four numbers with dots an address of a machine. The ids made here are UUIDs behind a prefix.
NUMBERED = re.compile(r"\d(?:[ ()./_:-]{0,2}\d){6,}")
IDENTIFIERS = re.compile(
    r"[^\s@<>\"']+@[^\s@<>\"']+"  # an e-mail address
    r"|(?<![A-Za-z0-9])(?:sk_live_|sk_|whsec_|Bearer\s+|Basic\s+|eyJ)[A-Za-z0-9_+/=.-]{8,}"  # a key, a token
    r"|(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}"  # IPv6
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # IPv4
    r"|\+?\d(?:[\s().\u2010-\u2015/_:-]{0,3}\d){6,}"  # a telephone number, a card, a date of birth
    r"|\w+://\S+"  # an address of the web, with what is in its query
    r"|'[^']*'|\"[^\"]*\"|“[^”]*”|`[^`]*`"  # what is quoted is a value
    r"|[^\x09\x0a\x20-\x7e]+",  # the words of this code are ASCII; names need not be
    re.IGNORECASE,
)


def told(name: str, value: Any) -> str | int | float | None:
    """The value if it has the form of what is told under this name; REMOVED if not, None for no such name."""
    if name not in TOLD:
        return None
    form = TOLD[name]
    if form is None:
        return value if isinstance(value, int | float) and not isinstance(value, bool) else REMOVED
    if not isinstance(value, str) or not form.fullmatch(value):
        return REMOVED
    return REMOVED if form is not TIME and looks_like_an_identifier(value) else value


def looks_like_an_identifier(value: str) -> bool:
    """Whether an id that somebody gave reads like a telephone number, an address or a key."""
    without_own = UUID.sub("", value)
    return bool(NUMBERED.search(without_own) or IPV4.search(value) or SECRET.match(value))


def scrubbed(text: str) -> str:
    """A text of a library without anything that could be a value: identifiers, quotes, what is not ASCII."""
    if len(text) > LONGEST_READ:  # cut before it is read, half an identifier would pass
        return REMOVED
    parts = [part if own else IDENTIFIERS.sub(REMOVED, part) for part, own in _own_ids(text)]
    return "".join(parts)[:MOST_TEXT]


def _own_ids(text: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is an id that was made here."""
    parts, at = [], 0
    for found in UUID.finditer(text):
        parts += [(text[at : found.start()], False), (found.group(), True)]
        at = found.end()
    return [*parts, (text[at:], False)]
