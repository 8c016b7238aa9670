"""Houses whose deals follow a planted rule."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.analyze_outcomes import start_outcomes
from agent.requests import AnalyzeOutcomes
from store.workspace import Workspace
from tests.agent.learning.planted_deals import Learned, deals, opened, recorded


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Workspace]:
    """A warehouse of which nothing is known yet."""
    house = opened(tmp_path / "home")
    yield house.workspace("crm")
    house.close()


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learned]:
    """600 deals and what was learned from them; made once, and changed by nobody."""
    house = opened(tmp_path_factory.mktemp("learned"))
    workspace = recorded(house.workspace("crm"), deals(600, 1))
    yield Learned(workspace, start_outcomes(workspace, AnalyzeOutcomes()))
    house.close()


@pytest.fixture
def learn() -> Callable[..., Any]:
    """`learn(workspace, seed=1)`: what is said of the outcomes now."""
    return lambda workspace, **asked: start_outcomes(workspace, AnalyzeOutcomes(**asked))
