"""Outcomes made for tests: few by hand, or many with a planted truth."""

from collections.abc import Sequence

import numpy as np

from store.features import Feature, FeatureTable, category, number, sets
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable

START = np.datetime64("2025-01-01")


def outcome_table(
    kinds: Sequence[str],
    features: Sequence[Feature] = (),
    *,
    units: Sequence[str] | None = None,
    decided: Sequence[str | None] | np.ndarray | None = None,
    opened: Sequence[str | None] | np.ndarray | None = None,
    amounts: Sequence[float] | np.ndarray | None = None,
    cycles: Sequence[float] | np.ndarray | None = None,
    dark: Sequence[float] | np.ndarray | None = None,
    reasons: Sequence[Sequence[str]] | None = None,
) -> OutcomeTable:
    """What is not given is unknown; every record has a unit of its own unless units are given."""
    total = len(kinds)
    unknown = np.full(total, np.nan)
    return OutcomeTable(
        unit="account",
        record_ids=np.array([f"deal-{at}" for at in range(total)], dtype=np.str_),
        unit_ids=np.array(
            [f"account-{at}" for at in range(total)] if units is None else units, dtype=np.str_
        ),
        outcomes=np.array([OUTCOMES.index(kind) for kind in kinds], dtype=np.int8),
        decided_at=days(decided, total),
        opened_at=days(opened, total),
        amounts=unknown if amounts is None else np.asarray(amounts, dtype=np.float64),
        cycle_days=unknown if cycles is None else np.asarray(cycles, dtype=np.float64),
        went_dark=unknown if dark is None else np.asarray(dark, dtype=np.float64),
        reasons=sets("reasons", reasons or [[]] * total),
        products=sets("products", [[]] * total),
        features=FeatureTable(total, tuple(features)),
        currency="EUR",
    )


def days(given: Sequence[str | None] | np.ndarray | None, total: int) -> np.ndarray:
    if given is None:
        return np.full(total, np.datetime64("NaT", "D"))
    return np.array(given, dtype="datetime64[D]")


def random_features(rng: np.random.Generator, rows: int) -> list[Feature]:
    """Six numbers, three categories and a set that say nothing; a tenth of each number is unknown."""
    numbers = np.exp(rng.normal(4, 1.5, (6, rows))).round()
    numbers[rng.random((6, rows)) < 0.1] = np.nan
    found = [number(f"n{at}", values) for at, values in enumerate(numbers)]
    found += [category(f"c{at}", rng.integers(0, 5, rows)) for at in range(3)]
    tools = rng.integers(0, 12, (rows, 3))
    return [*found, sets("tools", [[f"t{value}" for value in row] for row in tools.tolist()])]
