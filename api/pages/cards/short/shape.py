"""What is a short card made of?"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from agent.explain.explanation import ExplainedFigure
from api.pages.cards.people import PersonRow
from api.pages.figures.linked import Told

Cell: TypeAlias = str | Told


class Table(NamedTuple):
    """A table: its columns, each with whether it holds figures, and its rows."""

    heading: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Cell]]
    is_open: bool = True


class Link(NamedTuple):
    """Where to go on; is_main: what most want."""

    words: str
    address: str
    is_main: bool = False


class ShortCard(NamedTuple):
    """A card of a few figures and tables.

    figures: each as it reads, with the ends of its interval. made: how figures that have no address were
    counted.
    """

    kicker: str
    heading: str
    facts: Sequence[tuple[str, Cell]] = ()
    notes: Sequence[str] = ()
    tables: Sequence[Table] = ()
    people: Sequence[PersonRow] = ()
    figures: Sequence[tuple[ExplainedFigure, str, list[str]]] = ()
    links: Sequence[Link] = ()
    made: str = ""
