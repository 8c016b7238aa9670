"""A run of neighbouring values in words: "30-49", "60 and over", "before 2021", "primary or secondary"."""

import re
from collections.abc import Sequence

_NUMBER = r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
# As bin_labels writes them; the unit of the first also follows the others.
_RANGE = re.compile(rf"(?P<low>{_NUMBER})(?:(?P<joint>-| to )(?P<high>{_NUMBER}))?(?P<unit>( \D.*)?)")
_UNDER = re.compile(rf"under (?P<low>{_NUMBER})(?P<unit>( \D.*)?)")
_OVER = re.compile(rf"(?P<low>{_NUMBER})(?P<unit>( \D.*?)?) and over")
# As period_labels writes them.
_OPEN = re.compile(r"(?:before (?P<end>.*\d{4})|(?P<start>.*\d{4}) and later)")
_SPAN = re.compile(r"(?P<start>.+) to (?P<end>.+ \d{4})")
_JOINED = re.compile(r"(?P<start>\w+)-(?P<end>\w+)(?P<rest>( \w+)*)")
_PERIOD = re.compile(r"(before )?[\w -]*\d{4}( and later)?")


def run_label(labels: Sequence[str], first: int, last: int) -> str:
    """One label for the values from `first` to `last` of an attribute's rising labels.

    `labels` are those of all values that anybody has: where a run begins below all, its upper end is read
    off the label after it.
    """
    if first == last:
        return labels[first]
    if all(_RANGE.fullmatch(each) or _UNDER.fullmatch(each) or _OVER.fullmatch(each) for each in labels):
        return _numbers(labels, first, last)
    if all(map(_PERIOD.fullmatch, labels)):
        return _periods(labels, first, last)
    return f"{labels[first]} {'or' if last == first + 1 else 'to'} {labels[last]}"


def _numbers(labels: Sequence[str], first: int, last: int) -> str:
    low, high = labels[first], labels[last]
    if _OVER.fullmatch(high):
        return "any" if _UNDER.fullmatch(low) else f"{_lower(low)} and over"
    if _UNDER.fullmatch(low):
        return f"under {_lower(labels[last + 1])}" if last + 1 < len(labels) else f"up to {_upper(high)}"
    joint = " to " if " to " in low + high or low.startswith("-") else "-"
    return f"{_parts(low)[0]}{joint}{_upper(high)}"


def _parts(label: str) -> tuple[str, str]:
    found = _UNDER.fullmatch(label) or _OVER.fullmatch(label) or _RANGE.fullmatch(label)
    return (found["low"], found["unit"]) if found else (label, "")


def _lower(label: str) -> str:
    return "".join(_parts(label))


def _upper(label: str) -> str:
    found = _RANGE.fullmatch(label)
    return f"{found['high'] or found['low']}{found['unit']}" if found else label


def _periods(labels: Sequence[str], first: int, last: int) -> str:
    low, high = labels[first], labels[last]
    if _is_open(high, "start"):
        return f"{_begins(low)} and later" if not _is_open(low, "end") else "any"
    if _is_open(low, "end"):
        return f"before {_begins(labels[last + 1])}" if last + 1 < len(labels) else f"up to {_ends(high)}"
    begins, ends = _begins(low), _ends(high)
    return f"{begins}-{ends}" if f"{begins}{ends}".isdecimal() else f"{begins} to {ends}"


def _is_open(label: str, side: str) -> bool:
    found = _OPEN.fullmatch(label)
    return found is not None and found[side] is not None


def _begins(label: str) -> str:
    """The year, quarter, month or day with which a period begins."""
    if found := _OPEN.fullmatch(label):
        return found["start"] or found["end"]
    if found := _SPAN.fullmatch(label):
        return found["start"]
    if found := _JOINED.fullmatch(label):
        return f"{found['start']}{found['rest']}"
    return label


def _ends(label: str) -> str:
    if found := _SPAN.fullmatch(label):
        return found["end"]
    if found := _JOINED.fullmatch(label):
        return f"{found['end']}{found['rest']}"
    return label
