"""The people of an export: kept small, found again, whatever their ids."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.exports.people import GROUP, People, distinct, holds, write_people
from store.workspace import House

IDS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=1, max_size=50)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=IDS, others=IDS)
def test_whoever_was_in_it_is_found_and_nobody_else(
    tmp_path: Path, ids: list[int], others: list[int]
) -> None:
    path = tmp_path / "e.parquet"
    write_people(distinct(np.array(ids, dtype=np.int64)), path)
    assert sorted(holds(path, [*ids, *others])) == sorted(set(ids))
    assert holds(path, set(others) - set(ids)) == []


def test_every_kind_of_batch_tells_whose_it_is() -> None:
    """Numbers, texts of numbers, and none: 1, 2, 3 and 4, each once."""
    people = People()
    batches: list[Any] = [
        pa.table({"person_id": pa.array([4, None], pa.int64()), "x": ["a", "b"]}),
        pa.table({"x": ["a"]}),
        {"0": ["a", "b"], "person_id": np.array([2, 1])},
        {"0": ["a"]},
        [{"person_id": "3"}, {"person_id": 2}, {"customer": "c"}],
        [],
    ]
    assert list(people.noted(batches)) == batches
    assert people.ids().tolist() == [1, 2, 3, 4]
    assert People().ids().tolist() == []


@pytest.mark.parametrize(("every", "most"), [(1, 0.3), (100, 1.5)])
def test_ids_cost_about_a_byte(tmp_path: Path, every: int, most: float) -> None:
    """300,000 draws of 300,000 numbers, and of 30 million: differences, not numbers, are kept."""
    ids = np.unique(np.random.default_rng(7).integers(0, 300_000 * every, 300_000))
    path = tmp_path / "e.parquet"
    write_people(ids, path)
    assert path.stat().st_size < most * len(ids)
    assert holds(path, [int(ids[0]), int(ids[GROUP]), int(ids[-1])]) == [ids[0], ids[GROUP], ids[-1]]


def test_an_export_from_before_cannot_be_told(house: House) -> None:
    given = {"warehouse": "w", "workflow_id": "", "now": house.now()}
    house.exports.write("e1", "csv", ["person_id"], [[{"person_id": 1}]], **given)
    [record] = house.database.exports("")
    assert house.exports.held(record, [1, 2]) == [1]
    record.people = None
    assert house.exports.held(record, [1]) is None


def test_an_export_that_fails_leaves_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "gone")

    monkeypatch.setattr(house.database, "keep", fails)
    with pytest.raises(OSError, match="gone"):
        house.exports.write(
            "e1",
            "csv",
            ["person_id"],
            [[{"person_id": 1}]],
            warehouse="w",
            workflow_id="",
            now=house.now(),
        )
    assert not [path for path in house.home.rglob("*") if "e1" in path.name]
