"""A served house with planted deals, learned from twice: what was learned stays, and the tests share it."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from agent.analyze_outcomes import start_outcomes
from agent.outcome_analysis import OutcomeAnalysis
from agent.requests import AnalyzeOutcomes
from api.app import application
from api.jobs.attempt import Attempt
from api.settings import Settings
from store.records.runs import begin_run, runs_of
from store.workspace import House
from tests.agent.learning.planted_deals import TODAY, deals, recorded
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, Tab

BASE = "http://127.0.0.1:8321"


class Crm:
    """A home whose warehouse `crm` has 600 deals, and the two analyses of them."""

    def __init__(self, home: Path, first: OutcomeAnalysis, second: OutcomeAnalysis) -> None:
        self.home, self.first, self.second = home, first, second


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Crm:
    """400 deals learned from, then 200 newer ones, and learned from again."""
    home = tmp_path_factory.mktemp("crm") / "home"
    ids, ticks = itertools.count(1), itertools.count(1_772_400_000)
    house = House(
        home,
        base_url=BASE,
        now=lambda: datetime.fromtimestamp(next(ticks), UTC),
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
    )
    workspace = house.workspace("crm")
    long_ago, lately = TODAY - timedelta(700), TODAY - timedelta(120)
    found = []
    for records in (
        deals(400, 1, first=long_ago, last=lately),
        deals(200, 2, first=lately + timedelta(1), begin=400),
    ):
        recorded(workspace, records)
        found.append(start_outcomes(workspace, AnalyzeOutcomes()))
    house.close()
    return Crm(home, *found)


@pytest.fixture(scope="module")
def crm_site(crm: Crm) -> Iterator[Site]:
    """The planted deals, served to browsers."""
    with served_site(crm.home) as site:
        yield site


@pytest.fixture
def crm_tab(crm_site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs on the planted deals, as `tab` does."""
    tabs = Tab(crm_site, chromium)
    yield tabs
    tabs.close()


@pytest.fixture
def empty_tab(empty_site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs on a house in which nothing was ever loaded."""
    tabs = Tab(empty_site, chromium)
    yield tabs
    tabs.close()


class Asked:
    """Asks for pages and fragments of one house, and does its jobs when told to."""

    def __init__(self, client: TestClient, house: House) -> None:
        self.client, self.house = client, house

    def page(self, path: str, **more: object) -> str:
        """The page, which is there."""
        answer = self.client.get(path, headers={"Accept": "text/html"}, **more)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, **more: object):
        """The answer to a form that is sent without leaving the page."""
        return self.client.post(path, headers={"Fieldmark-Fragment": "1"}, **more)

    def work(self) -> None:
        """Bring the newest job to its end, as a worker does."""
        last = runs_of(self.house.everywhere)[0]
        run = begin_run(self.house.everywhere, last.run_id, last.turn, "worker", self.house.now())
        assert run is not None
        Attempt(self.house, run, 1e9, lambda: False).go()


@pytest.fixture
def asked(tmp_path: Path, clock) -> Iterator[Asked]:
    """A house in which nothing was ever loaded, asked without a browser."""
    house = House(tmp_path / "home", base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    with TestClient(application(Settings(home=house.home), house), base_url=BASE) as client:
        yield Asked(client, house)
