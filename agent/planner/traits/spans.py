"""Where in a text do traits stand that are written out, and how far do their words go?"""

import re

from agent.planner.plan import UnderstoodTrait
from agent.planner.traits.book import Book
from agent.planner.traits.lexicon import Entry, longest, named_traits
from agent.planner.traits.words_of_ranges import FILLERS
from store.population.catalogue import Cluster

RENT = re.compile(
    r"\b(?:renters?|rent(?:s|ing)?(?: (?:their|a) (?:home|house|apartment|flat|place))?"
    r"|tenants?)\b",
    re.I,
)


ZIP3 = re.compile(
    r"\b(?:zip|zip3|zip ?codes?|zip areas?|zips)(?: (?:codes?"
    r"|areas?))?(?: (?:that )?(?:begin|start)(?:s|ning|ing)?(?: with)?| prefix(?:es|ed)?"
    r"| in)?\s(\d{3})(?!\d)",
    re.I,
)


def unique(traits: list[UnderstoodTrait]) -> list[UnderstoodTrait]:
    """Each of them once."""
    return list({(trait.said, trait.cluster_hash): trait for trait in traits}.values())


def written_out(text: str, book: Book) -> list[tuple[Cluster, int, int]]:
    """Clusters whose key, phrase or value stands in the text as it is, and where, the last first."""
    lowered = text.lower()
    found: list[tuple[Cluster, int, int]] = []
    for words, cluster in book.written_forms:
        at = lowered.find(words)
        if at >= 0 and _is_whole(lowered, at, at + len(words)):
            end = at + len(words)
            if all(end <= start or at >= other for _, start, other in found):
                found.append((cluster, at, end))
    return sorted(found, key=lambda each: -each[1])


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on at either end."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


_JOINED = re.compile(r"\s(?:and|or|&)\s", re.I)


def named_with_joints(text: str) -> list[tuple[Entry, int, int]]:
    """Traits whose own words hold `and` or `or`, the last first: `arts and crafts`."""
    found = longest(text, named_traits()) if _JOINED.search(text) else []
    return [(entry, start, end) for entry, start, end in reversed(found) if _JOINED.search(text[start:end])]


def widened(text: str, family: str, start: int, end: int) -> tuple[int, int]:
    """The span with the words around it that belong to the range: `earning over 100k a year`."""
    filler = FILLERS[family]
    before = re.search(rf"(?:(?<![\w-]){filler}[\s-]?){{0,6}}$", text[max(0, start - 60) : start], re.I)
    after = re.match(rf"(?:[\s-]{filler}(?![\w-])){{0,6}}", text[end : end + 60], re.I)
    return start - len(before[0]) if before else start, end + (after.end() if after else 0)
