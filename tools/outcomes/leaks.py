"""Which columns can only have been known afterwards?"""

import re
from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from store.features import Feature
from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import as_p_values, log_p_enriched, wilson_interval
from tools.mining.findings import Estimate
from tools.outcomes.leak_names import known_afterwards, words_of_name
from tools.outcomes.separation import separation, separation_by_level

_DAYS_BEFORE = re.compile(r"days? (since|before|ago)\b.*")


class LeakQuery(BaseModel):
    """What counts as known only afterwards."""

    model_config = ConfigDict(extra="forbid")

    least_auc: float = Field(
        default=0.98, gt=0.5, le=1, description="AUC of a column by itself from which on it is too good."
    )
    least_auc_low: float = Field(
        default=0.95, gt=0.5, le=1, description="What the low end of its interval must be above."
    )
    least_decided: int = Field(
        default=30, ge=5, description="Won, and lost, records that are needed to hold a column against them."
    )
    least_pure: int = Field(
        default=20, ge=5, description="Records with a value of which all ended alike, for it to be told."
    )
    pure_share: float = Field(
        default=0.2,
        gt=0,
        le=1,
        description="Share of the records of that outcome with such a value, from which on it is refused.",
    )
    p_value: float = Field(
        default=0.001, gt=0, lt=0.5, description="Of all columns and values together (Bonferroni)."
    )
    most_later_share: float = Field(
        default=0.05, ge=0, lt=1, description="Share of dates after the moment that counts, above it refused."
    )


class Leak(BaseModel):
    """A column that may have been known only afterwards."""

    column: str
    verdict: Literal["refused", "warned"]
    kind: Literal["name", "separation", "one_outcome", "later_dates"]
    why: str
    figure: Estimate | None = Field(
        default=None,
        description="separation: AUC of the column by itself; one_outcome: share of the records of that "
        "outcome; later_dates: share of dates after the moment. None where only the name speaks.",
    )
    p_value: float | None = Field(
        default=None, description="one_outcome: hypergeometric tail, times the values looked at."
    )


def leaks(outcomes: OutcomeTable, query: LeakQuery | None = None) -> list[Leak]:
    """Columns that can only be known afterwards, the refused ones first; each once, by its strongest sign.

    Won and expanded records are held against lost and churned ones. A column is refused when by itself it
    tells them apart almost surely (AUC and its interval, levels of categories learned on one half and tried
    on the other), when a value of it, or its being known at all, occurs with one outcome only and covers much
    of it (hypergeometric test), or when it holds dates after the moment that counts. A name alone warns.
    """
    query = query or LeakQuery()
    decided = np.flatnonzero(~outcomes.are("open"))
    won = outcomes.are("won", "expanded")[decided]
    enough = min(np.count_nonzero(won), np.count_nonzero(~won)) >= query.least_decided
    held = [each.take(decided) for each in outcomes.features.features]
    tests = sum(1 + len(each.levels) for each in held)
    found: list[Leak] = []
    for feature in held:
        signs = [_later(feature, query), _named(feature)]
        if enough:
            signs = [_separating(feature, won, query), _one_outcome(feature, won, tests, query), *signs]
        strongest = sorted((sign for sign in signs if sign), key=lambda sign: sign.verdict == "warned")
        found += strongest[:1]
    return sorted(found, key=lambda leak: (leak.verdict == "warned", leak.column))


def without_leaks(outcomes: OutcomeTable, query: LeakQuery | None = None) -> tuple[OutcomeTable, list[Leak]]:
    """The records without the columns that are refused, and all leaks."""
    found = leaks(outcomes, query)
    refused = [leak.column for leak in found if leak.verdict == "refused"]
    return replace(outcomes, features=outcomes.features.without(refused)), found


def _named(feature: Feature) -> Leak | None:
    holds = known_afterwards(feature.name)
    if not holds:
        return None
    why = f"By its name it holds {holds}, known only afterwards."
    return Leak(column=feature.name, verdict="warned", kind="name", why=why)


def _separating(feature: Feature, won: np.ndarray, query: LeakQuery) -> Leak | None:
    """Refused when the column alone tells the outcome almost surely."""
    known = feature.known()
    if min(np.count_nonzero(won[known]), np.count_nonzero(~won[known])) < query.least_decided:
        return None
    if feature.kind == "number":
        auc = separation(feature.values[known], won[known])
    elif feature.kind == "category":
        auc = separation_by_level(feature.values, won, len(feature.levels))
    else:
        return None  # the values of a set are looked at one by one
    if auc.value < query.least_auc or auc.low <= query.least_auc_low:
        return None
    return Leak(
        column=feature.name,
        verdict="refused",
        kind="separation",
        why=f"It alone tells won from lost almost surely (AUC {auc.value:.3f}): it was filled in afterwards.",
        figure=auc,
    )


def _one_outcome(feature: Feature, won: np.ndarray, tests: int, query: LeakQuery) -> Leak | None:
    """Where a value, or having one at all, goes with one outcome only: the one that covers most of it."""
    counts_won, counts_lost, labels = _presence(feature, won)
    total_won, total_lost = np.count_nonzero(won), np.count_nonzero(~won)
    log_p = np.where(
        counts_lost == 0,
        log_p_enriched(counts_won, counts_won + counts_lost, total_won, len(won)),
        log_p_enriched(counts_lost, counts_won + counts_lost, total_lost, len(won)),
    )
    p_values = np.minimum(as_p_values(log_p) * tests, 1.0)
    pure = (np.minimum(counts_won, counts_lost) == 0) & (counts_won + counts_lost >= query.least_pure)
    shares = np.maximum(counts_won / total_won, counts_lost / total_lost)
    told = np.flatnonzero(pure & (p_values <= query.p_value))
    if not len(told):
        return None
    at = int(told[np.argmax(shares[told])])
    outcome, total = ("won", total_won) if counts_lost[at] == 0 else ("lost", total_lost)
    count = int(counts_won[at] + counts_lost[at])
    low, high = wilson_interval(count, total)
    return Leak(
        column=feature.name,
        verdict="refused" if shares[at] >= query.pure_share else "warned",
        kind="one_outcome",
        why=f"{labels[at]} with {outcome} deals only: {count:,} of {total:,}, and none of the others.",
        figure=Estimate(value=count / total, low=float(low), high=float(high)),
        p_value=float(p_values[at]),
    )


def _presence(feature: Feature, won: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """How many won and lost records are known, are unknown, and have each level."""
    known = feature.known()
    rows = [known, ~known]
    having_won = [np.count_nonzero(won & row) for row in rows]
    having_lost = [np.count_nonzero(~won & row) for row in rows]
    labels = ["It is known", "It is unknown"]
    if feature.kind != "number":
        row_of = (
            np.arange(feature.rows)
            if feature.starts is None
            else np.repeat(np.arange(feature.rows), np.diff(feature.starts))
        )
        codes, of_won = feature.values[feature.values >= 0], won[row_of[feature.values >= 0]]
        having_won += np.bincount(codes[of_won], minlength=len(feature.levels)).tolist()
        having_lost += np.bincount(codes[~of_won], minlength=len(feature.levels)).tolist()
        labels += [f'"{level}" occurs' for level in feature.levels]
    return np.array(having_won), np.array(having_lost), labels


def _later(feature: Feature, query: LeakQuery) -> Leak | None:
    """Negative days before the moment that counts are days after it."""
    if feature.kind != "number" or not (
        _DAYS_BEFORE.fullmatch(words_of_name(feature.name)) and feature.unit in ("", "days")
    ):
        return None
    known = feature.values[feature.known()]
    # -1 is how many files write "never": not a date.
    later = int(np.count_nonzero((known < 0) & (known != -1)))
    if not later:
        return None
    low, high = wilson_interval(later, len(known))
    return Leak(
        column=feature.name,
        verdict="refused" if later / len(known) > query.most_later_share else "warned",
        kind="later_dates",
        why=f"{later:,} of its {len(known):,} dates lie after the moment that counts.",
        figure=Estimate(value=later / len(known), low=float(low), high=float(high)),
    )
