"""A client of a house that is served in the same process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.client import Fieldmark
from benchmarks.own_server import OwnServer, own_server
from tests.conftest import lend_us


@pytest.fixture
def remote(served: TestClient) -> Iterator[Fieldmark]:
    """The served house, asked by the client."""
    with Fieldmark("http://127.0.0.1:8321", warehouse="us", transport=served._transport) as fieldmark:
        yield fieldmark


@pytest.fixture(scope="session")
def own_house(consumers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """The generated population, served on loopback with a worker beside it."""
    home = tmp_path_factory.mktemp("served") / "home"
    lend_us(consumers, home)
    with own_server(home, ("--workers", "1")) as server:
        yield server
