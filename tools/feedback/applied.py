"""What does accepted feedback change here, and how is that said?"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, Field

from store.population.population import Population
from store.records import Feedback
from store.records.feedback import accepted_feedback, feedback_counts
from store.workspace import Workspace
from tools.feedback.effects import (
    ClusterLeftOut,
    Corrected,
    DataNote,
    Effect,
    RowLeftOut,
    SegmentNamed,
    SegmentNotTold,
    TextByTemplate,
    ValueNotCounted,
    effect_of,
)
from tools.identity.corrections.known_again import Named

ALIKE = 0.5  # of two segments' traits, at least so much is common where they are one


class Value(NamedTuple):
    """A cluster that a person does not have, whatever the source says."""

    person: Named
    cluster_hash: str


class FeedbackEffects(BaseModel):
    """What was accepted and holds, as analyses, scores and briefings obey it."""

    feedback_ids: list[str] = Field(default_factory=list)
    clusters_left_out: frozenset[str] = Field(default=frozenset(), description="Hashes that are not mined.")
    values_not_counted: list[Value] = Field(default_factory=list)
    segments_named: list[SegmentNamed] = Field(default_factory=list)
    segments_not_told: list[SegmentNotTold] = Field(default_factory=list)
    rows_left_out: frozenset[str] = Field(
        default=frozenset(), description="Accounts, leads or person ids: not to call first, not flagged."
    )
    texts_by_template: list[TextByTemplate] = Field(default_factory=list)
    data_notes: list[str] = Field(default_factory=list, description="Sentences for a briefing.")

    def tells_by_template(self, subject: str, traits: Collection[str] = ()) -> bool:
        """Whether this text is not to be a model's: by its subject, or by what it tells of."""
        return any(
            each.subject == subject and (not each.traits or alike(each.traits, traits) >= ALIKE)
            for each in self.texts_by_template
        )


class FeedbackSince(BaseModel):
    """What was said and decided since a time."""

    received: int
    accepted: int
    declined: int
    waiting: int = Field(description="Not decided yet, whenever it came.")
    effects: list[str] = Field(description="What was accepted since then changes, in sentences.")


def effects_on(workspace: Workspace, only: Collection[str] | None = None) -> FeedbackEffects:
    """What the accepted feedback of a warehouse changes; of these ids only, where some are given."""
    rows = accepted_feedback(workspace.database, workspace.warehouse.name)
    chosen = [row for row in rows if only is None or row.feedback_id in only]
    found = [(row, effect_of(row)) for row in chosen]
    effects = [effect for _, effect in found]
    return FeedbackEffects(
        feedback_ids=[row.feedback_id for row in chosen],
        clusters_left_out=frozenset(e.cluster_hash for e in effects if isinstance(e, ClusterLeftOut)),
        values_not_counted=[
            Value(Named(row.person_id, row.snapshot_id, effect.known_by), effect.cluster_hash)
            for row, effect in found
            if isinstance(effect, ValueNotCounted) and row.person_id is not None
        ],
        segments_named=[e for e in effects if isinstance(e, SegmentNamed)],
        segments_not_told=[e for e in effects if isinstance(e, SegmentNotTold)],
        rows_left_out=frozenset(e.unit_id for e in effects if isinstance(e, RowLeftOut)),
        texts_by_template=[e for e in effects if isinstance(e, TextByTemplate)],
        data_notes=_data_notes(workspace, found),
    )


def feedback_since(workspace: Workspace, since: datetime | None) -> FeedbackSince:
    """How much was said and decided since a time, and what that changes; of all times for None."""
    rows = accepted_feedback(workspace.database, workspace.warehouse.name)
    later = [row for row in rows if since is None or (row.decided_at and row.decided_at > since)]
    return FeedbackSince(
        **feedback_counts(workspace.database, workspace.warehouse.name, since),
        effects=sentences([effect_of(row) for row in later]),
    )


def alike(one: Collection[str], other: Collection[str]) -> float:
    """Share of the traits of either that both have: the Jaccard index; 0 where both have none."""
    either = set(one) | set(other)
    return len(set(one) & set(other)) / len(either) if either else 0.0


def matched(wanted: Sequence[Collection[str]], found: Sequence[Collection[str]]) -> dict[int, int]:
    """Which of the found segments each wanted one is: the most alike first, none twice, none under ALIKE."""
    pairs = sorted(
        (
            (-alike(one, other), at, where)
            for at, one in enumerate(wanted)
            for where, other in enumerate(found)
        ),
    )
    taken: dict[int, int] = {}
    for unlike, at, where in pairs:
        if -unlike >= ALIKE and at not in taken and where not in taken.values():
            taken[at] = where
    return taken


SAID: Mapping[type, tuple[str, str]] = {
    Corrected: ("one wrong match was corrected", "{n:,} wrong matches were corrected"),
    ValueNotCounted: (
        "one value of a person does not count in analyses",
        "{n:,} values of people do not count in analyses",
    ),
    ClusterLeftOut: ("one cluster is not mined", "{n:,} clusters are not mined"),
    SegmentNamed: ("one segment has the name it was given", "{n:,} segments have the names they were given"),
    SegmentNotTold: ("one segment is not told", "{n:,} segments are not told"),
    RowLeftOut: (
        "one account is not named to be called first",
        "{n:,} accounts are not named to be called first",
    ),
    TextByTemplate: ("one text comes from the template", "{n:,} texts come from the template"),
    DataNote: ("one gap in the data is told", "{n:,} gaps in the data are told"),
}


def sentences(effects: Sequence[Effect]) -> list[str]:
    """What these effects change, counted by kind. Nobody's values, and none of what was written."""
    told = {kind: sum(isinstance(effect, kind) for effect in effects) for kind in SAID}
    return [_capital(SAID[kind][n > 1].format(n=n)) + "." for kind, n in told.items() if n]


def changed_this(effects: Sequence[Effect]) -> list[str]:
    """One sentence of what accepted feedback changed in a run; none where it changed nothing."""
    parts = [each[:1].lower() + each[1:-1] for each in sentences(effects)]
    if not parts:
        return []
    many = f"{len(effects):,} accepted notes" if len(effects) > 1 else "One accepted note"
    return [f"{many} changed this: {'; '.join(parts)}."]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _data_notes(workspace: Workspace, found: Sequence[tuple[Feedback, Effect]]) -> list[str]:
    """What is told of gaps in the snapshot in use; of the same gap once."""
    current = workspace.warehouse.current_id if workspace.warehouse.exists else ""
    told: dict[str, None] = {}
    for row, effect in found:
        if isinstance(effect, DataNote) and effect.snapshot_id == current:
            population = workspace.population if current else None
            told[_data_note(population, effect, row.decided_at)] = None
    return list(told)


def _data_note(population: Population | None, effect: DataNote, decided_at: datetime | None) -> str:
    cluster = population.catalogue.find(effect.cluster_hash) if population and effect.cluster_hash else None
    of = f" of `{cluster.label or cluster.name}`" if cluster else ""
    how = "are missing" if effect.said == "missing_data" else "are out of date"
    day = f" on {decided_at:%Y-%m-%d}" if decided_at else ""
    return f"Values{of} {how}, a reader said; that was accepted{day}, and nothing newer was loaded since."
