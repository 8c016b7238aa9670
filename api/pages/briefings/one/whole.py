"""What does the page of one briefing show?"""

from typing import NamedTuple

from agent.briefing_result import Briefing
from agent.changes.result import ToldChange
from agent.history.recipe import KeptRecipe
from api.pages.briefings.moved import ChangesShown, changes_of_briefing
from api.report.briefing import chart_svg, told
from api.report.briefing.told.parts import Drawn, Line, Told
from store.records.recipes import recipe_named
from store.workspace import Workspace


class ChangeOnPage(NamedTuple):
    """A change with where its figure stands; key: empty where nobody can be asked about it."""

    line: Line
    key: str

    @property
    def opens_here(self) -> bool:
        """Whether its figure opens above the page."""
        return self.line.link.startswith("/figures/")


class Flow(NamedTuple):
    """So many went from one tier to another."""

    before: str
    now: str
    many: int


class Whole(NamedTuple):
    """A briefing, as it is told in every form and with what only a page has room for.

    moved: the traits of customers, told apart; recipe: what it would be made from again.
    """

    found: Briefing
    told: Told
    changes: list[ChangeOnPage]
    charts: list[tuple[Drawn, str]]
    flows: list[Flow]
    moved: ChangesShown | None
    recipe: KeptRecipe | None


def whole_of(workspace: Workspace, found: Briefing, locale: str) -> Whole:
    """The briefing for a reader of this locale."""
    what = told(found, locale)
    kept = recipe_named(workspace.database, found.briefing_id)
    return Whole(
        found,
        what,
        [_change(*pair) for pair in zip(what.changes, found.changes, strict=True)],
        [(each, chart_svg(each, "page")) for each in what.charts],
        _flows(found),
        changes_of_briefing(workspace, found.briefing_id, locale),
        KeptRecipe.of(kept) if kept else None,
    )


def _change(line: Line, change: ToldChange) -> ChangeOnPage:
    is_askable = 0 < len(change.key) <= 200 and change.key.isprintable()
    return ChangeOnPage(line, change.key if is_askable else "")


def _flows(found: Briefing) -> list[Flow]:
    flows = found.rescored.flows if found.rescored else {}
    parts = [(flow.partition(">"), count) for flow, count in flows.items() if count]
    return [Flow(way[0], way[2], count) for way, count in sorted(parts, key=lambda each: -each[1])]
