"""How does a profile become a scorecard over the columns of these leads?"""

from collections.abc import Sequence
from dataclasses import dataclass

from store.features import Feature, FeatureTable
from tools.mining.findings import Estimate
from tools.profiles.content.document import DIMENSIONS, LABELS, Dimension, ProfileDocument
from tools.profiles.matching.columns import READS, kind_of, recognised, told_columns
from tools.profiles.scoring.judges import columns_read, judge_of, ruled_out, speaking_of
from tools.profiles.scoring.learned import adjusted, range_of, stretched
from tools.profiles.scoring.verdicts import Verdict, verdict
from tools.scoring.fit.bins.words import levels_words
from tools.scoring.fit.profile import Disqualifier, FitBin, FitCriterion, FitProfile, Knot, Scale

UNMEASURED = Estimate(value=0.0, low=0.0, high=1.0)  # nobody counted
NO_RATIO = Estimate(value=1.0, low=0.0, high=1.0)
# Of a profile that is all written: half of what all its dimensions together add, in units of evidence.
REACH = 10.0
MATCHED, MISSED = 1, 2


@dataclass(frozen=True)
class Card:
    """A profile as a fit profile over the leads' columns and some more, which are made from them."""

    fit: FitProfile
    columns: tuple[Feature, ...]
    notes: list[str]


def card_of(key: str, document: ProfileDocument, learned: FitProfile | None, table: FeatureTable) -> Card:
    """The scorecard of a profile for these leads. key: begins the names of the columns that are made.

    A dimension that is written adds `+u w` where it is matched and `-u w` where it is missed, w being its
    share of the weights; what is not known adds nothing. Alone, u makes the line run from 0 over 50 to 100.
    Beside learned criteria u is such that the written part has the share 1 - `weights.criteria` of the
    range, and the learned line is stretched over the whole of it. A learned criterion that reads a column of
    a written dimension is set aside: what is written goes before.
    """
    found = recognised(table)
    written = document.written
    fit = _learned_part(document, learned, written)
    share = _written_share(document, fit, written)
    worst, best = range_of(fit.criteria) if fit else (0.0, 0.0)
    reach = REACH if fit is None or not fit.criteria else share / (1 - share) * (best - worst) / 2
    verdicts = {
        each: verdict(
            f"{key}:{each}",
            LABELS[each],
            columns_read(document, each, found, table),
            table.rows,
            judge_of(document, each),
        )
        for each in written
    }
    draws = len(fit.criteria[0].bins[0].resampled) if fit and fit.criteria else 1
    whole = sum(getattr(document.weights, each) for each in written)
    criteria = [
        _criterion(
            document, each, verdicts[each], getattr(document.weights, each) / whole, share, reach, draws
        )
        for each in written
    ]
    ruling = [
        _ruling(f"{key}:not {at}", phrase, found, table) for at, phrase in enumerate(document.disqualifiers)
    ]
    columns = [each.feature for each in verdicts.values()] + [column for _, column in ruling]
    return Card(
        _together(criteria, fit, [each for each, _ in ruling], share, (worst - reach, best + reach)),
        tuple(columns),
        _notes(document, found, table, written, learned, fit),
    )


def _learned_part(
    document: ProfileDocument, learned: FitProfile | None, written: Sequence[Dimension]
) -> FitProfile | None:
    if learned is None or not document.criteria or (document.weights.criteria == 0 and written):
        return None
    read = {kind for each in written for kind in READS[each]}
    kept = [each for each in document.criteria if kind_of(each.column) not in read]
    return adjusted(learned, kept)


def _written_share(document: ProfileDocument, fit: FitProfile | None, written: Sequence[Dimension]) -> float:
    if not written:
        return 0.0
    # All the weight for the criteria would leave the written ones without a say: they keep a thousandth.
    return 1.0 if fit is None or not fit.criteria else max(1 - document.weights.criteria, 1e-3)


def _criterion(
    document: ProfileDocument,
    dimension: Dimension,
    found: Verdict,
    weight: float,
    share: float,
    reach: float,
    draws: int,
) -> FitCriterion:
    even = 1 / len(document.written)
    wanted = levels_words(document.wanted(dimension))
    bins = [("unknown", 0.0), (wanted, reach * weight), (f"not {wanted}", -reach * weight)]
    return FitCriterion(
        scale=Scale(
            name=found.feature.name,
            kind="category",
            label=LABELS[dimension],
            groups=[list(found.matched), list(found.missed)],
            other=MISSED,
        ),
        tier=1 if weight > 1.2 * even else 3 if weight < 0.8 * even else 2,
        weight=weight * share,
        held_out_gain=Estimate(value=0.0, low=0.0, high=0.0),
        stability=1.0,
        p_value=1.0,
        q_value=1.0,
        good=wanted,
        good_ideal_share=UNMEASURED,
        good_others_share=UNMEASURED,
        bins=[_bin(words, evidence, draws) for words, evidence in bins],
        actionable=False,
    )


def _bin(words: str, evidence: float, draws: int) -> FitBin:
    return FitBin(
        words=words,
        ideal=0.0,
        others=0.0,
        ideal_share=UNMEASURED,
        others_share=UNMEASURED,
        ratio=NO_RATIO,
        evidence=evidence,
        resampled=[evidence] * draws,
    )


def _ruling(
    name: str, phrase: str, found: dict[str, list[Feature]], table: FeatureTable
) -> tuple[Disqualifier, Feature]:
    columns, judge = ruled_out(phrase, found, table)
    told = verdict(name, LABELS["disqualifiers"], columns, table.rows, judge)
    ruled = Disqualifier(
        scale=Scale(
            name=name,
            kind="category",
            label=LABELS["disqualifiers"],
            groups=[list(told.matched), list(told.missed)],
            other=MISSED,
        ),
        bin=MATCHED,
        words=phrase,
        ideal_share=UNMEASURED,
        others_share=UNMEASURED,
        p_value=1.0,
        q_value=1.0,
    )
    return ruled, told.feature


def _together(
    criteria: list[FitCriterion],
    fit: FitProfile | None,
    ruled: list[Disqualifier],
    share: float,
    ends: tuple[float, float],
) -> FitProfile:
    if fit is None or not fit.criteria:
        knots = [
            Knot(evidence=-REACH, score=0, meaning="every dimension missed"),
            Knot(evidence=REACH, score=100, meaning="every dimension matched"),
        ]
        return FitProfile(
            criteria=criteria,
            disqualifiers=[*ruled, *(fit.disqualifiers if fit else [])],
            knots=knots if criteria else [],
            ideal_rows=fit.ideal_rows if fit else 0,
            others_rows=fit.others_rows if fit else 0,
            columns=0,
            tested=0,
        ).stamped()
    learned = [each.model_copy(update={"weight": each.weight * (1 - share)}) for each in fit.criteria]
    both = sorted([*criteria, *learned], key=lambda each: -each.weight)
    knots = stretched(fit.knots, *ends) if criteria else fit.knots
    found = fit.model_copy(
        update={"criteria": both, "disqualifiers": [*ruled, *fit.disqualifiers], "knots": knots}
    )
    return found.stamped()


def _notes(
    document: ProfileDocument,
    found: dict[str, list[Feature]],
    table: FeatureTable,
    written: Sequence[Dimension],
    learned: FitProfile | None,
    fit: FitProfile | None,
) -> list[str]:
    """What was read as what, and which dimensions no column tells of."""
    notes = []
    speaking = speaking_of(document.signals, table) if "signals" in written else []
    if told := told_columns({**found, "signals": [*found.get("signals", ()), *speaking]}, written):
        notes.append(f"Read for `{document.name}`: {told}.")
    lacking = [
        LABELS[each].lower()
        for each in DIMENSIONS
        if each in written and not columns_read(document, each, found, table)
    ]
    if lacking:
        notes.append(f"No column tells of {', '.join(lacking)}: unknown for every lead.")
    kept = {(each.scale.name, each.scale.value) for each in fit.criteria} if fit else set()
    aside = [each.label for each in document.criteria if each.weight > 0 and each.key not in kept]
    if learned is not None and aside:
        notes.append(f"Set aside, since a written dimension reads the same: {', '.join(aside[:5])}.")
    return notes
