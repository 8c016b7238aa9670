"""What does an analysis leave behind for the next one to be compared with?"""

from typing import Any, NamedTuple

from agent.analysis import Analysis, Segment
from agent.customers import Customers
from store.errors import NotFound
from store.outcomes.ledger import ledger_of
from store.workspace import Workspace
from tools.mining.changes.changes import Counted
from tools.mining.changes.segment_changes import ComparedSegment, Ids

KIND = "counts"
RECORDED = "recorded_customers"


class Recorded(NamedTuple):
    """Customers who are those with a recorded outcome, and the hash of the records that it was read from."""

    outcome: str
    data_hash: str


def keep_counts(workspace: Workspace, run_id: str, settings: dict[str, Any], customers: Customers) -> None:
    """Keep how many customers and people have each trait that was looked at, and what was asked for."""
    codes = customers.membership.codes
    having = customers.membership.counts().tolist()
    sizes = customers.counts.sizes(codes).tolist()
    hashes = [customers.population.catalogue[int(code)].cluster_hash for code in codes]
    traits = {key: pair for key, *pair in zip(hashes, having, sizes, strict=True)}
    workspace.artifacts.save_document(KIND, run_id, {"settings": settings, "traits": traits})


def keep_recorded(workspace: Workspace, run_id: str, recorded: str) -> None:
    """Keep that the customers are those with this recorded outcome, and of which records."""
    kept = {"recorded": recorded, "data_hash": ledger_of(workspace.warehouse).manifest.data_hash}
    workspace.artifacts.save_document(RECORDED, run_id, kept)


def recorded_of(workspace: Workspace, analysis_id: str) -> Recorded | None:
    """By which recorded outcome the customers of an analysis were defined; None where by something else."""
    try:
        kept = workspace.artifacts.document(RECORDED, analysis_id)
    except NotFound:
        return None
    return Recorded(kept["recorded"], kept["data_hash"])


def settings_of(workspace: Workspace, analysis_id: str) -> dict[str, Any]:
    """The request of an analysis without its identifiers; empty where it is not known any more.

    Where the customers are those with a recorded outcome it says so, and can be asked again.
    """
    try:
        settings = workspace.artifacts.document(KIND, analysis_id)["settings"]
    except NotFound:
        return {}
    recorded = recorded_of(workspace, analysis_id)
    return settings | {"recorded": recorded.outcome, "person_ids": None} if recorded else settings


def customers_kept(workspace: Workspace, analysis_id: str) -> Ids | None:
    """Person ids of the customers of an analysis, where they are still kept."""
    return _people(workspace, "customers", analysis_id)


def counted(workspace: Workspace, analysis: Analysis) -> Counted:
    """What was counted for an analysis: every trait that was looked at, else those that it shows."""
    try:
        traits = workspace.artifacts.document(KIND, analysis.analysis_id)["traits"]
    except NotFound:
        traits = _shown(analysis)
    return Counted(
        customers=analysis.match.analysed,
        people=analysis.lift.population,
        having={key: having for key, (having, _) in traits.items()},
        sizes={key: size for key, (_, size) in traits.items()},
        segments=[_segment(workspace, analysis.analysis_id, segment) for segment in analysis.segments],
        figures=_figures(analysis),
    )


def _shown(analysis: Analysis) -> dict[str, tuple[int, int]]:
    lift = analysis.lift
    shown = [*lift.top_attributes, *lift.rare_attributes, *lift.unremarkable]
    return {one.trait.cluster_hash: (one.customers, one.population) for one in shown}


def _segment(workspace: Workspace, analysis_id: str, segment: Segment) -> ComparedSegment:
    return ComparedSegment(
        segment.segment_id,
        segment.name,
        segment.size,
        frozenset(one.trait.cluster_hash for one in segment.traits),
        _people(workspace, "segment", f"{analysis_id}-{segment.segment_id}"),
    )


def _figures(analysis: Analysis) -> dict[str, tuple[int, int]]:
    match = analysis.match
    if match.source == "outcome":
        return {"base_rate": (match.analysed, analysis.compared_with.people)}
    return {"match_rate": (match.matched, match.requested)}


def _people(workspace: Workspace, kind: str, key: str) -> Ids | None:
    try:
        return workspace.artifacts.people(kind, key)
    except NotFound:
        return None
