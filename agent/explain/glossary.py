"""What do the words of the field mean?"""

import difflib
import re
from functools import cache
from typing import NamedTuple

from agent.explain.explanation import Explanation
from agent.markdown import told
from prompts import page

ENTRY = re.compile(
    r"^## (?P<name>.+)\nAlso: (?P<also>.+)\.\n(?:Fields: (?P<fields>.+)\.\n)?\n(?P<meaning>[^#]+)",
    re.MULTILINE,
)
ASKING = re.compile(
    r"^(what(?:'s| is| are| does| do)?|the|a|an|mean|means|by|explain|define|meaning of)\s+"
    r"|\s+(mean|means|stand for)$",
    re.IGNORECASE,
)
CLOSE = 0.75  # of difflib's likeness, from which a word is taken for a slip of another


class Term(NamedTuple):
    """A term, what else it is called, the fields that hold it, and what it means."""

    name: str
    also: tuple[str, ...]
    fields: tuple[str, ...]
    meaning: str


@cache
def terms() -> tuple[Term, ...]:
    """Every term, as the glossary has it."""
    return tuple(
        Term(
            entry["name"].strip(),
            tuple(entry["also"].split(", ")),
            tuple((entry["fields"] or "").split(", ")) if entry["fields"] else (),
            entry["meaning"].strip(),
        )
        for entry in ENTRY.finditer(page("glossary"))
    )


def term_explained(subject: str | None) -> Explanation:
    """What the term means; the list of terms where there is no such one."""
    found = term_named(subject or "")
    if found is None:
        names = ", ".join(term.name for term in terms())
        return Explanation(about="term", found=False, text=told("explain_term_unknown", terms=names))
    return Explanation(about="term", found=True, text=f"**{found.name}.** {found.meaning}")


def term_named(subject: str) -> Term | None:
    """The term that the words name: by its name, by another one, or in the midst of them; slips are borne."""
    names = {_bare(name): term for term in terms() for name in (term.name, *term.also)}
    wanted = _bare(subject)
    if wanted in names:
        return names[wanted]
    inside = [name for name in names if re.search(rf"\b{re.escape(name)}\b", wanted)]
    if inside:
        return names[max(inside, key=len)]
    close = difflib.get_close_matches(wanted, names, 1, CLOSE)
    return names[close[0]] if close else None


def _bare(words: str) -> str:
    """The words without the question around them."""
    words = " ".join(re.sub(r"[^\w%]+", " ", words.replace("_", " ")).lower().split())
    while (shorter := ASKING.sub("", words).strip()) != words:
        words = shorter
    return words
