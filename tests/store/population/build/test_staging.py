"""Rows are cleaned, placed and parted as the mapping says."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.places import centroid_of
from store.population.build.staging import identifier_columns, stage, staged_sql
from store.population.mapping import Mapping
from store.population.source import open_source

ADDRESS = {"kind": "identifier", "identifier": "address"}


def staged_rows(text: str, columns: dict[str, dict], folder: Path) -> list[dict]:
    file = folder / "rows.csv"
    file.write_text(text)
    return rows_of(file, columns)


def rows_of(file: Path, columns: dict[str, dict]) -> list[dict]:
    mapping = Mapping.model_validate({"columns": columns})
    with open_source([file]) as source:
        staged = stage(source, mapping, file.parent / "staged")
        table = pa.concat_tables(
            [pq.ParquetFile(path).read() for part in staged.parts for path in part.iterdir()]
        )
    return sorted(table.to_pylist(), key=lambda row: row["source_row"])


def placed(rows: list[dict]) -> list[tuple[float | None, float | None]]:
    return [(row["latitude"], row["longitude"]) for row in rows]


def test_a_place_is_given_or_else_that_of_the_zip_code_and_never_half_of_each(tmp_path: Path) -> None:
    rows = staged_rows(
        "lat,lon,zip,street\n10,20,62701,1 A St\n10,,62701,1 A St\n,20,62701,1 A St\n10,,,1 A St\n,,99999,\n",
        {
            "lat": {"kind": "latitude"},
            "lon": {"kind": "longitude"},
            "zip": {**ADDRESS, "part": "zip"},
            "street": {**ADDRESS, "part": "street"},
        },
        tmp_path,
    )
    home = centroid_of("62701")
    assert placed(rows) == [(10, 20), home, home, (None, None), (None, None)]
    assert [row["place_key"] >= 1 << 32 for row in rows] == [False, False, False, True, True]


def test_an_address_in_parts_is_one_line(tmp_path: Path) -> None:
    """A table program took the ZIP codes' leading zeros, and wrote some as decimals."""
    file = tmp_path / "parts.parquet"
    columns = {
        "street": ["1 Elm St", "2 Elm St", None, "4 Elm St", "5 Elm St"],
        "unit": ["Apt 3", None, "Apt 1", None, None],
        "city": ["Boston", "Boston", "Boston", None, "Springfield"],
        "state": ["MA", "MA", "MA", None, "IL"],
        "zip": [2134.0, None, 2134.0, None, 62701.0],
    }
    pq.write_table(pa.table(columns), file)
    rows = rows_of(file, {part: {**ADDRESS, "part": part} for part in columns})
    assert [row["address1"] for row in rows] == [
        "1 Elm St Apt 3, Boston, MA 02134",
        "2 Elm St, Boston, MA",
        None,
        "4 Elm St",
        "5 Elm St, Springfield, IL 62701",
    ]
    near = centroid_of("02134")
    assert placed(rows) == [near, (None, None), near, (None, None), centroid_of("62701")]


@pytest.mark.parametrize(
    ("line", "zip_code"),
    [
        ("1 Elm St, Boston, MA 02134", "02134"),
        ("1 Elm St, Boston, MA 02134-1234", "02134"),
        ("1 Elm St, Boston, MA 02134, USA", "02134"),
        ("1 Elm St, Boston, MA 02134 United States.", "02134"),
        ("62701 Elm St, Boston, MA", None),
    ],
)
def test_the_zip_code_of_a_whole_line_is_its_last_one(
    line: str, zip_code: str | None, tmp_path: Path
) -> None:
    rows = staged_rows(f'home\n"{line}"\n', {"home": ADDRESS}, tmp_path)
    assert placed(rows) == [centroid_of(zip_code) if zip_code else (None, None)]


def test_cells_are_typed_and_their_marks_of_missing_values_gone(tmp_path: Path) -> None:
    rows = staged_rows(
        "a,c,d,e\n red ,1.5,x|y|x, Ann \nNA,N/A,,null\n",
        {
            "a": {"kind": "category", "values": {"red": "RED"}},
            "c": {"kind": "number"},
            "d": {"kind": "list"},
            "e": {"kind": "field"},
        },
        tmp_path,
    )
    assert [(row["c:a"], row["n:c"], sorted(row["l:d"] or []), row["f:e"]) for row in rows] == [
        ("RED", 1.5, ["x", "y"], "Ann"),
        (None, None, [], None),
    ]
    assert [row["person_id"] for row in rows] == [1, 2]


def test_three_values_of_a_type_are_kept(tmp_path: Path) -> None:
    mapping = Mapping.model_validate(
        {"columns": {f"mail{n}": {"kind": "identifier", "identifier": "email"} for n in range(1, 5)}}
    )
    assert list(identifier_columns(mapping)) == ["email1", "email2", "email3"]


def test_columns_may_have_quotes_and_blanks_in_their_names(tmp_path: Path) -> None:
    rows = staged_rows('"it\'s ""it""",b\nred,1\n', {'it\'s "it"': {"kind": "category"}}, tmp_path)
    assert rows[0]["c:it_s_it"] == "red"


def test_near_people_are_in_the_same_shard_and_no_shard_is_much_too_large(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    random = np.random.default_rng(3)
    lines = [
        f"{lat:.4f},{lon:.4f},x"
        for lat, lon in zip(random.uniform(25, 49, 1_000), random.uniform(-125, -67, 1_000), strict=True)
    ]
    file.write_text("lat,lon,a\n" + "\n".join(lines) + "\n")
    mapping = Mapping.model_validate(
        {"columns": {"lat": {"kind": "latitude"}, "lon": {"kind": "longitude"}, "a": {"kind": "category"}}}
    )
    with open_source([file]) as source:
        assert "place_key" in staged_sql(source, mapping)
        staged = stage(source, mapping, tmp_path / "staged", shard_persons=100)
        keys = [pq.ParquetDataset(part).read(["place_key"])["place_key"].to_numpy() for part in staged.parts]
    assert 9 <= len(keys) <= 11
    assert max(map(len, keys)) <= 130
    assert all(before.max() < after.min() for before, after in pairwise(keys))
