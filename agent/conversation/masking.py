"""What of a message may be kept: its words, with every identifier in it replaced by how many there were."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from agent.planner.plan import Plan
from agent.planner.reading.identifiers import CHANNEL_URL

MARK = "\x1a"  # stands around a kind while marks are put in; no message keeps one
UNMASKED = frozenset(
    [
        "expression",
        "among",
        "exclude",
        "traits",
        "cluster_hash",
        "cluster_id",
        "cluster",
        "analysis_id",
        "workflow_id",
    ]
)
NAMES = {
    "email": ("e-mail", "e-mails"),
    "phone": ("phone", "phones"),
    "address": ("address", "addresses"),
    "maid": ("mobile id", "mobile ids"),
    "hash": ("hash", "hashes"),
    "id": ("id", "ids"),
    "channel": ("channel", "channels"),
}
STREET = (
    r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|way|trail|trl|place|pl|terrace|"
    r"ter|circle|cir|parkway|pkwy|highway|hwy|square|sq)"
)
COUNTED = r"(?!(?:people|persons?|customers|leads|users|miles?|km|of|in|or|and|who|homeowners)\b)"
# Without a ZIP code only capitals tell `12 Oak Street` from `25 golfers on the road`.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("channel", CHANNEL_URL),
    ("email", re.compile(r"[^\s@<>,;:\"'()\[\]]{1,64}@[^\s@<>,;:\"'()\[\]]{1,250}\.[^\W\d_]{2,}")),
    ("maid", re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)),
    ("hash", re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|(?<!cluster )[0-9a-f]{32})\b", re.IGNORECASE)),
    (
        "address",
        re.compile(
            rf"\b\d{{1,6}}\s+{COUNTED}(?:[\w.'#-]+\s+){{0,4}}?{STREET}\b[^\n;]{{0,50}}?\b\d{{5}}(?:-\d{{4}})?\b",
            re.IGNORECASE,
        ),
    ),
    ("address", re.compile(rf"\b\d{{1,6}}\s+(?:[A-Z][\w.'-]*\s+){{1,3}}(?i:{STREET})\b\.?")),
    (
        "phone",
        re.compile(r"(?<![\w.,$-])(?<!cluster )\+?\(?\d(?:[\s().\u2010-\u2015-]{0,2}\d){9,14}(?![\w%])"),
    ),
)
BETWEEN = r"(?:\s*[,;&/]\s*|\s+)(?:and\s+|or\s+)?"
MASK = re.compile(rf"\[[\d,]+ (?:{'|'.join(word for pair in NAMES.values() for word in pair)})\]")
RUN = re.compile(rf"{MARK}(\w+){MARK}(?:{BETWEEN}{MARK}\1{MARK})*")


def masked(text: str, known: Iterable[tuple[str, str]] = ()) -> str:
    """The text with identifiers as `[3 e-mails]`; known: (kind, value) that were understood as such."""
    text = text.replace(MARK, "")
    for kind, value in sorted(known, key=lambda pair: -len(pair[1])):
        if len(value) > 2:
            text = text.replace(value, f"{MARK}{kind}{MARK}")
    for kind, pattern in PATTERNS:
        text = pattern.sub(_marking(kind), text)
    return RUN.sub(_counted, text)


def _marking(kind: str) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{MARK}{kind}{MARK}"


def _counted(found: re.Match[str]) -> str:
    count = found[0].count(MARK) // 2
    one, several = NAMES[found[1]]
    return f"[{count:,} {one if count == 1 else several}]"


def is_masked(text: str) -> bool:
    """Whether identifiers were taken out of the text, so that it no longer says what it said."""
    return MASK.search(text) is not None


def identifiers_in(plan: Plan) -> list[tuple[str, str]]:
    """Kind and value of every identifier that the plan took from the message."""
    found: list[tuple[str, str]] = []
    for step in plan.steps:
        arguments = step.arguments
        for group in arguments.get("multi_identifiers") or []:
            found += [(_kind(group), value) for value in group.get("values", [])]
        kind = arguments.get("id_type") or "id"
        found += [(kind, value) for value in arguments.get("identifiers") or []]
        found += [
            ("email" if "@" in value and "://" not in value else "channel", value)
            for value in arguments.get("recipients") or []
        ]
    return [(kind, value) for kind, value in found if isinstance(value, str)]


def _kind(group: dict[str, Any]) -> str:
    if group.get("hash_type", "plaintext") != "plaintext":
        return "hash"
    return group["id_type"] if group.get("id_type") in NAMES else "id"


def masked_plan(plan: Plan) -> dict[str, Any]:
    """The plan as it may be shown and kept: what identifies people is counted, not told."""
    known = identifiers_in(plan)
    kept = plan.model_dump(mode="json", exclude_none=True)
    for step in kept["steps"]:
        step["arguments"] = {
            name: _masked_argument(name, value, known) for name, value in step["arguments"].items()
        }
        step["in_words"] = masked(step["in_words"], known)
    for name in ("ask", "decline"):
        if name in kept:
            kept[name] = masked(kept[name], known)
    return kept


def _masked_argument(name: str, value: Any, known: list[tuple[str, str]]) -> Any:
    if name == "multi_identifiers":
        return [
            group | {"values": [_how_many(_kind(group), len(group.get("values", [])))]}
            for group in value or []
        ]
    if name == "identifiers":
        return [_how_many("id", len(value or []))]
    if name in UNMASKED:
        return value
    return _masked_within(value, known)


def _how_many(kind: str, count: int) -> str:
    one, several = NAMES[kind]
    return f"[{count:,} {one if count == 1 else several}]"


def _masked_within(value: Any, known: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        return masked(value, known)
    if isinstance(value, list):
        return [_masked_within(one, known) for one in value]
    if isinstance(value, dict):
        return {name: _masked_within(one, known) for name, one in value.items()}
    return value
