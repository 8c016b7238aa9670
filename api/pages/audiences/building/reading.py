"""What does the builder show: how many the audience has, what each part brings, whom it overlaps with?"""

from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from agent.analyses import saved_analysis
from agent.analysis import Analysis
from api.pages.audiences.building.asked import Asked
from api.pages.audiences.building.tree.groups import (
    ROOT,
    Group,
    Path,
    Trait,
    expression_of,
    node_at,
    removed,
    walked,
)
from api.pages.audiences.building.tree.sentence import phrase, sentence
from store.errors import NotFound
from store.population.catalogue import Catalogue
from store.population.shard import Shard
from store.workspace import Workspace
from tools.activation.plan import kept_plan, people_of
from tools.audience.clause_counts import Counted, Part, Shared, clause_counts, shared
from tools.audience.expression import Expression, all_of, canonical, map_terms, parse, to_text
from tools.audience.expression_curve import CurvePoint
from tools.audience.selection import Selection, bound, selected

SMALL = 50  # people below which an audience says that it is small


class Line(NamedTuple):
    """A part of the tree as a line: what it says, how many it has alone, and what it changes."""

    path: Path
    words: str
    alone: int
    effect: int  # people of the whole with it, less those without it
    key: str = ""
    sensitive: bool = False


class OverlapLine(NamedTuple):
    """The audience beside another set of people."""

    name: str
    shared: Shared


class OfAnalysis(NamedTuple):
    """What an analysis brings: its customers, and the points of its curve."""

    analysis_id: str
    customers: int
    curve: list[CurvePoint]
    point: CurvePoint | None


class Reading(NamedTuple):
    """All that is told of the audience as it is built."""

    root: Group
    sentence: str
    expression: str
    counted: Counted
    total: int  # after the size that was asked for
    persons: int
    lines: dict[Path, Line]
    overlaps: list[OverlapLine]
    of_analysis: OfAnalysis | None

    @property
    def share(self) -> float:
        """Of the population, 0..1."""
        return self.total / max(1, self.persons)

    @property
    def reachable(self) -> int:
        """With the channel that was asked for; as a share of those who are kept."""
        return round(self.counted.reachable * self.total / max(1, self.counted.total))

    @property
    def is_small(self) -> bool:
        """Whether somebody could be told from so few."""
        return 0 < self.total < SMALL


def reading(workspace: Workspace, root: Group, asked: Asked) -> Reading:
    """The tree read, counted and compared. Raises NotFound for an analysis or audience that is not there."""
    population = workspace.population
    catalogue = population.catalogue
    analysis = _analysis(workspace, asked.analysis) if asked.analysis else None
    point = _point(analysis, asked)
    extra = [bound(parse(point.expression), catalogue)] if point else []
    customers = np.sort(workspace.artifacts.people("customers", asked.analysis)) if analysis else None
    around = Selection(None, asked.location, customers if asked.without_customers else None)
    paths = [path for path, node in walked(root) if path != ROOT and expression_of(node)]
    parts = [_part(root, path, extra, catalogue) for path in paths]
    counted = clause_counts(population, _whole(root, extra, catalogue), parts, around, asked.channel)
    lines = {path: _line(root, path, counted, at, catalogue) for at, path in enumerate(paths)}
    own = expression_of(root)
    return Reading(
        root=root,
        sentence=sentence(root, catalogue),
        expression=to_text(canonical(own)) if own else "",
        counted=counted,
        total=min(counted.total, asked.size) if asked.size else counted.total,
        persons=population.persons,
        lines=lines,
        overlaps=_overlaps(workspace, counted, asked, customers),
        of_analysis=_of_analysis(asked, analysis, point),
    )


def _codes(expression: Expression, catalogue: Catalogue) -> Expression:
    return map_terms(expression, lambda key: str(_code(key, catalogue)))


def _code(key: str, catalogue: Catalogue) -> int:
    cluster = catalogue.find(key)
    assert cluster is not None  # looked at when the tree was read
    return cluster.code


def _whole(root: Group, extra: list[Expression], catalogue: Catalogue) -> Expression | None:
    own = expression_of(root)
    parts = [*extra, *([_codes(own, catalogue)] if own else [])]
    return all_of(parts) if parts else None


def _part(root: Group, path: Path, extra: list[Expression], catalogue: Catalogue) -> Part:
    own = expression_of(node_at(root, path))
    assert own is not None  # only such paths are asked for
    return Part(_codes(own, catalogue), _whole(removed(root, path), extra, catalogue))


def _line(root: Group, path: Path, counted: Counted, at: int, catalogue: Catalogue) -> Line:
    node = node_at(root, path)
    alone, effect = counted.parts[at].alone, counted.effect(at)
    if not isinstance(node, Trait):
        return Line(path, "", alone, effect)
    cluster = catalogue.find(node.key)
    sensitive = bool(cluster and cluster.sensitive)
    return Line(path, phrase(node.key, catalogue), alone, effect, node.key, sensitive)


def _analysis(workspace: Workspace, analysis_id: str) -> Analysis:
    found = saved_analysis(workspace.artifacts, analysis_id)
    if found.warehouse != workspace.warehouse.name:
        raise NotFound("There is no such analysis", where="analysis", instead="Choose another one.")
    return found


def _point(analysis: Analysis | None, asked: Asked) -> CurvePoint | None:
    if analysis is None or asked.way != "curve" or not analysis.curve:
        return None
    return analysis.curve[min(asked.point, len(analysis.curve)) - 1]


def _of_analysis(asked: Asked, analysis: Analysis | None, point: CurvePoint | None) -> OfAnalysis | None:
    if analysis is None:
        return None
    return OfAnalysis(asked.analysis, analysis.match.analysed, analysis.curve, point)


def _overlaps(
    workspace: Workspace, counted: Counted, asked: Asked, customers: np.ndarray | None
) -> list[OverlapLine]:
    """The customers of the analysis first, then the audiences that were chosen."""
    lines = []
    if customers is not None:
        theirs = workspace.population.ask(_numbers, customers)
        lines.append(OverlapLine("", shared(counted.people, theirs)))
    for audience_id in asked.compare:
        plan = kept_plan(workspace, audience_id)
        lines.append(OverlapLine(plan.in_words, shared(counted.people, people_of(workspace, plan))))
    return lines


def _numbers(shard: Shard, person_ids: np.ndarray) -> BitMap:
    return BitMap(shard.numbers_of(person_ids)[1].astype(np.uint32))


def in_circle(workspace: Workspace, asked: Asked) -> int:
    """How many people live in the circle."""
    return sum(map(len, workspace.population.ask(selected, Selection(None, asked.location))))
