"""What can be chosen in the builder: analyses, kept audiences to compare with, traits that a text means."""

from typing import NamedTuple

from store.errors import NotFound
from store.population.catalogue import Cluster
from store.records import Analysis, Database
from store.records.kept_results import KeptResult
from store.records.newest import newest
from store.workspace import Workspace
from tools.activation.plan import AudiencePlan, kept_plan
from tools.clusters.meaning import nearest

MOST_ANALYSES, MOST_AUDIENCES, MOST_TRAITS = 20, 8, 8


class KnownAnalysis(NamedTuple):
    """An analysis that an audience can be made from."""

    analysis_id: str
    headline: str


class KnownAudience(NamedTuple):
    """A kept audience. expression: where its people are an expression alone, which can be left out."""

    audience_id: str
    in_words: str
    people: int
    expression: str


class FoundTrait(NamedTuple):
    """A trait that a text may mean."""

    key: str
    words: str
    label: str
    value: str
    size: int
    sensitive: bool


def known_analyses(database: Database, warehouse: str) -> list[KnownAnalysis]:
    """The newest analyses of the warehouse."""
    at, key = Analysis.created_at, Analysis.analysis_id
    rows = newest(database, Analysis, at, key, MOST_ANALYSES, warehouse=warehouse)
    return [KnownAnalysis(row.analysis_id, row.headline) for row in rows[:MOST_ANALYSES]]


def known_audiences(workspace: Workspace) -> list[KnownAudience]:
    """The newest kept audiences of the warehouse whose people are found without a model."""
    at, key = KeptResult.created_at, KeptResult.result_id
    name = workspace.warehouse.name
    rows = newest(workspace.database, KeptResult, at, key, MOST_AUDIENCES, kind="audience", warehouse=name)
    known = []
    for row in rows[:MOST_AUDIENCES]:
        try:
            plan = kept_plan(workspace, row.result_id)
        except NotFound:  # made before plans were kept, and of another snapshot
            continue
        if plan.model is None or plan.most is None:
            told = KnownAudience(row.result_id, plan.in_words, row.count, _alone(plan))
            known.append(told)
    return known


def _alone(plan: AudiencePlan) -> str:
    whole = plan.location is None and plan.customers_left_out_of is None and plan.most is None
    return plan.expression or "" if whole else ""


def traits_meant(workspace: Workspace, text: str) -> list[FoundTrait]:
    """The traits nearest to the text in meaning and words, nearest first; none of a blank text."""
    if not text.strip():
        return []
    catalogue = workspace.population.catalogue
    codes = nearest(workspace, text.strip(), MOST_TRAITS)
    return [found_trait(catalogue[code]) for code in codes]


def found_trait(cluster: Cluster) -> FoundTrait:
    """The cluster as a result of the search."""
    words = cluster.phrase or f"{cluster.name} {cluster.value}"
    label = cluster.label or cluster.name.replace("_", " ")
    return FoundTrait(
        cluster.cluster_hash, words, label, cluster.value, cluster.size, bool(cluster.sensitive)
    )
