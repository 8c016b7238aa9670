"""What changed from one analysis of a warehouse to another?"""

from dataclasses import replace
from typing import TYPE_CHECKING

from agent.analyses import saved_analysis
from agent.analysis import Analysis
from agent.changes.result import Changes, ComparedAnalysis
from agent.requests import CompareAnalyses
from prompts import piece
from store.errors import BadInput, NotFound
from store.population.population import Population
from store.workspace import Workspace
from tools.mining.changes.segment_changes import Overlap
from tools.mining.findings import Trait

if TYPE_CHECKING:
    from tools.mining.changes.changes import Counted


def compare_analyses(workspace: Workspace, query: CompareAnalyses) -> Changes:
    """What changed between two analyses of a warehouse beyond chance: traits, segments, headline figures.

    Shares are tested as proportions of partly the same people, q-values are over everything compared. A trait
    whose share moved is told from one whose share moved with the population; segments are kept, grown,
    shrunk, born or gone. That nothing significant changed is an answer.
    """
    before, after = _two(workspace, query)
    return compared(workspace, before, after, query)


def compared(workspace: Workspace, before: Analysis, after: Analysis, query: CompareAnalyses) -> Changes:
    """What changed from `before` to `after`."""
    from agent.changes import kept, words  # what counts and tests takes a moment to import
    from tools.mining.changes.changes import changes, significant

    then, now = (_as_told(workspace, kept.counted(workspace, each)) for each in (before, after))
    overlap = _overlap(workspace, before, after)
    traits = _traits(workspace.population, set(then.having) & set(now.having))
    found = changes(then, now, traits, overlap, query.q, query.max_shown)
    moved = significant(found, query.q)
    return Changes(
        **dict(found),
        workflow_id=query.workflow_id or "",
        headline=words.headline(moved, found, before.created_at),
        before=_described(before),
        after=_described(after),
        joined=now.customers - overlap.customers if overlap else None,
        left=then.customers - overlap.customers if overlap else None,
        told=[words.told(change, found.tests) for change in moved],
        q=query.q,
        notes=_notes(before, after, overlap, found.matched_by),
    )


def _as_told(workspace: Workspace, counted: "Counted") -> "Counted":
    """What was counted, without the segments that accepted feedback hides: hidden is not gone."""
    from tools.feedback.applied import effects_on, matched

    wanted = [each.traits for each in effects_on(workspace).segments_not_told]
    hidden = set(matched(wanted, [each.traits for each in counted.segments]).values())
    return replace(counted, segments=[each for at, each in enumerate(counted.segments) if at not in hidden])


def _two(workspace: Workspace, query: CompareAnalyses) -> tuple[Analysis, Analysis]:
    known = [record.analysis_id for record in workspace.database.analyses(workspace.warehouse.name)]
    for field in ("before", "after"):
        if getattr(query, field) not in (None, *known):
            raise NotFound(
                f"There is no such analysis in `{workspace.warehouse.name}`",
                where=field,
                instead="`fieldmark analyses` lists those of a warehouse.",
            )
    after = query.after or next(iter(known), None)
    older = known[known.index(after) + 1 :] if after else []
    before = query.before or next(iter(older), None)
    if after is None or before is None or before == after:
        raise BadInput(
            "Two analyses are needed to tell what changed",
            where="before, after",
            instead="Analyse the customers again, or name two: `fieldmark analyses` lists them.",
        )
    return saved_analysis(workspace.artifacts, before), saved_analysis(workspace.artifacts, after)


def _overlap(workspace: Workspace, before: Analysis, after: Analysis) -> Overlap | None:
    """Who is a customer in both; None where that cannot be known any more."""
    from agent.changes.kept import customers_kept
    from tools.mining.changes.stayed import overlap_of

    old, new = (customers_kept(workspace, each.analysis_id) for each in (before, after))
    if old is None or new is None:
        return None
    try:
        then, now = (workspace.warehouse.snapshot(each.snapshot_id) for each in (before, after))
    except NotFound:
        return None
    return overlap_of(old, new, then, now)


def _traits(population: Population, hashes: set[str]) -> dict[str, Trait]:
    """These clusters as a reader meets them; one that the population lost is passed over."""
    from tools.mining.rows.counting import trait_of

    clusters = [population.catalogue.find(key) for key in sorted(hashes)]
    return {cluster.cluster_hash: trait_of(cluster) for cluster in clusters if cluster}


def _described(analysis: Analysis) -> ComparedAnalysis:
    return ComparedAnalysis(
        analysis_id=analysis.analysis_id,
        created_at=analysis.created_at,
        snapshot_id=analysis.snapshot_id,
        customers=analysis.match.analysed,
        headline=analysis.headline,
    )


def _notes(before: Analysis, after: Analysis, overlap: Overlap | None, matched_by: str) -> list[str]:
    then, now = before.compared_with, after.compared_with
    notes = []
    if before.match.source != after.match.source:
        old, new = (each.match.source.replace("_", " ") for each in (before, after))
        notes.append(piece("changes_note_source").fill(before=old, after=new))
    if then.expression != now.expression:
        notes.append(piece("changes_note_among").fill(before=then.in_words, after=now.in_words))
    if before.snapshot_id == after.snapshot_id:
        notes.append(piece("changes_note_snapshot").fill())
    if overlap is None:
        notes.append(piece("changes_note_independent").fill())
    if matched_by == "traits" and (before.segments or after.segments):
        notes.append(piece("changes_note_segments").fill())
    return notes
