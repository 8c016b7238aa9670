"""Analyses that several tests read: made once, in a house that nobody changes."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from agent import CATALOGUE
from agent.analysis import Analysis
from store.customer_file import read_customers
from store.synthetic.customers.truth import FileTruth
from store.workspace import House, Workspace
from tests.conftest import lend_us
from tools.calls import call, tool_named


class Analysed(NamedTuple):
    """A workspace over the generated population, and the analysis of one customer file in it."""

    workspace: Workspace
    analysis: Analysis


def request_of(consumers: Path, file: str) -> dict[str, object]:
    """The arguments of analyze_customers for a generated customer file."""
    customers = read_customers(consumers / "people" / "customers" / f"{file}.csv")
    return {"multi_identifiers": [group._asdict() for group in customers.groups]}


@pytest.fixture(scope="session")
def truths(consumers: Path) -> dict[str, FileTruth]:
    truth = json.loads((consumers / "people" / "truth.json").read_text())
    return {Path(one["file"]).stem: FileTruth.model_validate(one) for one in truth["files"]}


@pytest.fixture(scope="session")
def customers_in(consumers: Path) -> Callable[[str], dict[str, object]]:
    return lambda file: request_of(consumers, file)


@pytest.fixture(scope="module")
def own_us(consumers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The generated population in a house that one module of tests shares."""
    home = tmp_path_factory.mktemp("shared-us")
    lend_us(consumers, home)
    ids = itertools.count(1)
    house = House(
        home,
        base_url="http://127.0.0.1:8321",
        now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
    )
    yield house.workspace("us")
    house.close()


@pytest.fixture(scope="module")
def golf(own_us: Workspace, consumers: Path) -> Analysed:
    """The analysis of `golf_homeowners`, from all its identifiers."""
    analysis = call(
        tool_named(CATALOGUE, "analyze_customers"), own_us, request_of(consumers, "golf_homeowners")
    )
    assert isinstance(analysis, Analysis)
    return Analysed(own_us, analysis)
