"""At which address is a figure found again, however often it is asked for?"""

import hashlib
from collections.abc import Sequence

from agent.explain.explanation import ExplainedFigure
from store.errors import NotFound

CHECK = 8  # hex digits of what the figure says, and its value


def keys_of(figures: Sequence[ExplainedFigure]) -> dict[tuple[str, float], str]:
    """The key of each figure by what it says and its value: its place from 1, and a check of both.

    Of several that say the same, the first is meant: they are the same figure.
    """
    keys: dict[tuple[str, float], str] = {}
    for place, figure in enumerate(figures, start=1):
        keys.setdefault((figure.what, figure.value), f"{place}-{_check(figure)}")
    return keys


def figure_at(figures: Sequence[ExplainedFigure], key: str) -> ExplainedFigure:
    """The figure of this key; where the list has changed since, the one that says the same.

    Raises NotFound rather than give another figure.
    """
    place, _, check = key.partition("-")
    at = int(place) - 1 if place.isdecimal() and len(place) < 7 else -1
    if 0 <= at < len(figures) and _check(figures[at]) == check:
        return figures[at]
    for figure in figures:
        if _check(figure) == check:
            return figure
    raise NotFound("There is no such figure", where="figure", instead="Open it from where it is shown.")


def _check(figure: ExplainedFigure) -> str:
    return hashlib.sha256(f"{figure.what} {figure.value!r}".encode()).hexdigest()[:CHECK]
