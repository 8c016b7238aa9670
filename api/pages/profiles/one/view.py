"""What does a reader see of a profile?"""

from typing import Any, NamedTuple

from tools.mining.findings import Estimate
from tools.profiles.content.document import DIMENSIONS, ProfileCriterion, ProfileDocument

TIERS = (("A", 80), ("B", 60), ("C", 40), ("D", 0))  # and the score from which each is, see docs/profiles.md


class WrittenLine(NamedTuple):
    """One dimension that is written."""

    dimension: str
    wanted: list[str]
    weight: float
    share: float  # of what the written dimensions weigh together, 0..1


class LearnedLine(NamedTuple):
    """One dimension that was learned, with its evidence."""

    label: str
    value: str
    good: str
    tier: int
    weight: float
    share: float  # of the heaviest, 0..1
    ideal: Estimate | None
    others: Estimate | None


class ProfileView(NamedTuple):
    """A document as it is read."""

    written: list[WrittenLine]
    idle: list[WrittenLine]  # written, but of no weight
    learned: list[LearnedLine]
    learned_share: float  # of the score that what was learned decides, 0..1
    is_empty: bool


def profile_view(document: ProfileDocument) -> ProfileView:
    """The document, the heaviest first."""
    written = [each for each in _written(document) if each.weight > 0]
    learned = [_learned(each, document.criteria) for each in document.criteria if each.weight > 0]
    share = document.weights.criteria if written and learned else 1.0 if learned else 0.0
    return ProfileView(
        sorted(written, key=lambda each: -each.weight),
        [each for each in _written(document) if not each.weight],
        sorted(learned, key=lambda each: (each.tier, -each.weight)),
        share,
        document.is_empty,
    )


def _written(document: ProfileDocument) -> list[WrittenLine]:
    whole = sum(getattr(document.weights, each) for each in document.written)
    found = []
    for each in DIMENSIONS:
        weight = getattr(document.weights, each)
        if document.wanted(each):
            found.append(WrittenLine(each, document.wanted(each), weight, weight / whole if whole else 0.0))
    return found


def _learned(criterion: ProfileCriterion, all_of: list[ProfileCriterion]) -> LearnedLine:
    most = max(each.weight for each in all_of)
    return LearnedLine(
        criterion.label,
        criterion.value,
        criterion.good,
        criterion.tier,
        criterion.weight,
        criterion.weight / most,
        criterion.ideal_share,
        criterion.others_share,
    )


def plain(document: ProfileDocument) -> dict[str, Any]:
    """The document as plain values, to be compared field by field."""
    return document.model_dump(mode="json")
