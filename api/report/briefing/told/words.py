"""What do the forms of a briefing say besides what it says itself? Each text is asked for by its name."""

import re
import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

SPACES = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
CODE = re.compile(r"`([^`]+)`")  # a name in Markdown; a mail has no such mark
# What turns or hides the text after it, and what no XML may hold.
HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


def text(name: str, /, **blanks: object) -> str:
    """The text of this name with its blanks filled in."""
    return _texts()[name].format(**blanks)


@cache
def _texts() -> dict[str, str]:
    return tomllib.loads(files("api.report.briefing.told").joinpath("texts.toml").read_text(encoding="utf-8"))


def clean(line: str, most: int) -> str:
    """The text on one line without signs that cannot be seen, cut at a word where it is very long."""
    whole = CODE.sub(r"“\1”", SPACES.sub(" ", HIDDEN.sub("", line))).strip()
    return whole if len(whole) <= most else cut(whole, most)


def cut(line: str, most: int) -> str:
    """The line's first words, at most so many characters with the sign that it goes on."""
    if len(line) <= most:
        return line
    begun = line[: most - 1]
    words, _, _ = begun.rpartition(" ")
    return f"{(words if len(words) > most // 2 else begun).rstrip(' ,;.:')}…"


def day(at: datetime) -> str:
    """`2 November 2026`."""
    month = _texts()["months"].split()[at.month - 1]
    return text("day_and_month", day=at.day, month=month, year=at.year)


def ended(sentences: Sequence[str]) -> str:
    """The sentences one after the other, each with its full stop."""
    told = [each.strip() for each in sentences if each.strip()]
    return " ".join(each if each[-1] in ".!?…" else f"{each}." for each in told)
