"""What the tests of tools share: a call as the doors make it, and a town that is small enough to count."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store.population.mapping import Mapping
from store.workspace import House, Workspace
from tools import TOOLS
from tools.calls import call, tool_named

HEADER = (
    "person_id,color,size,golf,topics,income,name,email,second_email,phone,address,maid,latitude,longitude"
)
COLUMNS: dict[str, dict[str, Any]] = {
    "person_id": {"kind": "person_id", "domain": "id"},
    "color": {"kind": "category", "domain": "interest"},
    "size": {"kind": "category", "domain": "purchase"},
    "golf": {"kind": "flag", "domain": "lifestyle", "attribute": "plays_golf"},
    "topics": {"kind": "list", "domain": "intent_topic", "attribute": "topic"},
    "income": {"kind": "number", "domain": "financial", "bins": [50.0, 100.0]},
    "name": {"kind": "field", "domain": "name", "attribute": "first_name"},
    "email": {"kind": "identifier", "identifier": "email"},
    "second_email": {"kind": "identifier", "identifier": "email"},
    "phone": {"kind": "identifier", "identifier": "phone"},
    "address": {"kind": "identifier", "identifier": "address"},
    "maid": {"kind": "identifier", "identifier": "maid"},
    "latitude": {"kind": "latitude"},
    "longitude": {"kind": "longitude"},
}
PEOPLE = 240


@pytest.fixture(scope="session")
def ask() -> Callable[..., dict[str, Any]]:
    """`ask(workspace, "get_person", person_ids=[1])`: the JSON that every door gives."""
    return asked


def asked(workspace: Workspace, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers, as JSON without nulls."""
    answer = call(tool_named(TOOLS, tool), workspace, arguments)
    return answer.model_dump(mode="json", exclude_none=True, warnings=False)


@dataclass
class Town:
    """A population in several shards, and the rows it was made from."""

    workspace: Workspace = field(repr=False)
    people: list[dict[str, Any]] = field(repr=False)

    def cluster(self, name: str, value: str) -> str:
        """The hash of a cluster."""
        found = self.workspace.population.catalogue.valued(name, value)
        assert found is not None
        return found.cluster_hash

    def having(self, name: str, value: str) -> set[int]:
        """Ids of the people who have this value, read from the rows."""
        return {person["person_id"] for person in self.people if value in person["has"].get(name, ())}


def _person(person_id: int, chance: random.Random) -> dict[str, Any]:
    color = chance.choice(["red", "blue", "green", ""])
    golf = chance.choice(["Yes", "No", ""])
    income = chance.choice([20, 49, 50, 75, 100, 300, None])
    topics = sorted(chance.sample(["sailing", "opera", "chess"], chance.randrange(4)))
    place = (40 + chance.uniform(-1, 1), -100 + chance.uniform(-1, 1)) if chance.random() < 0.9 else None
    income_range = "under 50" if (income or 0) < 50 else "50-99" if (income or 0) < 100 else "100 and over"
    has = {
        "color": (color,) if color else (),
        "size": ("L",) if color == "red" or chance.random() < 0.3 else ("S",),
        "plays_golf": (golf,) if golf else (),
        "topic": tuple(topics),
        "income": (income_range,) if income is not None else (),
    }
    return {
        "person_id": person_id,
        "has": has,
        "income": income,
        "place": place,
        "email": f"person{person_id}@example.org" if chance.random() < 0.7 else "",
        "phone": f"212555{person_id:04d}" if chance.random() < 0.5 else "",
    }


def _line(person: dict[str, Any]) -> str:
    has = person["has"]
    cells = [
        person["person_id"],
        *(has["color"] or ("",)),
        *has["size"],
        *(has["plays_golf"] or ("",)),
        "|".join(has["topic"]),
        "" if person["income"] is None else person["income"],
        f"Name{person['person_id']}",
        person["email"],
        "",
        person["phone"],
        "",
        "",
        *(person["place"] or ("", "")),
    ]
    return ",".join(map(str, cells))


def build_town(home: Path, people: list[dict[str, Any]], shard_persons: int) -> Workspace:
    """The people loaded as the warehouse `town`, in shards of about so many."""
    ids = itertools.count(1)
    house = House(
        home,
        base_url="http://127.0.0.1",
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        new_id=lambda: str(next(ids)),
    )
    home.mkdir(exist_ok=True)
    file = home / "town.csv"
    file.write_text("\n".join([HEADER, *map(_line, people)]) + "\n")
    workspace = house.workspace("town")
    workspace.warehouse.load(
        [file],
        Mapping.model_validate({"columns": COLUMNS}),
        house.now(),
        progress=lambda *_: None,
        processes=1,
        shard_persons=shard_persons,
    )
    return workspace


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """240 people in several shards: color, size, golf, topics, income, most with an e-mail and a place."""
    chance = random.Random(5)
    people = [_person(number, chance) for number in range(1, PEOPLE + 1)]
    workspace = build_town(tmp_path_factory.mktemp("town"), people, 64)
    assert len(workspace.population.shards) > 1
    yield Town(workspace, people)
    workspace.database.close()
