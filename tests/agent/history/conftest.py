"""Houses with runs of every kind on small data, to be made again."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent.analyze_outcomes import start_outcomes
from agent.generate_audience import start_audience
from agent.requests import AnalyzeOutcomes, AudienceQuery
from store.outcomes.ledger import ledger_of
from store.population.mapping import Mapping
from store.records.recipes import recipes_ending
from store.workspace import House, Workspace
from tests.agent.changes.conftest import Club, first_members, people
from tests.agent.learning.planted_deals import deals
from tests.conftest import Clock, silent


class Kept(NamedTuple):
    """A club whose members were analysed, an audience like them, and deals that were learned from."""

    workspace: Workspace
    club: Club
    clock: Clock
    analysis_id: str
    audience_id: str
    outcomes_id: str

    @property
    def run_ids(self) -> tuple[str, str, str]:
        return self.analysis_id, self.audience_id, self.outcomes_id


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with one run of each kind but the briefing, an hour apart; made once, and copied."""
    home = tmp_path_factory.mktemp("history") / "home"
    clock = Clock()
    with closing(_opened(home, clock)) as house:
        club = Club(partial(_load, house), clock)
        rows = people()
        members = first_members(rows)
        workspace = club.week(rows, members)
        ledger_of(workspace.warehouse).record(deals(160, 1), "account", clock())
        analysis = club.analysed(workspace, members)
        clock.advance(hours=1)
        asked = {"analysis_id": analysis.analysis_id, "strategy": "ranked", "exclude": ["customers"]}
        start_audience(workspace, AudienceQuery.model_validate({**asked, "format": "csv"}))
        clock.advance(hours=1)
        start_outcomes(workspace, AnalyzeOutcomes(seed=3))
    return home


@pytest.fixture
def kept(made: Path, tmp_path: Path) -> Iterator[Kept]:
    """The house of the runs as the test's own, some hours after the last of them."""
    home = tmp_path / "home"
    shutil.copytree(made, home)
    clock = Clock()
    clock.advance(days=7, hours=5)
    with closing(_opened(home, clock, first=10)) as house:
        workspace = house.workspace("club")
        yield Kept(workspace, Club(partial(_load, house), clock), clock, *ids_of(workspace))


def ids_of(workspace: Workspace) -> tuple[str, str, str]:
    """The runs of analyze_customers, generate_audience and analyze_outcomes."""
    recipes = recipes_ending(workspace.database, "")
    ids = {recipe.kind: recipe.run_id for recipe in recipes}
    return ids["analyze_customers"], ids["generate_audience"], ids["analyze_outcomes"]


def _opened(home: Path, clock: Clock, first: int = 1) -> House:
    numbers = itertools.count(first)
    new_id = lambda: f"00000000-0000-4000-8000-{next(numbers):012d}"  # noqa: E731  # as every house of the tests
    return House(home, base_url="http://127.0.0.1:8321", now=clock, new_id=new_id)


def _load(house: House, text: str, columns: dict[str, Any], warehouse: str) -> Workspace:
    file = house.home.parent / f"{warehouse}.csv"
    file.write_text(text)
    workspace, mapping = house.workspace(warehouse), Mapping.model_validate({"columns": columns})
    workspace.warehouse.load([file], mapping, house.now(), progress=silent, processes=1)
    return workspace
