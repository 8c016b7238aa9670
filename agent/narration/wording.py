"""Figures and traits as a reader says them."""

import re
from collections.abc import Sequence

from tools.mining.findings import Estimate, Trait


def percent(share: float) -> str:
    """`31 %`; one decimal below ten, two below one."""
    value = share * 100
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:.{digits}f} %" if value else "0 %"


def ratio(value: float) -> str:
    """`3.1`, `0.42`, `12`."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def times(value: float) -> str:
    """`3.1 times`."""
    return f"{ratio(value)} times"


def interval(estimate: Estimate) -> str:
    """`2.6-3.7`, as the 95 % interval is written."""
    return f"{ratio(estimate.low)}-{ratio(estimate.high)}"


def number(value: float) -> str:
    """`12,345`."""
    return f"{value:,.0f}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def named(trait: Trait) -> str:
    """`Interested in golf`, `Household income: $75K-$100K`."""
    return trait.label if trait.value == "Yes" else f"{trait.label}: {trait.value}"


def phrases(traits: Sequence[Trait]) -> str:
    """What completes `people who …` for all these traits together."""
    return joined([trait.phrase for trait in traits])


def alternatives(sets: Sequence[Sequence[Trait]], most: int = 3) -> str:
    """What completes `people who …` for any of these sets."""
    told = [phrases(traits) for traits in sets[:most]]
    others = len(sets) - most
    more = (
        ""
        if others < 1
        else ", or one other set of traits"
        if others == 1
        else f", or one of {others} other sets of traits"
    )
    return (", or ".join(told) if any(len(s) > 1 for s in sets) else joined(told, "or")) + more


def title(traits: Sequence[Trait]) -> str:
    """A short name from the traits: `Retired, no housing loan`."""
    short = [re.sub(r"^(are|were|have|had|live in|work as) ", "", trait.phrase) for trait in traits]
    name = ", ".join(short)
    return name[:1].upper() + name[1:]
