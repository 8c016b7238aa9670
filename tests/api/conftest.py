"""The doors over the generated population."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.app import application
from api.cli import app as commands
from api.settings import Settings
from store.workspace import House, Workspace

with warnings.catch_warnings():
    # Starlette asks for httpx2, which nothing else here needs; with httpx it works and says so.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def served(us: Workspace, open_house: Callable[[Path], House]) -> Iterator[TestClient]:
    """The application over the generated population, on a still clock."""
    app = application(Settings(home=us.home), open_house(us.home))
    with TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def fieldmark(us: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Runs a command over the generated population: `fieldmark("tools", "--json")`."""
    monkeypatch.setenv("FIELDMARK_HOME", str(us.home))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words, **options: CliRunner().invoke(commands, [str(word) for word in words], **options)
