"""An analysis as accepted feedback has it: names that were given, segments that are not told."""

from collections.abc import Sequence
from typing import Any

from agent.analysis import Analysis, Segment
from tools.feedback.applied import FeedbackEffects, changed_this, matched
from tools.feedback.effects import Effect, SegmentNamed, TextByTemplate


def told_by_template(analysis: Analysis, effects: FeedbackEffects) -> set[str]:
    """Texts that a model is not asked for: `segment-0`, `anti_pattern-1`."""
    segments = {
        f"segment-{segment.segment_id}"
        for segment in analysis.segments
        if effects.tells_by_template("segment", _marks(segment))
    }
    patterns = {
        f"anti_pattern-{at}"
        for at, pattern in enumerate(analysis.anti_patterns)
        if effects.tells_by_template("anti_pattern", {trait.cluster_hash for trait in pattern.traits})
    }
    return segments | patterns


def as_accepted(analysis: Analysis, effects: FeedbackEffects, applied: Sequence[Effect]) -> Analysis:
    """The analysis without the segments that are not told, the others under the names they were given.

    applied: what else was obeyed in this run. All of it is said in one of the warnings.
    """
    hidden = matched(
        [each.traits for each in effects.segments_not_told], [_marks(each) for each in analysis.segments]
    )
    told = [each for at, each in enumerate(analysis.segments) if at not in hidden.values()]
    names, obeyed = _names(told, effects.segments_named)
    gone = {each.name for each in analysis.segments} - {each.name for each in told}
    changed: dict[str, Any] = {
        "segments": [each.model_copy(update={"name": names.get(each.name, each.name)}) for each in told],
        "recommendations": [
            each.model_copy(update={"segment": names.get(each.segment, each.segment)})
            for each in analysis.recommendations
            if each.segment not in gone
        ],
    }
    every = [*applied, *(effects.segments_not_told[at] for at in hidden), *obeyed]
    changed["warnings"] = [*analysis.warnings, *changed_this(every)]
    return analysis.model_copy(update=changed)


def texts_told_by_template(analysis: Analysis, effects: FeedbackEffects) -> list[Effect]:
    """One effect for each text of the analysis that a model was not asked for."""
    return [TextByTemplate(subject=key) for key in sorted(told_by_template(analysis, effects))]


def _marks(segment: Segment) -> set[str]:
    return {each.trait.cluster_hash for each in segment.traits}


def _names(
    segments: Sequence[Segment], given: Sequence[SegmentNamed]
) -> tuple[dict[str, str], list[SegmentNamed]]:
    """The new name by the old one, and what gave it. A name that another segment has is not given again."""
    newest = list(reversed(given))
    names: dict[str, str] = {}
    obeyed: list[SegmentNamed] = []
    for at, where in matched([each.traits for each in newest], [_marks(each) for each in segments]).items():
        wanted, before = newest[at].name, segments[where].name
        taken = {each.name.casefold() for each in segments if each.name != before}
        taken |= {each.casefold() for each in names.values()}
        if wanted.casefold() not in taken:
            names[before] = wanted
            obeyed.append(newest[at])
    return names, obeyed
