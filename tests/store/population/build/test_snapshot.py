"""A build that fails leaves nothing of itself, and says why."""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from store.errors import BadFile, NoRoom
from store.population.build import BuildReport, build_snapshot, shard, snapshot, staging
from store.population.build.clusters import find_clusters
from store.population.mapping import Mapping
from store.population.source import open_source

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROWS = "id,lat,lon,colour,mail\n" + "".join(
    f"{number},{number * 7 % 80},{number * 31 % 170},{('blue', 'red')[number % 2]},p{number}@example.com\n"
    for number in range(100)
)
MAPPING = Mapping.model_validate(
    {
        "columns": {
            "id": {"kind": "person_id"},
            "lat": {"kind": "latitude"},
            "lon": {"kind": "longitude"},
            "colour": {"kind": "category"},
            "mail": {"kind": "identifier", "identifier": "email"},
        }
    }
)
Build = Callable[..., BuildReport]


def raising(error: Callable[[], BaseException]) -> Callable[..., None]:
    def fail(*arguments: object, **options: object) -> None:
        raise error()

    return fail


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds the rows in `snapshot` under the test's folder."""

    def build_rows(rows: str = ROWS, mapping: Mapping = MAPPING, **options) -> BuildReport:
        file = tmp_path / "rows.csv"
        file.write_text(rows)
        with open_source([file], temp=tmp_path) as source:
            return build_snapshot(
                source,
                mapping,
                tmp_path / "snapshot",
                "s1",
                NOW,
                **{"processes": 1, "shard_persons": 25, **options},
            )

    return build_rows


def test_the_report_says_what_the_snapshot_holds(build: Build, tmp_path: Path) -> None:
    report = build(code_version="abc")
    assert (report.persons, report.clusters, report.attributes, report.with_place) == (100, 2, 1, 100)
    assert report.identifiers == {"email": 100}
    assert report.malformed_identifiers == {"email": 0}
    assert report.shards == len(list((tmp_path / "snapshot").glob("shard-*"))) >= 3
    files = [path for path in (tmp_path / "snapshot").rglob("*") if path.is_file()]
    assert report.size_bytes == sum(path.stat().st_size for path in files)
    assert not (tmp_path / "snapshot" / "staged").exists()


def test_progress_tells_each_step_to_its_end(build: Build) -> None:
    steps: list[tuple[str, int, int]] = []
    report = build(progress=lambda *step: steps.append(step))
    shards = [("shards", done, report.shards) for done in range(report.shards + 1)]
    assert steps == [("check", 0, 1), ("check", 1, 1), ("stage", 0, 1), ("stage", 1, 1), *shards]


STEPS = [
    (snapshot, "check_cells"),
    (snapshot, "stage"),
    (snapshot, "find_clusters"),
    (snapshot, "build_shard"),
    (shard, "write_person_ids"),
    (shard, "write_fields"),
    (shard, "write_keys"),
    (snapshot, "write_catalogue"),
    (snapshot, "write_manifest"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), NoRoom),
        (lambda: OSError(errno.EDQUOT, "quota"), NoRoom),
        (lambda: duckdb.IOException("Could not write file: No space left on device"), NoRoom),
        (lambda: duckdb.OutOfMemoryException("could not allocate block"), NoRoom),
        (lambda: PermissionError(errno.EACCES, "denied"), PermissionError),
        (lambda: ValueError("a bug"), ValueError),
        (KeyboardInterrupt, KeyboardInterrupt),
    ],
    ids=["disk", "quota", "engine disk", "memory", "denied", "bug", "interrupt"],
)
def test_whatever_fails_wherever_nothing_is_left(
    build: Build,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    step: str,
    error: Callable[[], BaseException],
    told: type[BaseException],
) -> None:
    monkeypatch.setattr(module, step, raising(error))
    with pytest.raises(told):
        build()
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_cells_that_do_not_fit_leave_nothing(build: Build, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="row 2"):
        build("id,lat,lon,colour,mail\n1,1,1,red,\nx,1,1,red,\n")
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_a_failure_in_another_process_leaves_nothing(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A staged part that is taken away makes one of the workers fail."""

    def stage_and_lose(*arguments, **options) -> staging.Staged:
        staged = staging.stage(*arguments, **options)
        monkeypatch.setattr(snapshot, "find_clusters", lambda *given: found(staged, *given))
        return staged

    def found(staged: staging.Staged, *given):
        clusters = find_clusters(*given)
        for file in staged.parts[1].iterdir():
            file.write_bytes(b"PAR1 broken PAR1")
        return clusters

    monkeypatch.setattr(snapshot, "stage", stage_and_lose)
    with pytest.raises(Exception, match=r"(?i)parquet"):
        build(processes=2)
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_bitmaps_that_differ_from_the_rows_are_never_put_to_use(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person goes missing from the first cluster of each shard."""
    right = shard._bitmaps

    def one_less(*arguments):
        for code, bitmap in right(*arguments):
            if code == 0:
                bitmap.pop()
            yield code, bitmap

    monkeypatch.setattr(shard, "_bitmaps", one_less)
    with pytest.raises(RuntimeError, match="disagree on the size of 1 clusters"):
        build()
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_a_folder_that_is_there_already_is_left_alone(build: Build, tmp_path: Path) -> None:
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot" / "precious").touch()
    with pytest.raises(FileExistsError):
        build()
    assert (tmp_path / "snapshot" / "precious").exists()


def test_a_source_of_which_everybody_was_erased_is_refused(build: Build, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="erased"):
        build(is_erased=lambda kind, value: True)
    assert os.listdir(tmp_path) == ["rows.csv"]


def test_a_shard_of_which_everybody_was_erased_is_not_there(build: Build, tmp_path: Path) -> None:
    whole = build()
    first = np.load(tmp_path / "snapshot" / "shard-00000" / "person_ids.npy").tolist()
    shutil.rmtree(tmp_path / "snapshot")
    report = build(is_erased=lambda kind, value: kind == "person_id" and int(value) in first)
    assert report.shards == whole.shards - 1
    assert report.persons == 100 - len(first)
