"""At which address does each figure of a page say where it comes from?"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from agent.explain.addressed import keys_of
from agent.explain.explanation import ExplainedFigure
from agent.explain.figure import reads, shown


class Told(NamedTuple):
    """A figure as the house writes it, the ends of its interval, and where it comes from."""

    text: str
    low: str
    high: str
    value: float
    address: str


def figure_address(kind: str, id: str, key: str) -> str:
    """The address of a figure; kind: analysis, audience or outcomes."""
    return f"/figures/{kind}/{id}/{key}"


def ends(figure: ExplainedFigure) -> list[str]:
    """The ends of its interval as they read; none where it has none."""
    if figure.low is None or figure.high is None:
        return []
    return [shown(end, figure) for end in (figure.low, figure.high)]


class Linked:
    """The figures of one result, each with its address."""

    def __init__(self, kind: str, id: str, figures: Sequence[ExplainedFigure]) -> None:
        self._kind, self._id = kind, id
        self._keys = keys_of(figures)
        self._figures = {figure.what: figure for figure in reversed(figures)}  # the first of its name stays

    def __call__(self, figure: ExplainedFigure) -> Told:
        """The figure with its address. Raises KeyError for one that is none of the result's."""
        low, high = ends(figure) or ("", "")
        return Told(
            reads(figure),
            low,
            high,
            figure.value,
            figure_address(self._kind, self._id, self._keys[figure.what, figure.value]),
        )

    def all(self, figures: Iterable[ExplainedFigure]) -> list[Told]:
        """Each of them with its address."""
        return [self(figure) for figure in figures]

    def each(self) -> Iterator[tuple[str, Told]]:
        """Every figure by what it says."""
        return ((what, self(figure)) for what, figure in self._figures.items())

    def named(self, what: str) -> Told:
        """The figure that says this. Raises KeyError."""
        return self(self._figures[what])
