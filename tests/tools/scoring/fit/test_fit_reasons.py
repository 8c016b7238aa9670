from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import BadInput, NotFound
from store.features import FeatureTable
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitCriterion, FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.fit.told.reasons import fit_reasons, single
from tools.scoring.fit.told.reasons_column import reasons_column
from tools.scoring.fit.told.sales_text import sales_text

Accounts = Callable[..., tuple[FeatureTable, FeatureTable]]
ROW = st.fixed_dictionaries(
    {},
    optional={
        "employees": st.integers(1, 5_000),
        "industry": st.sampled_from(["Health", "Retail", "Software", "Steel", "Travel", "Opera"]),
        "tools": st.lists(st.sampled_from(["AWS", "SAP", "Zoom"]), max_size=3),
    },
)


def _after(profile: FitProfile, bins: list[int]) -> float:
    """The score of a row in these bins, worked out plainly."""
    total = sum(each.bins[at].evidence for each, at in zip(profile.criteria, bins, strict=True))
    score = np.interp(
        total, [knot.evidence for knot in profile.knots], [knot.score for knot in profile.knots]
    )
    steel = next(at for at, each in enumerate(profile.criteria) if each.scale.name == "industry")
    return min(score, 39.0) if bins[steel] == profile.disqualifiers[0].bin else float(score)


def _bins_of(profile: FitProfile, row: dict[str, object]) -> list[int]:
    reasons = single(profile, row)
    now = {each.dimension: each for each in reasons.reasons_for + reasons.reasons_against}
    return [
        next(at for at, one in enumerate(each.bins) if one.evidence == now[each.scale.told].evidence)
        if each.scale.told in now
        else 0
        for each in profile.criteria
    ]


@given(ROW)
@settings(max_examples=60, deadline=None)
def test_start_and_points_add_up_to_the_score(planted: FitProfile, row: dict[str, object]) -> None:
    found = single(planted, row)
    points = sum(each.points for each in found.reasons_for + found.reasons_against)
    if found.disqualifier:
        assert found.score <= 39
    else:
        assert found.start + points == pytest.approx(found.score, abs=1e-3)
    assert all(each.points >= 0 for each in found.reasons_for)
    assert all(each.points <= 0 for each in found.reasons_against)
    assert len(found.unknown) + len(found.reasons_for + found.reasons_against) <= len(planted.criteria)


@given(ROW)
@settings(max_examples=60, deadline=None)
def test_the_fewest_changes_are_those_of_trying_all(planted: FitProfile, row: dict[str, object]) -> None:
    found, bins = single(planted, row), _bins_of(planted, row)
    floors = [0, 40, 60, 80]
    tier = sum(found.score >= floor for floor in floors[1:])
    fewest = 0
    for size in (1, 2):
        for which in combinations(range(len(bins)), size):
            choices = [range(1, len(planted.criteria[at].bins)) for at in which]
            for to in product(*choices):
                turned = [dict(zip(which, to, strict=True)).get(at, now) for at, now in enumerate(bins)]
                seen = all(
                    planted.criteria[at].bins[place].ideal + planted.criteria[at].bins[place].others
                    for at, place in zip(which, to, strict=True)
                )
                if tier < 3 and seen and not fewest and _after(planted, turned) >= floors[tier + 1]:
                    fewest = size
    assert (len(found.to_next_tier.changes) if found.to_next_tier else 0) == fewest
    if found.to_next_tier:
        gained = sum(each.points for each in found.to_next_tier.changes)
        assert found.score + gained == pytest.approx(found.to_next_tier.score, abs=1e-6)
        assert found.to_next_tier.score >= floors[tier + 1]


def test_a_row_of_a_table_and_its_values_give_the_same(planted: FitProfile, accounts: Accounts) -> None:
    ideal, _ = accounts()
    scores = fit_scores(planted, ideal)
    employees, industry, tools = (ideal.find(name) for name in ("employees", "industry", "tools"))
    assert employees
    assert industry
    assert tools
    assert tools.starts is not None
    for row in range(25):
        values = {
            "employees": None if np.isnan(employees.values[row]) else employees.values[row],
            "industry": industry.levels[industry.values[row]],
            "tools": [tools.levels[at] for at in tools.values[tools.starts[row] : tools.starts[row + 1]]],
        }
        found = single(planted, values)
        assert found == fit_reasons(planted, ideal, row)
        again = fit_reasons(planted, ideal, row, scores)
        assert again.score == pytest.approx(found.score, abs=1e-3)
        assert (again.tier, again.match_confidence) == (found.tier, found.match_confidence)


def test_reasons_are_told_with_the_value_the_ratio_and_its_interval(planted: FitProfile) -> None:
    found = single(planted, {"employees": 120, "industry": "Retail", "tools": "AWS"})
    told = planted.criteria[1].bins[2]
    text = f"Employees 120: 50 to 499 is {told.ratio.value:.2g} times as frequent among customers"
    assert found.reasons_for[0].text.startswith(text)
    assert found.reasons_for[0].ideal_share == told.ideal_share
    assert (found.matched, found.missed) == (["Employees"], ["Tools: SAP"])
    assert found.tier == "B - Good Fit"
    assert found.to_next_tier is not None
    assert [(each.dimension, each.to) for each in found.to_next_tier.changes] == [("Tools: SAP", "yes")]


def test_who_is_disqualified_is_told_why_and_how_to_leave(planted: FitProfile) -> None:
    found = single(planted, {"employees": 120, "industry": "Steel", "tools": ["SAP"]})
    assert found.disqualifier is not None
    assert found.disqualifier.startswith("Industry: Steel: 0.1% of the customers (at most 0.5%), 31% of")
    assert found.tier == "D - Poor Fit"
    assert found.to_next_tier is not None
    assert found.to_next_tier.changes[0].dimension == "Industry"


def test_what_cannot_be_changed_is_not_advised(accounts: Accounts) -> None:
    profile = learn_fit(*accounts(), FitQuery(actionable=("tools",)))
    assert single(profile, {"employees": 20, "industry": "Steel", "tools": ["AWS"]}).to_next_tier is None


def test_nothing_known_has_low_confidence_and_no_reasons(planted: FitProfile) -> None:
    found = single(planted, {"employees": None, "industry": "", "tools": None, "colour": "red"})
    assert (found.reasons_for, found.reasons_against) == ([], [])
    assert (found.known_weight, found.match_confidence) == (0.0, "low")
    assert found.score == found.start
    assert found.unknown == ["Industry", "Employees", "Tools: SAP"]


def test_an_unset_profile_says_so(accounts: Accounts) -> None:
    profile = learn_fit(*accounts(300, 5, shuffled=True))
    found = single(profile, {"employees": 3})
    assert found.score == 50
    assert "Nothing sets these customers apart" in found.note
    assert "not enough evidence" in sales_text(profile)
    assert reasons_column(profile, accounts(300)[0])[0] == "nothing sets these rows apart"


def test_a_number_that_cannot_be_read_is_refused_without_being_told(planted: FitProfile) -> None:
    with pytest.raises(BadInput, match="not a number") as refused:
        single(planted, {"employees": "many people"})
    assert "many people" not in str(refused.value)
    with pytest.raises(NotFound, match="no row 7"):
        fit_reasons(planted, FeatureTable(0, ()), 7)


def _words(criterion: FitCriterion, evidence: float) -> str:
    return next(each.words for each in criterion.bins if each.evidence == evidence)


def test_a_line_for_each_row_has_the_strongest_reasons(planted: FitProfile, accounts: Accounts) -> None:
    """Up to three for and two against, as single has them; a disqualifier comes first."""
    _, others = accounts()
    lines = reasons_column(planted, others, np.arange(40))
    for row, line in enumerate(lines):
        found = fit_reasons(planted, others, row)
        told = {each.scale.told: each for each in planted.criteria}
        words = [
            f"{each.dimension} {_words(told[each.dimension], each.evidence)}"
            for part, most in ((found.reasons_for, 3), (found.reasons_against, 2))
            for each in [each for each in part if abs(each.evidence) >= 0.1][:most]
        ]
        assert all(each in line for each in words)
        assert line.startswith("walk away: Industry Steel") == bool(found.disqualifier)
    assert reasons_column(planted, others)[:40] == lines


def test_sales_reads_what_to_look_for_and_when_to_walk_away(planted: FitProfile) -> None:
    text = sales_text(planted)
    assert text.index("## Must have") < text.index("## Bonus") < text.index("## Walk away if")
    assert "- **Employees**: 50 to 499 (73% of customers" in text
    assert "- **Industry**: Steel (at most 0.5% of customers, 31% of others)" in text
