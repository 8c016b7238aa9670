"""A blank answer is unknown: neither Yes nor No, from the file to what is said of the customers."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from store.population.build import build_snapshot
from store.population.mapping import Mapping
from store.population.population import Population
from store.population.source import open_source
from tools.audience.expression import Not, Term
from tools.audience.selection import Selection, size
from tools.mining.findings import LiftReport
from tools.mining.lift import LiftQuery, lift_report
from tools.mining.rows.counting import BitmapCounts, membership, traits_of

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
# Of 200 customers 60 own, 20 do not, 120 gave no answer; of 1,000 people 100, 500 and 400.
CUSTOMERS = ["yes"] * 60 + ["no"] * 20 + [""] * 120
OTHERS = ["yes"] * 40 + ["no"] * 480 + [""] * 280
QUERY = LiftQuery(min_persons=5)


@pytest.fixture
def population(tmp_path: Path) -> Population:
    lines = [f"{person},{answer}" for person, answer in enumerate([*CUSTOMERS, *OTHERS])]
    (tmp_path / "people.csv").write_text("\n".join(["id,owns", *lines]) + "\n")
    mapping = Mapping.model_validate({"columns": {"id": {"kind": "person_id"}, "owns": {"kind": "flag"}}})
    with open_source([tmp_path / "people.csv"], temp=tmp_path) as source:
        build_snapshot(source, mapping, tmp_path / "snapshot", "s1", NOW, processes=1)
    return Population(tmp_path / "snapshot")


@pytest.fixture
def reported(population: Population) -> Callable[[], LiftReport]:
    def report() -> LiftReport:
        codes = population.catalogue.minable()
        customers = membership(population, np.arange(len(CUSTOMERS)), codes)
        return lift_report(customers, BitmapCounts(population), traits_of(population.catalogue, codes), QUERY)

    return report


def test_those_without_an_answer_count_in_neither_value(population: Population) -> None:
    assert {each.value: each.size for each in population.catalogue.clusters} == {"Yes": 100, "No": 500}
    customers = membership(population, np.arange(len(CUSTOMERS)), population.catalogue.minable())
    counts = {
        population.catalogue[int(code)].value: count
        for code, count in zip(customers.codes, customers.counts(), strict=True)
    }
    assert counts == {"Yes": 60, "No": 20}


def test_shares_are_of_all_people_also_of_those_without_an_answer(reported) -> None:
    """Yes: 60 / 200 against 100 / 1,000, lift 3. No: 20 / 200 against 500 / 1,000, lift 0.2."""
    report = reported()
    (yes,), (no,) = report.top_attributes, report.rare_attributes
    assert (yes.trait.value, yes.customers, yes.population) == ("Yes", 60, 100)
    assert (yes.frequency.value, yes.baseline_share) == (pytest.approx(0.3), pytest.approx(0.1))
    assert yes.lift.value == pytest.approx(3.0)
    assert (no.trait.value, no.customers, no.population) == ("No", 20, 500)
    assert no.lift.value == pytest.approx(0.2)


def test_not_yes_is_more_than_no(population: Population) -> None:
    """NOT is everybody else: 500 who said no and 400 who said nothing."""
    codes = {each.value: str(each.code) for each in population.catalogue.clusters}
    assert size(population, Selection(Term(codes["No"]))) == 500
    assert size(population, Selection(Not(Term(codes["Yes"])))) == 900
