"""A house without a population, served in memory: on this machine, and to others."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.records import Database
from store.workspace import House

HOME = "http://127.0.0.1:8321"


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records without a row; making the tables takes longer than most tests here."""
    path = tmp_path_factory.mktemp("records") / "fieldmark.db"
    database = Database(path)
    with database.session():
        pass
    database.close()
    return path


@pytest.fixture
def own_house(tmp_path: Path, empty_records: Path, clock: Callable) -> Iterator[House]:
    (tmp_path / "home").mkdir()
    shutil.copy(empty_records, tmp_path / "home" / "fieldmark.db")
    house = House(tmp_path / "home", base_url=HOME, now=clock, new_id=lambda: str(uuid.uuid4()))
    yield house
    house.close()


@pytest.fixture
def serve(own_house: House) -> Iterator[Callable[..., TestClient]]:
    """Serves the house under some settings, to a client at some address."""
    opened: list[TestClient] = []

    def served(address: str = "127.0.0.1", url: str = HOME, **given: object) -> TestClient:
        settings = Settings(home=own_house.home, **given)  # type: ignore[arg-type]
        client = TestClient(
            application(settings, own_house), base_url=url, client=(address, 50_000), follow_redirects=False
        )
        client.headers.clear()
        opened.append(client)
        return client

    yield served
    for client in opened:
        client.close()
