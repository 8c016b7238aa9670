"""What was learned from planted deals, and the house that it is kept in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.outcome_analysis import OutcomeAnalysis
from store.workspace import Workspace
from tests.agent.conversation.planted_ledger import analysis_learned, house_at, learned_home


@pytest.fixture(scope="session")
def outcomes_home(consumers: Path) -> Path:
    return learned_home(consumers)


@pytest.fixture(scope="session")
def learned(outcomes_home: Path) -> OutcomeAnalysis:
    return analysis_learned(outcomes_home)


@pytest.fixture
def learned_us(outcomes_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the house, of the test's own."""
    home = shutil.copytree(outcomes_home, tmp_path / "own-home", symlinks=True)
    house = house_at(home)
    yield house.workspace("us")
    house.close()
