"""Who earned more than 50,000 dollars in 1994, held against pandas, scipy and mlxtend."""

import os
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats

from tests.tools.mining.proof.real_table import RealTable
from tools.mining.evidence.frequencies import Frequencies
from tools.mining.evidence.statistics import as_p_values, benjamini_hochberg, information
from tools.mining.findings import Estimate, LiftReport
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership
from tools.mining.sets.itemsets import frequent_sets

CENSUS = Path(os.environ.get("FIELDMARK_DATA", "/nonexistent")) / "adult_census_1994.csv.gz"

pytestmark = pytest.mark.skipif(not CENSUS.exists(), reason="FIELDMARK_DATA names no folder with the census")

NUMBERS = ("age", "education_num", "capital_gain", "capital_loss", "hours_per_week")
MINED_FOR_SETS = (
    "age",
    "education",
    "marital_status",
    "occupation",
    "sex",
    "hours_per_week",
    "race",
    "workclass",
)
SMALLEST = 1e-290  # a p-value is told as 1e-300 at least


class Census(NamedTuple):
    """Everybody by what they answered, who earned more, and what sets these apart."""

    table: RealTable
    won: NDArray[np.bool_]
    customers: Membership
    report: LiftReport

    @property
    def people(self) -> int:
        return len(self.won)

    def counts(self, rows: NDArray[np.bool_]) -> tuple[int, int]:
        """Customers and people among these rows."""
        return int((rows & self.won).sum()), int(rows.sum())


@pytest.fixture(scope="module")
def census() -> Census:
    """The answers but the income, the weight of the row and its half; `?` is missing."""
    rows = pd.read_csv(CENSUS, na_values=["?"], skipinitialspace=True)
    won = (rows["income_gt_50k"] == 1).to_numpy()
    table = RealTable.of(rows.drop(columns=["income_gt_50k", "fnlwgt", "split"]), NUMBERS)
    customers = table.customers(won)
    return Census(
        table, won, customers, lift_report(customers, table.people, table.traits, ranks=table.ranks)
    )


def assert_share(told: Estimate, having: int, total: int, over: float = 1.0) -> None:
    """The share and scipy's Wilson bounds, divided by what it is held against."""
    wilson = stats.binomtest(having, total).proportion_ci(method="wilson")
    assert told.value == pytest.approx(having / total / over)
    assert told.low == pytest.approx(wilson.low / over, abs=1e-12)
    assert told.high == pytest.approx(wilson.high / over, abs=1e-12)


def test_everybody_is_there(census: Census) -> None:
    assert (census.report.customers, census.report.population) == (11_687, 48_842)
    assert not census.report.bounded
    assert census.report.uneven == []


def test_all_frequent_sets_are_those_of_mlxtend(census: Census) -> None:
    """Sets of 2 to 4 answers that a fiftieth of the customers gave, of eight questions."""
    from mlxtend.frequent_patterns import fpgrowth

    codes = sorted(code for (name, _), code in census.table.codes.items() if name in MINED_FOR_SETS)
    chosen = census.customers.only(codes)
    floor = int(np.ceil(0.02 * chosen.total))
    levels, bounded = frequent_sets(chosen, floor, 4)
    assert not bounded
    found = {
        frozenset(row): count
        for level in levels
        for row, count in zip(level.members.tolist(), level.counts.tolist(), strict=True)
    }
    rows = pd.DataFrame(chosen.rows().astype(bool))
    told = fpgrowth(rows, min_support=(floor - 0.5) / chosen.total, max_len=4)
    expected = {
        frozenset(members): round(support * chosen.total)
        for members, support in zip(told["itemsets"], told["support"], strict=True)
        if len(members) > 1
    }
    assert len(expected) > 1_000
    assert found == expected


def test_every_trait_told_is_counted_as_pandas_counts_it(census: Census) -> None:
    report = census.report
    told = [*report.top_attributes, *report.rare_attributes, *report.unremarkable]
    assert len(told) > 40
    for each in told:
        having, people = census.counts(census.table.answered(each.trait.name, [each.trait.value]))
        assert (each.customers, each.population) == (having, people)
        assert each.baseline_share == pytest.approx(people / census.people)
        assert_share(each.frequency, having, report.customers)
        assert_share(each.lift, having, report.customers, over=people / census.people)
        assert each.difference is not None
        assert each.difference.value == pytest.approx(having / report.customers - people / census.people)


def test_p_values_are_those_of_the_hypergeometric_distribution(census: Census) -> None:
    """The signed root of G is within 10 % of the exact tail to 1e-30, 20 % beyond, and ends at 1e-300."""
    tested = 0
    for name, falls in (("top_attributes", False), ("rare_attributes", True)):
        for each in getattr(census.report, name):
            table = stats.hypergeom(census.people, each.population, census.report.customers)
            log_p = table.logcdf(each.customers) if falls else table.logsf(each.customers - 1)
            if each.p_value > SMALLEST:
                tested += 1
                assert np.log(each.p_value) == pytest.approx(log_p, abs=0.1 if each.p_value > 1e-30 else 0.2)
            else:
                assert not np.isfinite(log_p) or log_p < np.log(1e-280)
    assert tested > 20


def test_q_values_are_those_of_scipy(census: Census) -> None:
    """Over both directions of all 120 answers that somebody gave."""
    customers = census.customers.only(np.flatnonzero(census.table.everybody.counts()))
    singles = Frequencies.of(
        customers.codes, customers.counts()[None], np.array([customers.total]), census.table.people
    )
    p_values = as_p_values(singles.log_p[0])
    expected = stats.false_discovery_control(p_values)
    assert benjamini_hochberg(p_values) == pytest.approx(expected)
    both = stats.false_discovery_control(np.concatenate([p_values, np.ones(len(p_values))]))
    place = {int(code): at for at, code in enumerate(singles.codes)}
    for each in (*census.report.top_attributes, *census.report.rare_attributes):
        at = place[census.table.codes[each.trait.name, each.trait.value]]
        # What falls in one direction has p near 1 in the other, which counts as a test.
        assert each.q_value == pytest.approx(both[at])


def test_sets_are_counted_and_their_interval_is_that_of_the_rows(census: Census) -> None:
    """var log lift = var(I(all) / P(all) - sum I(i) / P(i)) / n, taken over the customers' rows."""
    report = census.report
    told = [*report.top_intersections, *report.multi_attribute_clusters]
    assert told
    for each in told:
        having, people = census.counts(census.table.having(each.traits))
        assert (each.customers, each.population) == (having, people)
        assert_share(each.frequency, having, report.customers)
        assert_share(each.lift_over_population, having, report.customers, over=people / census.people)
        single = np.array([census.table.having([one])[census.won] for one in each.traits], dtype=float)
        together, shares = single.prod(axis=0), single.mean(axis=1)
        lift = together.mean() / shares.prod()
        influence = together / together.mean() - (single / shares[:, None]).sum(axis=0)
        spread = np.exp(stats.norm.ppf(0.975) * np.sqrt(influence.var() / report.customers))
        assert each.lift.value == pytest.approx(lift)
        assert (each.lift.low, each.lift.high) == (pytest.approx(lift / spread), pytest.approx(lift * spread))


def test_field_marks_are_united_as_pandas_unites_them(census: Census) -> None:
    covered = np.zeros(census.people, dtype=bool)
    for mark in census.report.field_marks:
        having = census.table.having(mark.traits)
        assert (mark.customers, mark.population) == census.counts(having)
        assert mark.adds == census.counts(having & ~covered)[0]
        covered |= having
        assert_share(mark.covered, census.counts(covered)[0], census.report.customers)
    together = census.report.marks_together
    assert together is not None
    assert (together.customers, together.population) == census.counts(covered)
    assert together.customers > 0.8 * census.report.customers
    assert together.population < 0.5 * census.people


def test_each_range_is_the_run_that_tells_most(census: Census) -> None:
    """By a search of all runs of neighbouring ranges of age, education and hours, counted by pandas."""
    runs = {each.attribute: each for each in census.report.ranges}
    assert (runs["age"].in_words, runs["hours_per_week"].in_words) == ("25 and over", "44 and over")
    for name in ("age", "education_num", "hours_per_week"):
        assert (name in runs) == (_best_run(census, name) is not None)
    for name, run in runs.items():
        best = _best_run(census, name)
        assert best is not None
        assert ([each.value for each in run.traits], run.customers, run.population) == best


def _best_run(census: Census, name: str) -> tuple[list[str], int, int] | None:
    """The values of the run with most information, above each of its values alone, and its counts."""
    answered = census.table.answered
    values = [
        value
        for (of, value), code in sorted(census.table.codes.items(), key=lambda each: each[1])
        if of == name and answered(name, [value]).any()
    ]
    best, most = None, 0.0
    for first, last in combinations(range(len(values)), 2):
        run = values[first : last + 1]
        having, people = census.counts(answered(name, run))
        share, usual = having / census.report.customers, people / census.people
        alone = max(_gain_alone(census, answered(name, [value])) for value in run)
        gain = float(information(share, usual))
        enough = share >= 1.15 * usual and having >= 0.02 * census.report.customers
        if run != values and enough and gain > max(alone, most):
            best, most = (run, having, people), gain
    return best


def _gain_alone(census: Census, rows: NDArray[np.bool_]) -> float:
    having, people = census.counts(rows)
    share, usual = having / census.report.customers, people / census.people
    return float(information(share, usual)) if share >= usual else 0.0


def test_what_is_known_of_the_better_paid_is_found(census: Census) -> None:
    """Married, long at school, executives and professionals, with gains of capital; and seldom young."""
    top = {(each.trait.name, each.trait.value) for each in census.report.top_attributes[:10]}
    assert top >= {
        ("marital_status", "Married-civ-spouse"),
        ("education_num", "13 and over"),
        ("occupation", "Exec-managerial"),
        ("occupation", "Prof-specialty"),
        ("capital_gain", "1 and over"),
    }
    rare = {(each.trait.name, each.trait.value) for each in census.report.rare_attributes[:5]}
    assert rare >= {("marital_status", "Never-married"), ("age", "18-24")}


def test_a_half_of_them_gives_what_the_whole_gives(census: Census) -> None:
    """Customers in an order of their own: of the ten strongest traits of a half nine are of the whole's."""
    rows = np.random.default_rng(4).permutation(census.customers.total)[: census.customers.total // 2]
    half = lift_report(
        census.customers.subset(np.sort(rows)), census.table.people, census.table.traits, LiftQuery(draws=0)
    )
    whole = [each.trait.cluster_hash for each in census.report.top_attributes[:10]]
    assert len({each.trait.cluster_hash for each in half.top_attributes[:10]} & set(whole)) >= 9
