"""The doors over the generated population."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import application
from api.cli import app as commands
from api.settings import Settings
from store.workspace import House, Workspace


@pytest.fixture
def served(us: Workspace, clock: Callable[[], datetime]) -> Iterator[TestClient]:
    """The application over the generated population, on a still clock; it closes its house."""
    house = House(us.home, base_url="http://127.0.0.1:8321", now=clock, new_id=lambda: str(uuid.uuid4()))
    app = application(Settings(home=us.home), house)
    with TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def fieldmark(us: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Runs a command over the generated population: `fieldmark("tools", "--json")`."""
    monkeypatch.setenv("FIELDMARK_HOME", str(us.home))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words, **options: CliRunner().invoke(commands, [str(word) for word in words], **options)
