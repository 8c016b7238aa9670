"""Who was erased is in no answer, and no later delivery brings them back."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from store.erasures import Erasures, read_erasures, write_erasures
from store.identifiers.digests import prefixes_of
from store.population.population import Population
from store.workspace import House, Workspace

COLUMNS = {
    "id": {"kind": "person_id"},
    "colour": {"kind": "category"},
    "likes": {"kind": "list"},
    "mail": {"kind": "identifier", "identifier": "email"},
    "mail2": {"kind": "identifier", "identifier": "email"},
    "device": {"kind": "identifier", "identifier": "maid"},
    "key": {"kind": "identifier", "identifier": "id"},
    "phone": {"kind": "identifier", "identifier": "phone"},
    "home": {"kind": "identifier", "identifier": "address"},
}
HEADER = ",".join(COLUMNS) + "\n"
HOME = '"12 Main St, Springfield, IL 62701"'
# 1 and 2 are one household; 3 lives elsewhere.
PEOPLE = (
    HEADER
    + f"1,red,tea|golf,ann@example.com,,6d92078a-8246-4ba4-ae5b-76104861e7dc,K1,2125550100,{HOME}\n"
    + f"2,red,tea,bob@example.com,,,K2,2125550100,{HOME}\n"
    + "3,blue,,cat@example.com,cat2@example.com,,,2125550199,\n"
)
IDENTIFIERS = {
    "email": ["Ann@Example.com", "nonsense"],
    "maid": ["6D92078A82464BA4AE5B76104861E7DC"],
    "id": ["K1"],
    "phone": ["2125550100"],
    "address": ["12 Main St, Springfield, IL 62701"],
}


@pytest.fixture
def erased(load: Callable[..., Workspace]) -> Workspace:
    """Three people, the first of them erased."""
    workspace = load(PEOPLE, columns=COLUMNS)
    workspace.warehouse.erase(1, IDENTIFIERS)
    return workspace


def sizes(population: Population) -> dict[str, int]:
    return {f"{each.name}={each.value}": each.size for each in population.catalogue.clusters}


def persons(population: Population) -> list[int]:
    return sorted(int(shard.person_ids[number]) for shard in population.shards for number in shard.everyone)


def test_before_anybody_is_erased_all_are_there(load: Callable[..., Workspace]) -> None:
    population = load(PEOPLE, columns=COLUMNS).population
    assert persons(population) == [1, 2, 3]
    assert sizes(population) == {"colour=blue": 1, "colour=red": 2, "likes=golf": 1, "likes=tea": 2}


def test_an_erased_person_is_gone_at_once_from_everyone_sizes_and_ids(erased: Workspace) -> None:
    population = erased.population
    assert (persons(population), population.persons) == ([2, 3], 2)
    assert sizes(population) == {"colour=blue": 1, "colour=red": 1, "likes=golf": 0, "likes=tea": 1}
    [shard] = population.shards
    asked, numbers = shard.numbers_of(np.array([3, 1, 2]))
    assert asked.tolist() == [0, 2]
    assert [int(shard.person_ids[number]) for number in numbers] == [3, 2]
    assert shard.erased_numbers.tolist() == [shard.person_ids.tolist().index(1)]


def test_the_household_stays(erased: Workspace) -> None:
    """The phone and the address lead to the other one of the two."""
    [shard] = erased.population.shards
    values = ["2125550100"]
    hits = shard.lookup.find("phone", "plaintext", values, prefixes_of(values, "sha256").view(np.int64))
    left = [int(shard.person_ids[number]) for number in hits.number if number in shard.everyone]
    assert left == [2]


@pytest.mark.parametrize(
    "row",
    [
        "1,green,,,,,,,",
        "77,green,,ANN@example.com,,,,,",
        "77,green,,other@example.com,ann@example.com,,,,",
        "77,green,,,,6D92078A-8246-4BA4-AE5B-76104861E7DC,,,",
        "77,green,,,,,K1,,",
    ],
    ids=["person id", "e-mail", "second e-mail", "maid", "id"],
)
def test_a_later_delivery_does_not_bring_them_back(
    erased: Workspace, load: Callable[..., Workspace], row: str
) -> None:
    load(f"{HEADER}{row}\n5,green,,new@example.com,,,k1,2125550100,{HOME}\n", columns=COLUMNS)
    population = erased.population
    assert persons(population) == [5]
    assert (population.manifest.persons, sizes(population)) == (1, {"colour=green": 1})


def test_somebody_else_with_the_phone_and_the_address_is_let_in(
    erased: Workspace, load: Callable[..., Workspace]
) -> None:
    load(f"{HEADER}8,green,,,,,K8,2125550100,{HOME}\n", columns=COLUMNS)
    assert persons(erased.population) == [8]


def test_without_person_ids_rows_are_known_by_their_identifiers(load: Callable[..., Workspace]) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name in ("colour", "mail")}
    workspace = load("colour,mail\nred,ann@example.com\nblue,bob@example.com\n", columns=columns)
    workspace.warehouse.erase(1, {"email": ["ann@example.com"]})
    assert workspace.population.persons == 1
    load("colour,mail\nred,ann@example.com\nblue,bob@example.com\n", columns=columns)
    assert sizes(workspace.population) == {"colour=blue": 1}


def test_the_erased_are_gone_from_several_shards(
    house: House, tmp_path: Path, load: Callable[..., Workspace]
) -> None:
    rows = [
        f"{number},{number * 7 % 80},{number * 31 % 170},{'red' if number % 3 else 'blue'}"
        for number in range(100)
    ]
    columns = {
        "id": {"kind": "person_id"},
        "lat": {"kind": "latitude"},
        "lon": {"kind": "longitude"},
        "colour": {"kind": "category"},
    }
    workspace = load("id,lat,lon,colour\n" + "\n".join(rows) + "\n", columns=columns, shard_persons=20)
    for number in (0, 50, 99):
        workspace.warehouse.erase(number, {})
    population = workspace.population
    assert len(population.shards) > 2
    assert persons(population) == sorted(set(range(100)) - {0, 50, 99})
    assert sizes(population) == {"colour=blue": 32, "colour=red": 65}


def test_the_file_holds_no_value_that_could_be_read(erased: Workspace) -> None:
    text = (erased.warehouse.folder / "erasures.json").read_text()
    for values in IDENTIFIERS.values():
        for value in values:
            assert value.lower() not in text.lower()
    kept = json.loads(text)
    assert kept["person_ids"] == [1]
    assert sorted(digest.partition(":")[0] for digest in kept["digests"]) == ["email", "id", "maid"]
    assert {len(digest.partition(":")[2]) for digest in kept["digests"]} == {64}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    erasures = Erasures()
    erasures.add(1 << 62, {"email": ["a@example.com"]})
    erasures.add(-5, {})
    erasures.add(7, {}, row_of="monday")
    write_erasures(erasures, tmp_path / "erasures.json")
    assert read_erasures(tmp_path / "erasures.json") == erasures
    assert read_erasures(tmp_path / "none.json") == Erasures()
    assert erasures.ids("tuesday").tolist() == [-5, 1 << 62]
    assert erasures.ids("monday").tolist() == [-5, 7, 1 << 62]
    assert erasures.ids("monday").dtype == np.int64


def test_without_ids_of_its_own_a_row_number_erases_nobody_else(
    load: Callable[..., Workspace], house: House
) -> None:
    """Rows 1 and 2 change places in the second delivery; Ann is erased from the first by her row number."""
    columns = {"colour": {"kind": "category"}, "mail": {"kind": "identifier", "identifier": "email"}}
    workspace = load("colour,mail\nred,ann@example.com\nblue,bob@example.com\n", columns)
    first = workspace.warehouse.current_id
    workspace.warehouse.erase(1, {"email": ["ann@example.com"]})
    assert sizes(workspace.population) == {"colour=blue": 1, "colour=red": 0}
    again = load("colour,mail\nblue,bob@example.com\ngreen,ann@example.com\n", columns)
    assert sizes(again.population) == {"colour=blue": 1}
    again.warehouse.use(first)
    assert sizes(again.population) == {"colour=blue": 1, "colour=red": 0}


def test_an_older_snapshot_does_not_show_who_was_erased_later(load: Callable[..., Workspace]) -> None:
    columns = {"colour": {"kind": "category"}, "mail": {"kind": "identifier", "identifier": "email"}}
    workspace = load("colour,mail\nred,ann@example.com\nblue,bob@example.com\n", columns)
    first = workspace.warehouse.current_id
    workspace = load("colour,mail\nblue,bob@example.com\nred,ann@example.com\n", columns)
    workspace.warehouse.erase(2, {"email": ["ann@example.com"]})
    workspace.warehouse.use(first)
    assert sizes(workspace.population) == {"colour=blue": 1, "colour=red": 0}


@pytest.mark.parametrize("kind", ["phone", "address"])
def test_what_a_household_shares_erases_nobody(kind: str) -> None:
    erasures = Erasures()
    erasures.add(1, {kind: IDENTIFIERS[kind]})
    assert not erasures.digests
    assert not erasures.is_erased(kind, IDENTIFIERS[kind][0])
