"""How are people shown without telling who they are?"""

import re
from typing import Any

from agent.markdown import told
from agent.narration.wording import number
from store.exports import ExportLink

HIDDEN = "•••"
PAST = {"bought", "gave", "had", "saw", "went"}
READABLE = {" AND ": " and ", " OR ": " or "}


def sample_shown(sample: list[Any]) -> list[dict[str, Any]]:
    """The sampled people with their contact values masked."""
    return [
        {
            **person,
            "identifiers": {kind: _masked(kind, values) for kind, values in person["identifiers"].items()},
        }
        for person in sample
    ]


def _masked(kind: str, values: dict[str, str]) -> dict[str, str]:
    return {name: masked_value(kind, value) for name, value in values.items()}


def masked_value(kind: str, value: str) -> str:
    """`j•••@example.com`, `•••47`, `•••, Encino, CA`: enough to see that it is there."""
    if kind == "email" and "@" in value:
        return f"{value[:1]}{HIDDEN}@{value.rsplit('@', 1)[1]}"
    if kind == "address" and "," in value:
        return f"{HIDDEN},{re.sub(r'[0-9]+', '', value.split(',', 1)[1]).rstrip()}"
    return f"{HIDDEN}{value[-2:]}"


def readable(in_words: str) -> str:
    """An expression in words as a sentence has it: `own their home and do not have children`."""
    for sign, word in READABLE.items():
        in_words = in_words.replace(sign, word)
    return re.sub(r"\bNOT (\(|[a-z]+)", lambda found: _negated(found[1]), in_words)


def _negated(verb: str) -> str:
    if verb == "(":
        return "not ("
    if verb in ("are", "were", "live"):
        return f"{verb} not" if verb != "live" else "do not live"
    return f"have not {verb}" if verb in PAST or verb.endswith("ed") else f"do not {verb}"


def several(count: int, one: str, many: str) -> str:
    """`1 person`, `2,000 people`."""
    return f"{number(count)} {one if count == 1 else many}"


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(1, size / 1e3):,.0f} KB"


def export_told(export: ExportLink | None) -> str:
    """Where the file is, and until when."""
    if export is None:
        return ""
    link = told(
        "answer_export",
        rows=number(export.rows),
        format=export.format.upper(),
        size=_bytes(export.size_bytes),
        until=f"{export.expires_at:%H:%M}",
    )
    return f"{link} <{export.url}>"
