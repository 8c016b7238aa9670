"""Which groups are compared: the profile's first, each once, the best supported, never too many."""

import numpy as np
import pytest

from store.features import FeatureTable, category, number, sets
from tools.outcomes.changes.levels import Level, levels, tier_levels
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery

ROWS = 1_000


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    rng = np.random.default_rng(0)
    industry = rng.choice(["Health", "Retail", "Software"], ROWS, p=[0.5, 0.3, 0.2])
    return FeatureTable(
        ROWS,
        (
            category("industry", industry, label="Industry"),
            number("employees", np.round(rng.lognormal(4, 1, ROWS)), label="Employees"),
            category("subscribed", np.where(rng.random(ROWS) < 0.4, "Yes", "No")),
            sets("tools", [["SAP"] * (at % 3 == 0) + ["Zoom"] * (at % 5 == 0) for at in range(ROWS)]),
        ),
    )


@pytest.fixture(scope="module")
def profile(table: FeatureTable) -> FitProfile:
    """Learned where software wins, and retail does not."""
    industry = table.features[0]
    chance = np.array([0.3, 0.02, 0.9])[industry.values]
    won = np.random.default_rng(1).random(ROWS) < chance
    return learn_fit(table.take(won), table.take(~won), FitQuery())


def found(table: FeatureTable, fit: FitProfile | None = None, **asked: int) -> list[Level]:
    usable = {name: np.ones(table.rows, dtype=bool) for name in table.names}
    return levels(table, usable, fit, OutcomeChangesQuery.model_validate(asked))


def names(levels: list[Level]) -> set[str]:
    return {f"{each.attribute}={each.name}" for each in levels}


def test_every_level_and_range_with_enough_support_is_compared_once(table):
    told = names(found(table))
    assert {"industry=Health", "industry=Retail", "industry=Software"} <= told
    assert {f"employees=range {at} of 4" for at in (1, 2, 3, 4)} <= told
    assert {"tools=SAP", "tools=Zoom"} & told
    assert "subscribed=Yes" in told
    assert "subscribed=No" not in told


def test_the_bins_of_the_profile_come_first(table, profile):
    told = found(table, profile, max_levels=2)
    assert {each.attribute for each in told} == {profile.criteria[0].scale.name}
    assert told[0].value == profile.criteria[0].good


def test_the_best_supported_are_kept_where_there_are_too_many():
    """Of ten thousand levels the three with the most rows."""
    codes = np.concatenate([np.repeat([1, 2, 3], 400), np.arange(4, 10_004)])
    told = found(FeatureTable(len(codes), (category("city", codes),)), max_levels=3)
    assert [each.name for each in told] == ["3", "2", "1"]


def test_rows_that_may_not_be_used_are_neither_inside_nor_outside(table):
    usable = {"industry": np.arange(ROWS) >= 500}
    told = levels(table, usable, None, OutcomeChangesQuery())
    assert {each.attribute for each in told} == {"industry"}
    assert all(not each.known[:500].any() and not each.inside[:500].any() for each in told)


def test_a_number_with_few_values_has_as_few_ranges():
    """Seven tenths are 0: only one edge is left above the least value."""
    values = np.concatenate([np.zeros(700), np.full(300, 5.0)])
    told = found(FeatureTable(ROWS, (number("offices", values),)))
    assert [(each.name, each.value) for each in told] == [("range 2 of 2", "5 and over")]


def test_tiers_are_levels_of_their_own():
    tiers = np.repeat([0, 1, 2, 3, -1], 100).astype(np.int8)
    told = tier_levels(tiers, OutcomeChangesQuery())
    assert [(each.tier, each.about, int(each.known.sum())) for each in told] == [
        (tier, "tier", 400) for tier in "ABCD"
    ]
