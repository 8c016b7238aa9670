"""Which column does a header name, however it is cased, spaced and prefixed?"""

import re
from collections.abc import Iterable, Mapping, Sequence

_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_THOUSANDS = re.compile(r"\bin (000s|thousands)\b|\b000s\b", re.IGNORECASE)
_CUSTOM = re.compile(r"__c$", re.IGNORECASE)  # how Salesforce ends the names of fields that a house added
# What enrichment services and joined exports put before a name; it says whose column it is.
_OWNERS = re.compile(
    r"^(company|account|organi[sz]ation|org|firm|associated|primary|metrics|category|geo|hq|headquarters|"
    r"enriched|enrichment|properties|hs|clearbit|apollo|zoominfo|crunchbase|current|total)"
)


def spellings(header: str) -> list[str]:
    """The letters and digits of a header, then fewer of them: without owners, then without digits too."""
    bare = re.sub(r"[\W_]", "", _IN_BRACKETS.sub("", _CUSTOM.sub("", header.strip()))).lower()
    forms = [bare]
    while (shorter := _OWNERS.sub("", forms[-1])) not in ("", forms[-1]):
        forms.append(shorter)
    return list(dict.fromkeys([*forms, *(re.sub(r"\d", "", form) for form in forms)]))


def scale_of(header: str) -> int:
    """By how much its numbers are to be multiplied: 1,000 where the header says "in 000s"."""
    return 1_000 if _THOUSANDS.search(header) else 1


def matched(headers: Iterable[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """For each wanted name the headers that spell one of its words, the likeliest first.

    A header goes to the name that it spells with the fewest letters taken away.
    """
    claims: list[tuple[int, int, str, str]] = []
    for header in headers:
        for taken, form in enumerate(spellings(header)):
            found = [(words.index(form), name) for name, words in wanted.items() if form in words]
            if found:
                at, name = min(found)
                claims.append((taken, at, header, name))
                break
    by_name: dict[str, list[str]] = {}
    for _, _, header, name in sorted(claims, key=lambda claim: claim[:2]):
        by_name.setdefault(name, []).append(header)
    return by_name
