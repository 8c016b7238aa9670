"""An analysis and an audience of it, kept in a house that is served."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import httpx2
import pytest
from playwright.sync_api import Browser, Page
from starlette.requests import Request

from agent import CATALOGUE
from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from api.settings import Settings
from store.access import SCOPES, Principal, Scope
from store.workspace import House
from tests.agent.conftest import request_of
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, Tab
from tests.conftest import lend_us
from tools.calls import call, tool_named


class Answered(NamedTuple):
    """The house of what was found, and what was found."""

    home: Path
    analysis: Analysis
    audience: AudienceResult


@pytest.fixture(scope="session")
def answered(consumers: Path, tmp_path_factory: pytest.TempPathFactory) -> Answered:
    """`golf_homeowners`, analysed, and an audience of it; read only."""
    home = tmp_path_factory.mktemp("answered") / "home"
    lend_us(consumers, home)
    ids = itertools.count(1)
    house = House(
        home,
        base_url="http://127.0.0.1:8321",
        now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
    )
    us = house.workspace("us")
    analysis = call(tool_named(CATALOGUE, "analyze_customers"), us, request_of(consumers, "golf_homeowners"))
    assert isinstance(analysis, Analysis)
    asked = {"analysis_id": analysis.analysis_id, "strategy": "hybrid"}
    audience = call(tool_named(CATALOGUE, "generate_audience"), us, asked)
    assert isinstance(audience, AudienceResult)
    house.close()
    return Answered(home, analysis, audience)


@pytest.fixture(scope="module")
def answered_site(answered: Answered) -> Iterator[Site]:
    with served_site(answered.home) as site:
        # The first chart of a process takes seconds; a browser would wait for them.
        address = f"{site.url}/analyses/{answered.analysis.analysis_id}"
        httpx2.get(address, headers={"Accept": "text/html"}, timeout=120).raise_for_status()
        yield site


@pytest.fixture
def look(answered_site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs on it, as `tab` does."""
    opened = Tab(answered_site, chromium)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answered_house(answered: Answered) -> Iterator[House]:
    house = House(answered.home, base_url="", now=lambda: datetime(2026, 3, 3, tzinfo=UTC), new_id=str)
    yield house
    house.close()


@pytest.fixture
def request_by(answered_house: House) -> Callable[..., Request]:
    """A request of somebody with these scopes, in this language: `request_by("read", language="de-DE")`."""
    state = SimpleNamespace(house=answered_house, settings=Settings(home=answered_house.home))

    def made(*scopes: Scope, language: str = "en-US") -> Request:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "headers": [(b"accept-language", language.encode())],
            "app": SimpleNamespace(state=state),
            "state": {"principal": Principal("local", "local", "viewer", frozenset(scopes or SCOPES))},
        }
        return Request(scope)

    return made
