"""An analysis in the template's words, with those of a model where they were kept."""

from collections import Counter
from typing import Any

from agent.analysis import Analysis, NarratedAntiPattern, NarratedBy, Narration, Recommendation, Segment
from agent.narration.asking import versions

Told = dict[str, dict[str, Any]]  # what came of each text, by what it is of


def in_words_of_the_model(analysis: Analysis, told: Told, model: str, calls: list[Any]) -> Analysis:
    """The analysis with every text of the model that was kept, and what became of the others.

    calls: the records of the requests of this run.
    """
    names = _names(analysis.segments, told)
    segments = [_segment(segment, names[segment.name], told) for segment in analysis.segments]
    advice = {segment.name: _kept(told, _key(segment)) for segment in analysis.segments}
    narration = _narration(told, model, calls)
    return analysis.model_copy(
        update={
            "segments": segments,
            "recommendations": [
                _recommendation(each, names.get(each.segment, each.segment), advice.get(each.segment, {}))
                for each in analysis.recommendations
            ],
            "anti_patterns": [
                _anti_pattern(pattern, _kept(told, f"anti_pattern-{at}"))
                for at, pattern in enumerate(analysis.anti_patterns)
            ],
            "narrated_by": "model" if narration.kept else "template",
            "narration": narration,
            "warnings": [*analysis.warnings, *_warnings(narration)],
        }
    )


def _key(segment: Segment) -> str:
    return f"segment-{segment.segment_id}"


def _kept(told: Told, key: str) -> dict[str, str]:
    return told.get(key, {}).get("kept", {})


def _names(segments: list[Segment], told: Told) -> dict[str, str]:
    """The name of each segment by its template's name; a model's name that is not the only one is dropped."""
    wanted = {segment.name: _kept(told, _key(segment)).get("name", segment.name) for segment in segments}
    times = Counter(name.casefold() for name in [*wanted.values(), *wanted])
    return {
        before: name if name == before or times[name.casefold()] == 1 else before
        for before, name in wanted.items()
    }


def _segment(segment: Segment, name: str, told: Told) -> Segment:
    kept = _kept(told, _key(segment))
    by = _by(name != segment.name, "description" in kept)
    description = kept.get("description", segment.description)
    return segment.model_copy(update={"name": name, "description": description, "narrated_by": by})


def _recommendation(advice: Recommendation, name: str, kept: dict[str, str]) -> Recommendation:
    changed = {field: kept[field] for field in ("action", "expected_impact") if field in kept}
    by = _by("action" in changed, "expected_impact" in changed)
    return advice.model_copy(update={**changed, "segment": name, "narrated_by": by})


def _anti_pattern(pattern: NarratedAntiPattern, kept: dict[str, str]) -> NarratedAntiPattern:
    if "explanation" not in kept:
        return pattern
    return pattern.model_copy(update={"description": kept["explanation"], "narrated_by": "model"})


def _by(*kept: bool) -> NarratedBy:
    return "model" if all(kept) else "both" if any(kept) else "template"


def _narration(told: Told, model: str, calls: list[Any]) -> Narration:
    refused: Counter[str] = Counter()
    for each in told.values():
        refused.update(each["rules"])
    failed = Counter(each["outcome"] for each in told.values() if each["outcome"] != "answered")
    return Narration(
        model=model,
        asked=sum(each["asked"] for each in told.values()),
        kept=sum(len(each["kept"]) for each in told.values()),
        refused=dict(sorted(refused.items())),
        failed=dict(sorted(failed.items())),
        calls=sum(1 for call in calls if call.milliseconds),
        tokens_in=sum(call.tokens_in for call in calls),
        tokens_out=sum(call.tokens_out for call in calls),
        cost=round(sum(call.cost for call in calls), 6),
        prompt_versions=versions(),
    )


def _warnings(narration: Narration) -> list[str]:
    if not narration.failed:
        return []
    texts = sum(narration.failed.values())
    reasons = ", ".join(reason.replace("_", " ") for reason in narration.failed)
    return [f"The language model gave no words for {texts:,} findings ({reasons}); the template tells these."]
