"""One snapshot is in use, and a load that fails changes nothing."""

import errno
import fcntl
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import store.warehouse
from store.errors import BadFile, BadInput, Busy, NoRoom, NotFound
from store.population.build import snapshot
from store.population.build.snapshot import ShardCounts
from store.warehouse import KEPT_SNAPSHOTS, Warehouse, warehouse_names
from store.workspace import House, Workspace

COLUMNS = {"id": {"kind": "person_id"}, "colour": {"kind": "category"}}
Load = Callable[..., Workspace]


@pytest.fixture
def deliver(load: Load) -> Load:
    """Loads rows of an id and a colour."""
    return partial(load, columns=COLUMNS)


def rows(*colours: str) -> str:
    return "id,colour\n" + "".join(f"{number},{colour}\n" for number, colour in enumerate(colours, start=1))


def folders(warehouse: Warehouse) -> list[str]:
    """Everything in the warehouse's folder, but for its locks."""
    found = (str(path.relative_to(warehouse.folder)) for path in warehouse.folder.glob("**/*"))
    return sorted(name for name in found if name.count("/") < 2 and not name.endswith(".lock"))


def ids(warehouse: Warehouse) -> list[str]:
    return [line.snapshot_id for line in warehouse.snapshots()]


def test_a_load_is_named_by_its_time_and_in_use_at_once(deliver: Load) -> None:
    warehouse = deliver(rows("red", "blue")).warehouse
    [line] = warehouse.snapshots()
    assert (line.snapshot_id, line.current, line.persons, line.clusters) == ("20260302T080000Z", True, 2, 2)
    assert line.created_at == "2026-03-02T08:00:00+00:00"
    assert [Path(source).name for source in line.sources] == ["small.csv"]
    assert warehouse.population.snapshot_id == warehouse.current_id == line.snapshot_id


def test_twelve_loads_in_one_second_stay_in_order_and_the_newest_three_are_kept(deliver: Load) -> None:
    warehouse = deliver(rows("red")).warehouse
    for number in range(2, 13):
        deliver(rows(*["red"] * number))
    assert [line.persons for line in warehouse.snapshots()] == [12, 11, 10]
    assert ids(warehouse) == [f"20260302T080000Z-{number}" for number in (12, 11, 10)]
    assert warehouse.population.persons == 12


def test_an_older_snapshot_can_be_used_again_and_outlives_the_newer_ones(deliver: Load, clock) -> None:
    warehouse = deliver(rows("red")).warehouse
    first = warehouse.current_id
    clock.advance(hours=1)
    deliver(rows("red", "blue"))
    assert warehouse.population.persons == 2
    warehouse.use(first)
    assert warehouse.population.persons == 1
    assert [line.current for line in warehouse.snapshots()] == [False, True]
    for _ in range(KEPT_SNAPSHOTS + 1):
        clock.advance(hours=1)
        deliver(rows("red", "blue", "green"))
    assert first not in ids(warehouse)
    assert len(ids(warehouse)) == KEPT_SNAPSHOTS


@pytest.mark.parametrize(
    "name", ["20200101T000000Z", "", "..", "../../other/snapshots/20260302T080000Z", "building-x"]
)
def test_a_snapshot_that_is_not_in_the_list_cannot_be_used(deliver: Load, name: str) -> None:
    deliver(rows("red"), warehouse="other")
    warehouse = deliver(rows("red")).warehouse
    half = warehouse.folder / "snapshots" / "building-x"
    half.mkdir()
    (half / "manifest.json").touch()
    with pytest.raises(NotFound):
        warehouse.use(name)
    assert warehouse.current_id == "20260302T080000Z"


def test_a_reader_goes_on_with_the_snapshot_that_it_opened(deliver: Load, clock) -> None:
    workspace = deliver(rows("red", "red", "blue"))
    before = workspace.population
    clock.advance(hours=1)
    deliver(rows("green"))
    assert [each.value for each in before.catalogue.clusters] == ["blue", "red"]
    assert list(before.shards[0].bitmaps[1]) == [0, 1]
    assert [each.value for each in workspace.population.catalogue.clusters] == ["green"]


def test_the_open_population_is_the_same_one_until_something_changes(deliver: Load) -> None:
    workspace = deliver(rows("red", "blue"))
    assert workspace.population is workspace.population
    before = workspace.population
    workspace.warehouse.erase(1, {})
    assert workspace.population is not before
    assert workspace.population.persons == 1


def fail(error: BaseException) -> Callable[..., None]:
    def raising(*arguments: object, **options: object) -> None:
        raise error

    return raising


@pytest.mark.parametrize("before", [True, False], ids=["loaded before", "first load"])
@pytest.mark.parametrize(
    ("where", "step"),
    [
        (store.warehouse, "open_source"),
        (snapshot, "stage"),
        (snapshot, "write_manifest"),
        (Path, "rename"),
        (os, "fsync"),
    ],
    ids=["opening", "staging", "manifest", "rename", "swap"],
)
def test_a_full_disk_leaves_the_last_snapshot_in_use_and_nothing_of_the_new_one(
    house: House, deliver: Load, monkeypatch: pytest.MonkeyPatch, where: object, step: str, before: bool
) -> None:
    warehouse = deliver(rows("red")).warehouse if before else house.workspace("small").warehouse
    left = folders(warehouse) if before else ["snapshots"]
    with monkeypatch.context() as patch:
        patch.setattr(where, step, fail(OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(NoRoom):
            deliver(rows("blue", "blue"))
    assert folders(warehouse) == left
    assert warehouse.exists == before
    if before:
        assert warehouse.population.persons == 1
    deliver(rows("blue", "blue"))
    assert warehouse.population.persons == 2


def test_an_interrupt_while_the_new_one_is_swapped_in_leaves_one_of_the_two(
    deliver: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = deliver(rows("red")).warehouse
    use = Warehouse.use

    def interrupted_after(self: Warehouse, snapshot_id: str) -> None:
        use(self, snapshot_id)
        raise KeyboardInterrupt

    for interrupted, persons in [(fail(KeyboardInterrupt()), 1), (interrupted_after, 2)]:
        with monkeypatch.context() as patch:
            patch.setattr(Warehouse, "use", interrupted)
            with pytest.raises(KeyboardInterrupt):
                deliver(rows("blue", "blue"))
        assert warehouse.population.persons == persons
        assert all(line.persons == 1 or line.current for line in warehouse.snapshots())
        assert not list((warehouse.folder / "snapshots").glob("building-*"))


def test_bad_cells_and_wrong_counts_change_nothing(deliver: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = deliver(rows("red")).warehouse
    left = folders(warehouse)
    with pytest.raises(BadFile):
        deliver("id,colour\n1,red\n1,blue\n")
    monkeypatch.setattr(snapshot, "build_shard", lambda *_: ShardCounts(persons=1, sizes=np.array([7])))
    with pytest.raises(RuntimeError, match="disagree"):
        deliver(rows("red"))
    assert folders(warehouse) == left
    assert warehouse.population.persons == 1


def test_two_builds_at_once_are_refused(deliver: Load) -> None:
    warehouse = deliver(rows("red")).warehouse
    with (warehouse.folder / "build.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Busy, match="Another build of `small` is running"):
            deliver(rows("blue", "blue"))
    deliver(rows("blue", "blue"))
    assert warehouse.population.persons == 2


def test_what_a_killed_build_left_is_removed_by_the_next(deliver: Load) -> None:
    warehouse = deliver(rows("red")).warehouse
    for left in ("snapshots/building-20260101T000000Z/shard-00000", "fieldmark-source-abc/spill"):
        (warehouse.folder / left).mkdir(parents=True)
        (warehouse.folder / left / "file").write_text("half")
    deliver(rows("red"))
    assert folders(warehouse) == [
        "current",
        "snapshots",
        "snapshots/20260302T080000Z",
        "snapshots/20260302T080000Z-2",
    ]


def test_erasures_at_the_same_time_are_all_kept(house: House, deliver: Load) -> None:
    deliver(rows(*["red"] * 40))
    threads = [
        threading.Thread(target=Warehouse(house.home, "small").erase, args=(number, {}))
        for number in range(1, 31)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert house.workspace("small").warehouse.erasures.person_ids == set(range(1, 31))


def test_a_warehouse_that_was_never_loaded_says_how_to_load_it(house: House) -> None:
    warehouse = house.workspace("new").warehouse
    assert not warehouse.exists
    for ask in (lambda: warehouse.population, warehouse.snapshots):
        with pytest.raises(NotFound, match="fieldmark load FILE --warehouse new"):
            ask()


@pytest.mark.parametrize("name", ["", "A", "-a", "a/b", "..", "a" * 64, "ä", "a\n"])
def test_names_that_could_be_paths_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        Warehouse(tmp_path, name)


def test_warehouses_with_a_snapshot_are_listed(house: House, deliver: Load) -> None:
    assert warehouse_names(house.home) == []
    deliver(rows("red"), warehouse="b")
    deliver(rows("red"), warehouse="a")
    house.workspace("never").warehouse.folder.mkdir()
    assert warehouse_names(house.home) == ["a", "b"]
