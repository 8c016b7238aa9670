"""What does accepting a feedback do, and how is that said beforehand?"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from store.records import Feedback

LEAD, TEXT, CHANGE = "lead:", "text:", "change:"  # how a subject begins


class _Effect(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Corrected(_Effect):
    """A match was split, or two persons were merged."""

    kind: Literal["corrected"] = "corrected"
    correction_ids: list[str]


class ValueNotCounted(_Effect):
    """The person does not count as having the cluster. Who it is, the feedback says."""

    kind: Literal["value_not_counted"] = "value_not_counted"
    cluster_hash: str
    known_by: list[str] = Field(
        default_factory=list, description="Digests of identifiers, where ids are those of one snapshot."
    )


class ClusterLeftOut(_Effect):
    """The cluster is no trait in analyses of this warehouse."""

    kind: Literal["cluster_left_out"] = "cluster_left_out"
    cluster_hash: str


class SegmentNamed(_Effect):
    """The segment most like this one has this name."""

    kind: Literal["segment_named"] = "segment_named"
    traits: list[str] = Field(description="Cluster hashes that mark it.")
    name: str


class SegmentNotTold(_Effect):
    """The segment most like this one is left out of what is told."""

    kind: Literal["segment_not_told"] = "segment_not_told"
    traits: list[str]


class RowLeftOut(_Effect):
    """This account or lead is named neither among those to call first nor among the flagged."""

    kind: Literal["row_left_out"] = "row_left_out"
    unit_id: str


class TextByTemplate(_Effect):
    """This text comes from the template, not from a model."""

    kind: Literal["text_by_template"] = "text_by_template"
    subject: str = Field(description="Which text: `segment-0`, `anti_pattern-1`, `headline` …")
    traits: list[str] = Field(
        default_factory=list, description="Of the segment or anti-pattern it told of: its number may change."
    )


class DataNote(_Effect):
    """Readers are told of the gap until a newer snapshot is loaded."""

    kind: Literal["data_note"] = "data_note"
    snapshot_id: str
    said: Literal["missing_data", "stale_data"]
    cluster_hash: str = ""


class Noted(_Effect):
    """Kept and counted; nothing else changes."""

    kind: Literal["noted"] = "noted"


Effect = Annotated[
    Corrected
    | ValueNotCounted
    | ClusterLeftOut
    | SegmentNamed
    | SegmentNotTold
    | RowLeftOut
    | TextByTemplate
    | DataNote
    | Noted,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Effect] = TypeAdapter(Effect)


def effect_of(feedback: Feedback) -> Effect:
    """The effect that was kept with an accepted feedback; Noted where there is none."""
    kept: dict[str, Any] = feedback.effect or {"kind": "noted"}
    return _ADAPTER.validate_python(kept)


def lead_of(feedback: Feedback) -> str:
    """The account, lead or person of a score that a feedback is about; empty for none."""
    if feedback.subject.startswith(LEAD):
        return feedback.subject.removeprefix(LEAD)
    return "" if feedback.person_id is None else str(feedback.person_id)


def text_of(feedback: Feedback) -> str:
    """Which text a feedback is about; empty for none."""
    return feedback.subject.removeprefix(TEXT) if feedback.subject.startswith(TEXT) else ""


NOTHING = "It is counted as accepted, and nothing else changes: it does not say {missing}."
PREVIEWS = {
    "wrong_match": "It needs a correction: `split_match` or `merge_persons` with this feedback's id, "
    "which accept it. Until then the match stays.",
    "wrong_attribute": "The person does not count as having the attribute in later analyses.",
    "useless_cluster": "The cluster is left out of mining in this warehouse.",
    "bad_segment": "With a name, the segment has that name in later analyses; without one, it is not told.",
    "bad_score": "The row is left out of those to call first and of the flagged ones.",
    "bad_text": "The text comes from the template in later runs.",
    "missing_data": "Briefings say that values are missing until a newer snapshot is loaded.",
    "stale_data": "Briefings say that values are out of date until a newer snapshot is loaded.",
    "other": "It is counted as accepted, and nothing else changes.",
}


def effect_preview(feedback: Feedback) -> str:
    """What accepting it would do, in a sentence."""
    missing = missing_for(feedback)
    return NOTHING.format(missing=missing) if missing else PREVIEWS.get(feedback.kind, PREVIEWS["other"])


def missing_for(feedback: Feedback) -> str:
    """What a feedback would have to say for its kind to have an effect; empty where it says so."""
    if feedback.kind == "wrong_attribute" and (feedback.person_id is None or not feedback.cluster_hash):
        return "which person and which cluster"
    if feedback.kind == "useless_cluster" and not feedback.cluster_hash:
        return "which cluster"
    if feedback.kind == "bad_segment" and not feedback.segment:
        return "which segment"
    if feedback.kind == "bad_score" and not lead_of(feedback):
        return "which row"
    if feedback.kind == "bad_text" and not (text_of(feedback) or feedback.segment):
        return "which text"
    return ""
