"""Everything a snapshot answers, held against the rows that it was built from."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.errors import NotFound
from store.population.build.staging import SHARD_PERSONS
from store.population.mapping import Mapping
from store.population.population import Population, read_manifest
from store.population.profiles import Profiles
from store.population.shard import Shard
from store.workspace import House

MAPPING = Mapping.model_validate(
    {
        "columns": {
            "id": {"kind": "person_id", "domain": "id"},
            "lat": {"kind": "latitude"},
            "lon": {"kind": "longitude"},
            "colour": {"kind": "category", "values": {"r": "red"}},
            "dog": {"kind": "flag"},
            "age": {"kind": "number", "bins": [18, 35, 65]},
            "height": {"kind": "number"},
            "likes": {"kind": "list", "domain": "interest", "values": {"golfing": "golf"}},
            "bought": {"kind": "outcome", "domain": "purchase"},
            "name": {"kind": "field", "domain": "name"},
            "mail": {"kind": "identifier", "identifier": "email", "domain": "email"},
        }
    }
)
AGES = ["under 18", "18-34", "35-64", "65 and over"]


@dataclass
class Row:
    id: int
    lat: float | None
    lon: float | None
    colour: str | None
    dog: str | None
    age: float | None
    height: float | None
    likes: str | None
    bought: str | None
    name: str | None
    mail: str | None

    def clusters(self) -> set[tuple[str, str]]:
        """What a reader of the mapping would say this row is in."""
        found = {
            ("likes", "golf" if one == "golfing" else one) for one in (self.likes or "").split("|") if one
        }
        if self.colour:
            found.add(("colour", {"r": "red"}.get(self.colour, self.colour)))
        if self.dog:
            found.add(("dog", "Yes" if self.dog in ("1", "yes") else "No"))
        if self.age is not None:
            found.add(("age", AGES[sum(self.age >= edge for edge in (18, 35, 65))]))
        if self.bought:
            found.add(("bought", self.bought))
        return found

    def quality(self) -> float:
        """The share of the five clustered attributes that is known; `height` has no ranges."""
        return round(len({name for name, _ in self.clusters()}) / 5, 2)


def people(count: int, seed: int) -> list[Row]:
    """Rows with every kind of hole in them."""
    random = Random(seed)
    likes = ["golf", "golfing", "tea", "opera", "chess"]
    rows = []
    for number in range(count):
        placed = random.random() > 0.2
        chosen = "|".join(random.choices(likes, k=random.randrange(4))) or None
        rows.append(
            Row(
                id=9_000 - 7 * number,
                lat=random.uniform(-85, 85) if placed else None,
                lon=random.uniform(-180, 180) if placed else None,
                colour=random.choice(["r", "red", "blue", "green", None]),
                dog=random.choice(["1", "0", "yes", "no", None]),
                age=random.choice([None, 17, 18, 34, 35, 64, 65, 90]),
                height=random.choice([None, 1.5, 1.75]),
                likes=chosen,
                bought=random.choice(["Yes", "No", None]),
                name=random.choice(["Ann", "Ödön", None]),
                mail=f"p{number}@example.com" if random.random() < 0.7 else None,
            )
        )
    return rows


@pytest.fixture
def built(house: House) -> Callable[..., Population]:
    """Loads rows under a name of their own."""

    def build(
        name: str, rows: list[Row], processes: int = 1, shard_persons: int = SHARD_PERSONS
    ) -> Population:
        file = house.home.parent / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist([vars(row) for row in rows]), file)
        workspace = house.workspace(name)
        workspace.warehouse.load(
            [file],
            MAPPING,
            house.now(),
            progress=lambda *_: None,
            processes=processes,
            shard_persons=shard_persons,
        )
        return workspace.population

    return build


def told(population: Population) -> Iterator[tuple[int, set[tuple[str, str]], set[tuple[str, str]]]]:
    """Person id, clusters by profile and clusters by bitmap, of everyone, shard by shard."""
    catalogue = population.catalogue
    for shard in population.shards:
        codes, starts = shard.profiles.of(np.arange(shard.persons))
        for number in range(shard.persons):
            row_wise = codes[starts[number] : starts[number + 1]].tolist()
            bitmaps = [each.code for each in catalogue.clusters if number in shard.bitmaps[each.code]]
            assert len(row_wise) == len(set(row_wise))
            yield (
                int(shard.person_ids[number]),
                {(catalogue[code].name, catalogue[code].value) for code in row_wise},
                {(catalogue[code].name, catalogue[code].value) for code in bitmaps},
            )


@pytest.mark.parametrize(("shard_persons", "seed"), [(1 << 20, 1), (64, 2), (17, 3)])
def test_profiles_bitmaps_and_sizes_are_those_of_the_rows(built, shard_persons: int, seed: int) -> None:
    rows = people(300, seed)
    population = built("rows", rows, shard_persons=shard_persons)
    expected = {row.id: row.clusters() for row in rows}
    found = list(told(population))
    assert {person: profile for person, profile, _ in found} == expected
    assert all(profile == bitmaps for _, profile, bitmaps in found)
    assert len(found) == population.persons == population.manifest.persons == 300
    sizes = Counter(cluster for clusters in expected.values() for cluster in clusters)
    assert {(each.name, each.value): each.size for each in population.catalogue.clusters} == sizes
    assert population.catalogue.sizes.tolist() == [each.size for each in population.catalogue.clusters]


def test_fields_and_raw_numbers_are_those_of_the_rows(built) -> None:
    rows = {row.id: row for row in people(200, 4)}
    population = built("fields", list(rows.values()), shard_persons=64)
    for shard in population.shards:
        ids = shard.person_ids.tolist()
        kept = shard.fields.take(np.arange(shard.persons), ["name", "email1", "raw:age", "quality_score"])
        assert kept["name"] == [rows[each].name for each in ids]
        assert kept["email1"] == [rows[each].mail for each in ids]
        assert kept["raw:age"] == [rows[each].age for each in ids]
        np.testing.assert_allclose(kept["quality_score"], [rows[each].quality() for each in ids], atol=1e-6)
        heights = [math.nan if rows[each].height is None else rows[each].height for each in ids]
        np.testing.assert_array_equal(shard.fields.raw("height"), heights)
        assert [number in shard.having("email") for number in range(shard.persons)] == [
            rows[each].mail is not None for each in ids
        ]
        assert not shard.having("phone")


def test_those_without_a_place_come_last_in_the_order_of_the_source(built) -> None:
    rows = people(200, 5)
    population = built("order", rows, shard_persons=50)
    ids = [int(each) for shard in population.shards for each in shard.person_ids]
    nowhere = [row.id for row in rows if row.lat is None]
    assert ids[-len(nowhere) :] == nowhere
    assert sorted(ids) == sorted(row.id for row in rows)
    assert [shard.first for shard in population.shards] == np.cumsum(
        [0, *(shard.persons for shard in population.shards)]
    )[:-1].tolist()


def test_shards_and_processes_change_nothing_but_the_parts(built) -> None:
    """Codes, sizes and everyone's order are the same in 1 shard, in 5, and in 5 made by two processes."""
    rows = people(300, 6)
    one = built("one", rows)
    several = built("several", rows, shard_persons=64)
    parallel = built("parallel", rows, shard_persons=64, processes=2)
    assert len(one.shards) == 1
    assert len(several.shards) == len(parallel.shards) >= 4
    for other in (several, parallel):
        assert list(told(other)) == list(told(one))
        assert other.catalogue.clusters == one.catalogue.clusters
        assert other.manifest.identifiers == one.manifest.identifiers
        places = np.concatenate([shard.geography.latitude for shard in other.shards])
        np.testing.assert_array_equal(places, one.shards[0].geography.latitude)
    # Files too: two processes write what one does.
    for path in several.folder.rglob("*.npy"):
        assert path.read_bytes() == (parallel.folder / path.relative_to(several.folder)).read_bytes()


def test_numbers_of_finds_each_person_in_one_shard(built) -> None:
    rows = people(200, 7)
    population = built("numbers", rows, shard_persons=64)
    asked_for = np.array([rows[3].id, -1, rows[150].id, rows[3].id, 1 << 60], dtype=np.int64)
    found: dict[int, list[int]] = {}
    for shard in population.shards:
        asked, numbers = shard.numbers_of(asked_for)
        for index, number in zip(asked.tolist(), numbers.tolist(), strict=True):
            found.setdefault(index, []).append(int(shard.person_ids[number]))
    assert found == {0: [rows[3].id], 2: [rows[150].id], 3: [rows[3].id]}


def test_the_manifest_counts_what_is_there(built) -> None:
    rows = people(120, 8)
    manifest = built("manifest", rows).manifest
    assert manifest.with_place == sum(row.lat is not None for row in rows)
    assert manifest.identifiers == {"email": sum(row.mail is not None for row in rows)}
    assert manifest.malformed_identifiers == {"email": 0}
    assert manifest.attributes == 6
    assert manifest.sources[0]["rows"] == 120


def test_a_given_quality_is_kept_and_its_holes_are_filled_with_completeness(load) -> None:
    """Of two attributes: both known 1.0, one 0.5; the second person's quality is given, 0.25."""
    workspace = load(
        "id,a,b,q,seen\n1,x,y,,2026-01-02T03:04:05Z\n2,x,y,0.25,\n3,x,,,2026-01-02\n",
        columns={
            "id": {"kind": "person_id"},
            "a": {"kind": "category"},
            "b": {"kind": "category"},
            "q": {"kind": "quality"},
            "seen": {"kind": "last_modified"},
        },
    )
    kept = workspace.population.shards[0].fields.take(np.arange(3), ["quality_score", "last_modified"])
    assert kept["quality_score"] == [1.0, 0.25, 0.5]
    times = [time and time.strftime("%Y-%m-%dT%H:%M:%S") for time in kept["last_modified"]]
    assert times == ["2026-01-02T03:04:05", None, "2026-01-02T00:00:00"]


def test_a_snapshot_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_manifest(tmp_path / "nothing")


def test_runs_of_profiles_are_those_of_their_persons() -> None:
    """Three people with codes (5, 6), none, and (7)."""
    profiles = Profiles(np.array([5, 6, 7], dtype=np.uint16), np.array([0, 2, 2, 3]))
    codes, starts = profiles.of(np.array([2, 0]))
    assert (codes.tolist(), starts.tolist(), codes.dtype) == ([7, 5, 6], [0, 1, 3], np.int32)
    codes, starts = profiles.everyone(1, 3)
    assert (codes.tolist(), starts.tolist()) == ([7], [0, 0, 1])
    codes, starts = profiles.of(np.array([], dtype=np.int64))
    assert (codes.tolist(), starts.tolist()) == ([], [0])


def test_an_engine_asks_the_shards_in_their_order(built) -> None:
    population = built("asked", people(200, 9), shard_persons=64)
    assert population.ask(_first_and, 5) == [(shard.first, 5) for shard in population.shards]


def _first_and(shard: Shard, more: int) -> tuple[int, int]:
    return shard.first, more


def test_a_snapshot_of_another_format_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no snapshot"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(NotFound, match=r"format 99.*reads format 1.*Load its files again"):
        read_manifest(tmp_path)
