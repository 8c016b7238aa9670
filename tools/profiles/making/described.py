"""What do the best customers have in common, dimension by dimension?"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, Field

from store.features import UNKNOWN, Feature, FeatureTable
from tools.mining.evidence.frequencies import estimate
from tools.mining.evidence.statistics import (
    as_p_values,
    benjamini_hochberg,
    log_p_enriched,
    wilson_interval,
)
from tools.mining.findings import Estimate
from tools.profiles.content.document import CompanySize, Dimension
from tools.profiles.making.queries import ProposalQuery
from tools.profiles.matching.columns import READS, kind_of, recognised
from tools.profiles.matching.industries import same_industry
from tools.profiles.matching.places import country_code
from tools.profiles.matching.roles import role
from tools.profiles.matching.sizes import size_range
from tools.profiles.matching.words import normal


class Evidence(BaseModel):
    """Why one line is proposed."""

    dimension: str
    value: str
    customers: int = Field(description="Customers who have it.")
    known: int = Field(description="Customers of whom the column is known.")
    share: Estimate = Field(description="Of the customers of whom it is known; Wilson interval.")
    others_share: Estimate | None = Field(
        default=None, description="Of the others of whom it is known; none where nobody is compared."
    )
    q_value: float | None = Field(
        default=None,
        description="That customers have it no more often than others: Fisher's exact test, one-sided, then "
        "Benjamini-Hochberg over all values looked at.",
    )
    in_words: str


class Described(BaseModel):
    """Lines of a profile, each with its evidence."""

    lines: dict[str, list[str]] = Field(default_factory=dict)
    company_size: CompanySize | None = None
    evidence: list[Evidence] = Field(default_factory=list)


PLAIN: Mapping[Dimension, tuple[str, ...]] = {
    "industries": ("industry",),
    "geography": ("country", "state"),
    "roles": ("title",),
    "signals": ("signals",),
}


def described(
    ideal: FeatureTable, others: FeatureTable | None, query: ProposalQuery, taken: Sequence[str] = ()
) -> Described:
    """The values that many of the ideal rows have, and where others are known, more of them than of those.

    A value is proposed when `query.min_share` of the rows of which it is known have it, and at least
    `query.min_rows` of them; where others are given, when it is also proven to be more frequent than among
    them at the false discovery rate `query.q`. Several names of one thing are one value, in its most
    frequent spelling. The company size runs between the quantiles `query.size_tail` and
    1 - `query.size_tail`. taken: columns that criteria already read; their dimensions are told by them.
    """
    read = {kind_of(name) for name in taken}
    mine = {kind: columns[0] for kind, columns in recognised(ideal).items()}
    theirs = recognised(others) if others is not None else {}
    looked: list[tuple[str, str, int, int, int, int]] = []
    for dimension, kinds in PLAIN.items():
        kind = next((each for each in kinds if mine.get(each)), None)
        if kind is None or read.intersection(READS[dimension]):
            continue
        column = mine[kind]
        counts, written, known = value_counts(column, kind)
        other = next((each for each in theirs.get(kind, ()) if each.name == column.name), None)
        beside, _, beside_known = value_counts(other, kind) if other else (Counter[str](), {}, 0)
        looked += [
            (dimension, written[value], having, known, beside[value], beside_known)
            for value, having in counts.most_common(query.max_looked)
        ]
    found = Described()
    _keep(found, looked, query)
    employees = mine.get("employees")
    if employees is not None and "employees" not in read:
        _keep_size(found, employees, query)
    return found


def value_counts(column: Feature, kind: str = "") -> tuple[Counter[str], dict[str, str], int]:
    """Rows by what their value stands for, how it is mostly written, and of how many rows it is known."""
    if column.kind == "number":
        return Counter(), {}, 0
    counts = np.bincount(column.values[column.values != UNKNOWN], minlength=len(column.levels)).tolist()
    told: Counter[str] = Counter()
    written: dict[str, str] = {}
    for count, level in sorted(
        zip(counts, column.levels, strict=True), key=lambda each: (-each[0], -len(each[1]))
    ):
        told[_stands_for(level, kind)] += count
        written.setdefault(_stands_for(level, kind), level)
    return told, written, int(column.known().sum())


def _stands_for(value: str, kind: str) -> str:
    """The same for several names of one industry, country or role."""
    if kind == "industry":
        return same_industry(value)
    if kind == "country":
        return country_code(value) or normal(value)
    if kind == "title" and (named := role(value)).function:
        return f"{named.level} {' '.join(sorted(named.function))}"
    return normal(value)


def _keep(found: Described, looked: list[tuple[str, str, int, int, int, int]], query: ProposalQuery) -> None:
    if not looked:
        return
    having, known, other, other_known = (np.array([each[at] for each in looked]) for at in range(2, 6))
    compared = other_known > 0
    q_values = np.ones(len(looked))
    if compared.any():
        p_values = as_p_values(
            log_p_enriched(
                having[compared],
                known[compared],
                (having + other)[compared],
                (known + other_known)[compared],
            )
        )
        q_values[compared] = benjamini_hochberg(p_values)
    shares = wilson_interval(having, np.maximum(known, 1))
    other_shares = wilson_interval(other, np.maximum(other_known, 1))
    for at, (dimension, value, count, of, others, of_others) in enumerate(looked):
        alone = dimension == "signals" and not compared[at]
        if count < query.min_rows or count < (query.min_signal_share if alone else query.min_share) * of:
            continue
        if compared[at] and not q_values[at] <= query.q:
            continue
        if len(found.lines.setdefault(dimension, [])) == query.max_values:
            continue
        found.lines[dimension].append(value[:120])
        against = estimate(others / of_others, other_shares, at) if compared[at] else None
        beside = f", {others / of_others:.0%} of the others" if against else ""
        found.evidence.append(
            Evidence(
                dimension=dimension,
                value=value,
                customers=count,
                known=of,
                share=estimate(count / of, shares, at),
                others_share=against,
                q_value=float(q_values[at]) if against else None,
                in_words=f"{count / of:.0%} of {of:,} customers{beside}",
            )
        )


def _keep_size(found: Described, column: Feature, query: ProposalQuery) -> None:
    """The range of employees that holds most of the customers."""
    sizes = np.array(_sizes(column))
    if len(sizes) < query.min_rows:
        return
    low, high = np.quantile(sizes, [query.size_tail, 1 - query.size_tail], method="inverted_cdf")
    inside = int(((sizes >= low) & (sizes <= high)).sum())
    size = CompanySize(min_employees=int(low), max_employees=max(int(high), int(low)))
    found.company_size = size
    found.evidence.append(
        Evidence(
            dimension="company_size",
            value=size.told,
            customers=inside,
            known=len(sizes),
            share=estimate(inside / len(sizes), wilson_interval([inside], [len(sizes)]), 0),
            in_words=f"{inside / len(sizes):.0%} of {len(sizes):,} customers lie in it",
        )
    )


def _sizes(column: Feature) -> list[float]:
    """The employees of each row of which they are known; of a band its geometric middle."""
    if column.kind == "number":
        return column.values[~np.isnan(column.values)].tolist()
    if column.kind == "set":
        return []
    middle = [_middle(size_range(level)) for level in column.levels]
    told = [middle[code] for code in column.values.tolist() if code != UNKNOWN]
    return [each for each in told if each is not None]


def _middle(ends: tuple[float, float] | None) -> float | None:
    if ends is None:
        return None
    low, high = max(ends[0], 1.0), ends[1] if np.isfinite(ends[1]) else ends[0] * 10
    return float(np.sqrt(low * max(high, low)))
