"""Which bins of the catalogue lie in a range?"""

import math
import re
from dataclasses import replace

from agent.planner.traits.book import Book
from agent.planner.traits.meaning import Meaning, meaning_of, phrase
from agent.planner.traits.ranges import Range
from store.population.catalogue import Cluster

FAMILIES = {
    "age": r"age_range|age|age_(?:band|bracket|group)",
    "income": r"(?:household_)?income(?:_range|_band)?",
    "worth": r"(?:household_)?net_worth(?:_range|_band)?",
    "credit": r"credit_(?:rating|score)(?:_range|_band)?",
    "children": r"number_(?:of_)?children(?:_in_household)?|children(?:_count)?",
    "adults": r"number_(?:of_)?adults(?:_in_household)?",
    "hours": r"hours_worked_per_week|hours_worked|working_hours",
    "spend": r".*_total_spend|.*_spend(?:_range)?",
}


def bins_of(book: Book, wanted: Range) -> list[Cluster]:
    """The clusters whose bins lie in the range; in one with two ends, all that overlap it."""
    clusters = book.attribute(FAMILIES[wanted.family])
    bins = sorted(
        ((*ends, cluster) for cluster in clusters if (ends := _ends(cluster.value))), key=lambda each: each[0]
    )
    closed = [
        (low, bins[at + 1][0] if at + 1 < len(bins) else math.inf, cluster)
        for at, (low, _, cluster) in enumerate(bins)
    ]
    low, high = wanted.low, wanted.high
    inside = [c for bottom, top, c in closed if bottom >= low and top <= high]
    if math.isinf(high) or low <= 0:
        near = [c for bottom, top, c in closed if bottom < high and top > low]
        return inside or (near[-1:] if math.isinf(high) else near[:1])
    return [c for bottom, top, c in closed if _overlaps(bottom, top, low, high)] or inside


def _overlaps(bottom: float, top: float, low: float, high: float) -> bool:
    shared = min(top, high) - max(bottom, low)
    return shared > 0 and shared >= min(0.25 * (high - low), 0.25 * (top - bottom), top - bottom)


def _ends(value: str) -> tuple[float, float] | None:
    """The two ends of a bin as it is written: `25-34 years`, `$100K-$150K`, `under 50 USD`, `5+`."""
    numbers = [
        float(n.replace(",", "")) * {"K": 1e3, "M": 1e6}.get(s.upper(), 1)
        for n, s in re.findall(r"(\d[\d,]*(?:\.\d+)?)([KkMm]?)", value)
    ]
    if not numbers:
        return None
    if re.match(r"(?:under|below|less|<|up to)", value, re.I):
        return 0.0, numbers[0]
    return numbers[0], numbers[-1] if len(numbers) > 1 else math.inf


def meaning_of_range(book: Book | None, wanted: Range, said: str) -> Meaning | None:
    """The bins of a range; None where the catalogue has no such attribute."""
    if book is None:
        return phrase(said, wanted.family)
    clusters = bins_of(book, wanted)
    if not clusters and wanted.family == "children":
        yes, no = book.named("has_children"), book.named("has_children=No")
        clusters = yes if wanted.low >= 1 else no
    if not clusters:
        return None
    meaning = meaning_of(said, clusters)
    if wanted.family == "children" and wanted.low == 1 and math.isinf(wanted.high):
        none = [one for one in book.attribute(FAMILIES["children"]) if one.value == "0"]
        return replace(meaning, lacking=meaning_of(f"no {said}", none)) if none else meaning
    return meaning
