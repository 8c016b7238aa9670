"""Which identifiers are in a message, of which kind, and which other keys?"""

import re
from dataclasses import dataclass
from typing import Literal

from agent.planner.reading.sentence import Marked

Kind = Literal["email", "phone", "address", "maid", "hash", "analysis", "cluster", "file", "channel"]

_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
_STREET = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl"
    r"|terrace|ter|circle|cir"
    r"|highway|hwy|parkway|pkwy|trail|trl|square|sq|loop|row|alley|crescent|close"
)
_UNIT = r"(?:,? (?:apt|apartment|unit|suite|ste|floor|fl|#)\.? ?#?[\w-]{1,6})?"
_PLACE = (
    r"(?:,? [A-Za-z.'-]{2,20}(?: [A-Za-z.'-]{2,20}){0,2}?,? [A-Z]{2}(?:,? \d{5}(?:-\d{4})?)?\b"
    r"|,? [A-Za-z.'-]{2,20}(?: [A-Za-z.'-]{2,20}){0,2}?,? \d{5}(?:-\d{4})?\b"
    r"|, [A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){0,2},? [A-Z][a-z]{3,13}\b(?: \d{5})?"
    r"|,? \d{5}(?:-\d{4})?\b|, [A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20})?)?"
)
# Such a URL holds a key: whoever has it may post there.
CHANNEL_URL = re.compile(
    r"(?<!\w)(?:(?:slack|workflows?|jsons|discord|dingtalk|feishu|flock|gchat|lark|opsgenie|pagerduty|pover"
    r"|tgram|twist|webex|wxteams)://[^\s,;\"'<>]{3,2000}"
    r"|https://(?:hooks\.slack(?:-gov)?\.com/[^\s,;\"'<>]{3,2000}|[^\s/]{1,253}(?:/[\w-]{1,60}){0,4}/workflows/"
    r"[^\s,;\"'<>]{3,2000}))",
    re.I,
)
# In the order in which they are looked for: what is surer comes first.
_PATTERNS: list[tuple[Kind, re.Pattern[str]]] = [
    ("channel", CHANNEL_URL),
    (
        "email",
        re.compile(r"(?<![\w.+%-])[\w.+%-][\w.+%'-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"),
    ),
    ("analysis", re.compile(r"(?<!\w)icp_[A-Za-z0-9][A-Za-z0-9_-]{0,70}")),
    (
        "maid",
        re.compile(
            r"(?<![\w-])\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?(?![\w-])", re.I
        ),
    ),
    ("hash", re.compile(r"(?<!\w)(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?!\w)", re.I)),
    ("channel", re.compile(r"(?<!\w)#[a-z][\w-]{1,79}", re.I)),
    (
        "file",
        re.compile(r"(?<![\w.])[\w-][\w.-]{0,100}\.(?:csv|xlsx?|tsv|parquet|jsonl?|ndjson|txt)(?!\w)", re.I),
    ),
    (
        "address",
        re.compile(
            rf"(?<![\w$.-])\d{{1,6}} (?:(?!people|persons|homeowners|contacts|who|that|and"
            rf"|miles)[A-Za-z0-9.'-]{{1,20}} )"
            rf"{{1,4}}?(?:{_STREET})\b\.?(?: [NSEW]{{1,2}}\b\.?)?{_UNIT}{_PLACE}",
            re.I,
        ),
    ),
    ("address", re.compile(rf"(?<!\w)P\.?O\.? Box \d{{1,7}}{_PLACE}", re.I)),
    ("cluster", re.compile(r"(?<![\w.,+-])1000\d{6}(?![\w-])")),
    (
        "phone",
        re.compile(
            r"(?<![\w$.,/-])(?:\+\d[\d ().-]{6,18}\d|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]?\d{4}"
            r"|(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}|\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4})"
            r"(?: ?(?:x|ext\.?) ?\d{1,5})?(?![\w-])"
        ),
    ),
]
_BARE_PHONE = re.compile(
    r"(?<![\w$.,-])(?:1?[2-9]\d{9}|\d{3}-\d{4})(?![\w-])"
    r"(?! (?:employees|people|staff|seats|workers))"
)
_OF_PHONES = re.compile(
    r"\b(?:phones?|numbers?|mobiles?|cell ?phones?|sms|call|ring|tel(?:ephones?)?)\b", re.I
)
_OF_DEVICES = re.compile(
    r"\b(?:maids?|idfas?|gaids?|aaids?|device|(?:mobile )?ad(?:vertising)? ids?|mobile ids?)\b", re.I
)
_OF_CLUSTERS = re.compile(r"\b(?:clusters?|traits?|attributes?)\b", re.I)
_OF_PEOPLE = re.compile(
    r"\b(?:md5|sha-?1|sha-?256|e-?mails?|phones?|hashed|customers?|resolve|people|who)\b", re.I
)
_ADDRESS_WORDS = re.compile(r"\b(?:address(?:es)?|lives?|living|who|postcards?|mail)\b", re.I)


@dataclass(frozen=True)
class Found:
    """Something put aside: its mark in the text, what it is, and how it was written."""

    mark: str
    kind: Kind
    value: str


def put_identifiers_aside(marked: Marked) -> list[Found]:
    """Everything in the text that is a key of something, as mentioned; marks stand in its place."""
    found: list[Found] = []
    for kind, pattern in [*_PATTERNS, ("phone", _BARE_PHONE)]:
        if pattern is _BARE_PHONE and not _OF_PHONES.search(marked.text):
            continue
        for match in reversed(list(pattern.finditer(marked.text))):
            if marked.is_full or (kind == "address" and not _is_address(match[0], marked.text)):
                continue
            value = match[0].rstrip(" ,.")
            found.append(Found(marked.put_aside(match.start(), match.start() + len(value)), kind, value))
    return sorted(found, key=lambda each: marked.text.index(each.mark))


def _is_address(value: str, text: str) -> bool:
    """Whether a number with words and a street's ending is rather an address than a number of things."""
    words = value.replace(",", " ").split()
    return (
        "," in value
        or bool(re.search(r"\d{5}$", value))
        or (words[1][:1].isupper() and words[-1][:1].isupper())
        or bool(_ADDRESS_WORDS.search(text))
    )


def groups_of(found: list[Found], text: str) -> list[dict[str, object]]:
    """The identifiers of persons in groups of one type and form, as the tools take them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in found:
        key = _type_of(each, text)
        if key and each.value not in groups.setdefault(key, []):
            groups[key].append(each.value)
    return [
        {"id_type": id_type, "hash_type": hash_type, "values": values}
        for (id_type, hash_type), values in groups.items()
    ]


def _type_of(found: Found, text: str) -> tuple[str, str] | None:
    if found.kind == "hash":
        hashed = _HASHES[len(found.value)]
        if _OF_DEVICES.search(text):
            return "maid", hashed
        return ("phone" if _OF_PHONES.search(text) else "email"), hashed
    if found.kind in ("email", "phone", "address", "maid"):
        return found.kind, "plaintext"
    return None


def cluster_keys(found: list[Found], text: str) -> list[Found]:
    """Ids and hashes of clusters, where the text speaks of clusters."""
    return [
        each
        for each in found
        if each.kind == "cluster"
        or (each.kind == "hash" and len(each.value) == 32 and _OF_CLUSTERS.search(text))
    ]


def values_of(found: list[Found], kind: Kind) -> list[str]:
    """What was written of one kind."""
    return [each.value for each in found if each.kind == kind]


_PERSON = (
    r"(?:persons?|people|individuals?|pids?|person_ids?|records?|profiles?"
    r"|customers?|users?|ids?|consumers?|leads?)"
)
_IDS = re.compile(
    rf"\b{_PERSON}(?: (?:with|of|having|for))?(?: (?:the )?(?:person )?(?:ids?|numbers?|nos?\.?))?\s?[:#]?\s?"
    r"(#?\d{1,18}(?:(?:\s?,\s?(?:and |& )?|\s(?:and|&|or|\+)\s|\s?/\s?"
    r"|\s)#?\d{1,18}(?![\d.,]*[%kKmM]\b)){0,999})",
    re.I,
)
_RANGE = re.compile(
    rf"\b{_PERSON}(?: ids?| numbers?)?\s?(\d{{1,18}})\s?(?:-|to|through|until)\s?(\d{{1,18}})\b", re.I
)
MOST_IN_RANGE = 1_000


def person_ids_of(text: str) -> list[int]:
    """Ids of persons, where the words say that the numbers are such."""
    ids: list[int] = []
    for match in _RANGE.finditer(text):
        first, last = int(match[1]), int(match[2])
        if first <= last < first + MOST_IN_RANGE:
            ids += range(first, last + 1)
    if not ids:
        ids = [int(number) for match in _IDS.finditer(text) for number in re.findall(r"\d+", match[1])]
    return list(dict.fromkeys(number for number in ids if number < 2**63))
