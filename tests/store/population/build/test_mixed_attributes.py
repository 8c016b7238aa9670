"""Numbers, dates, lists, categories and flags become clusters as a reader of the mapping expects."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.population.build import build_snapshot
from store.population.mapping import Mapping
from store.population.population import Population
from store.population.source import open_source

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
Built = Callable[..., Population]
MIXED = """age,joined,born,education,smokes,likes
25,2021-03-04,2000-01-01,primary,yes,golf|chess|golf
35,2022-12-31T23:30:00Z,1990-06-15,tertiary,no,
64,2024-01-01,1960-12-31,,,chess| |NA
,,,secondary,NA,|
70,1999-01-01,1954-07-01,unknown,Yes,golf
"""
COLUMNS = {
    "age": {"kind": "number", "bins": [30, 60]},
    "joined": {"kind": "date", "bins": ["2021-01-01", "2022-01-01", "2023-01-01"]},
    "born": {"kind": "date", "attribute": "years_old", "as": "age", "as_of": "2024-12-31", "bins": [30, 65]},
    "education": {"kind": "category", "order": ["primary", "secondary", "tertiary"]},
    "smokes": {"kind": "flag"},
    "likes": {"kind": "list"},
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """The population of a file's rows, in one shard."""

    def build(file: Path, columns: dict[str, dict[str, Any]]) -> Population:
        mapping = Mapping.model_validate({"columns": columns})
        with open_source([file], temp=tmp_path) as source:
            build_snapshot(source, mapping, tmp_path / "snapshot", "s1", NOW, processes=1)
        return Population(tmp_path / "snapshot")

    return build


@pytest.fixture
def mixed(built: Built, tmp_path: Path) -> Population:
    (tmp_path / "people.csv").write_text(MIXED)
    return built(tmp_path / "people.csv", COLUMNS)


def sizes(population: Population, name: str) -> dict[str, int]:
    return {each.value: each.size for each in population.catalogue.clusters if each.name == name}


def held(population: Population, person: int) -> set[tuple[str, str]]:
    """Clusters of one person by its profile, after a look that the bitmaps say the same."""
    (shard,) = population.shards
    (number,) = np.flatnonzero(np.asarray(shard.person_ids) == person)
    codes, _ = shard.profiles.of(np.array([number]))
    assert sorted(codes.tolist()) == [
        each.code for each in population.catalogue.clusters if int(number) in shard.bitmaps[each.code]
    ]
    return {(population.catalogue[code].name, population.catalogue[code].value) for code in codes.tolist()}


def test_ranges_of_numbers_dates_and_ages_have_their_size(mixed: Population) -> None:
    """On the last day of 2024 those born in 2000, 1990, 1960 and 1954 are 24, 34, 64 and 70."""
    assert sizes(mixed, "age") == {"under 30": 1, "30-59": 1, "60 and over": 2}
    assert sizes(mixed, "joined") == {"before 2021": 1, "2021": 1, "2022": 1, "2023 and later": 1}
    assert sizes(mixed, "years_old") == {"under 30": 1, "30-64": 2, "65 and over": 1}


def test_ranges_and_ordered_values_have_ranks_and_others_none(mixed: Population) -> None:
    ranks = {(each.name, each.value): each.rank for each in mixed.catalogue.clusters}
    assert [ranks["joined", value] for value in ("before 2021", "2021", "2022", "2023 and later")] == [
        0,
        1,
        2,
        3,
    ]
    assert [ranks["age", value] for value in ("under 30", "30-59", "60 and over")] == [0, 1, 2]
    assert [ranks["education", value] for value in ("primary", "secondary", "tertiary", "unknown")] == [
        0,
        1,
        2,
        -1,
    ]
    assert {rank for (name, _), rank in ranks.items() if name in ("smokes", "likes")} == {-1}


def test_dates_are_kept_as_days_and_ages_as_years(mixed: Population) -> None:
    (shard,) = mixed.shards
    order = np.argsort(np.asarray(shard.person_ids))
    first = date(1970, 1, 1)
    days = [(date(2021, 3, 4) - first).days, (date(2022, 12, 31) - first).days + 23.5 / 24]
    np.testing.assert_allclose(shard.fields.raw("joined")[order][:2], days)
    assert np.isnan(shard.fields.raw("joined")[order][3])
    np.testing.assert_array_equal(shard.fields.raw("years_old")[order], [24, 34, 64, np.nan, 70])


def test_what_is_missing_belongs_to_no_value(mixed: Population) -> None:
    """Person 4 has an education and nothing else: no range, no Yes and no No, no list value."""
    assert held(mixed, 4) == {("education", "secondary")}
    assert held(mixed, 3) == {
        ("age", "60 and over"),
        ("joined", "2023 and later"),
        ("years_old", "30-64"),
        ("likes", "chess"),
    }
    assert sizes(mixed, "smokes") == {"Yes": 2, "No": 1}
    assert sum(sizes(mixed, "education").values()) == 4


def test_a_value_twice_in_a_list_counts_once_and_an_empty_list_is_missing(mixed: Population) -> None:
    assert sizes(mixed, "likes") == {"golf": 2, "chess": 2}
    assert held(mixed, 1) >= {("likes", "golf"), ("likes", "chess")}
    (shard,) = mixed.shards
    quality = dict(
        zip(
            np.asarray(shard.person_ids).tolist(),
            shard.fields.table["quality_score"].to_pylist(),
            strict=True,
        )
    )
    # Of six attributes person 2 has five, without a list; person 4 one.
    assert quality == pytest.approx({1: 1.0, 2: 0.83, 3: 0.67, 4: 0.17, 5: 1.0}, abs=0.001)


LISTS: list[list[str | None] | None] = [
    ["golf", "chess", "golf"],
    [],
    None,
    [None, "", "NA"],
    ["chess", " golf "],
]


def test_lists_of_json_are_those_of_their_cells(built: Built, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text("".join(json.dumps({"id": at, "likes": each}) + "\n" for at, each in enumerate(LISTS)))
    population = built(file, {"id": {"kind": "person_id"}, "likes": {"kind": "list"}})
    assert sizes(population, "likes") == {"golf": 2, "chess": 2}
    assert [held(population, person) for person in (1, 2, 3)] == [set(), set(), set()]


def test_lists_of_parquet_are_those_of_their_cells(built: Built, tmp_path: Path) -> None:
    file = tmp_path / "people.parquet"
    table = pa.table({"id": range(len(LISTS)), "likes": pa.array(LISTS, pa.list_(pa.string()))})
    pq.write_table(table, file)
    population = built(
        file, {"id": {"kind": "person_id"}, "likes": {"kind": "list", "values": {"golf": "Golf"}}}
    )
    assert sizes(population, "likes") == {"Golf": 2, "chess": 2}
    assert [held(population, person) for person in (1, 2, 3)] == [set(), set(), set()]


def test_lists_of_numbers_are_their_texts(built: Built, tmp_path: Path) -> None:
    file = tmp_path / "people.parquet"
    pq.write_table(pa.table({"tags": [[1, 2, 1], [2], []]}), file)
    assert sizes(built(file, {"tags": {"kind": "list"}}), "tags") == {"1": 1, "2": 2}


def test_values_that_become_the_same_count_once_a_person(built: Built, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("likes\ngolf;golfing\ngolfing\ntennis\n")
    values = {"kind": "list", "separator": ";", "values": {"golfing": "golf"}}
    assert sizes(built(tmp_path / "people.csv", {"likes": values}), "likes") == {"golf": 2, "tennis": 1}


def test_typed_dates_of_parquet_are_read_as_their_text(built: Built, tmp_path: Path) -> None:
    file = tmp_path / "people.parquet"
    days = [date(2021, 5, 5), None, date(2023, 5, 5)]
    times = pa.array([datetime(2021, 5, 5, 10), None, datetime(2023, 5, 5, 10)], pa.timestamp("ns"))
    pq.write_table(pa.table({"day": days, "time": times}), file)
    population = built(file, {name: {"kind": "date", "bins": ["2022-01-01"]} for name in ("day", "time")})
    assert sizes(population, "day") == sizes(population, "time") == {"before 2022": 1, "2022 and later": 1}


def test_a_date_without_bins_is_only_kept(built: Built, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("joined,ok\n2021-01-01,yes\n,no\n")
    population = built(tmp_path / "people.csv", {"joined": {"kind": "date"}, "ok": {"kind": "flag"}})
    assert sizes(population, "joined") == {}
    assert "raw:joined" in population.shards[0].fields.names
    assert population.manifest.mapping["columns"]["joined"]["kind"] == "date"


def test_a_manifest_keeps_the_days_of_a_mapping(mixed: Population) -> None:
    kept = Mapping.model_validate(mixed.manifest.mapping)
    assert kept == Mapping.model_validate({"columns": COLUMNS})
    assert mixed.manifest.mapping["columns"]["joined"]["bins"][0] == "2021-01-01"
