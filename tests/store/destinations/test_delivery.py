"""Files at their destination: whole, or not at all."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow.fs import FileSelector
from pydantic import SecretStr

from store.destinations import Destination, Keys, deliver, delivery, tried, withdraw
from store.errors import BadInput, NotFound
from tests.store.destinations.conftest import KEY, SECRET, opened

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEYS = Keys(key=SecretStr(KEY), secret=SecretStr(SECRET))
LARGE = 21 << 20  # more than two parts of an upload


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "e1.csv"
    path.write_bytes(b"a,b\n" + bytes(range(256)) * (LARGE // 256))
    return path


def in_bucket(server: str, bucket: str, prefix: str = "audiences") -> Destination:
    return Destination(name="box", url=f"s3://{bucket}/{prefix}", endpoint=server, created_at=NOW)


def names(server: str, bucket: str) -> list[str]:
    found = opened(server).get_file_info(FileSelector(bucket, recursive=True))
    return [each.path for each in found if each.is_file]


def test_a_bucket_gets_the_whole_file_under_its_name(s3_server: str, bucket: str, file: Path) -> None:
    delivered = deliver(file, "e1.csv", in_bucket(s3_server, bucket), KEYS)
    assert delivered.url == f"s3://{bucket}/audiences/e1.csv"
    assert delivered.size_bytes == file.stat().st_size
    assert names(s3_server, bucket) == [f"{bucket}/audiences/e1.csv"]
    with opened(s3_server).open_input_stream(f"{bucket}/audiences/e1.csv") as kept:
        assert kept.read() == file.read_bytes()


def test_what_was_delivered_can_be_withdrawn_twice(s3_server: str, bucket: str, file: Path) -> None:
    destination = in_bucket(s3_server, bucket)
    deliver(file, "e1.csv", destination, KEYS)
    withdraw("e1.csv", destination, KEYS)
    withdraw("e1.csv", destination, KEYS)
    assert names(s3_server, bucket) == []


def test_a_bucket_is_tried_and_stays_empty(s3_server: str, bucket: str) -> None:
    tried("1", in_bucket(s3_server, bucket), KEYS)
    assert names(s3_server, bucket) == []


def test_a_bucket_that_is_not_there_takes_nothing(s3_server: str, file: Path) -> None:
    nowhere = in_bucket(s3_server, "no-such-bucket")
    for attempt in (lambda: tried("1", nowhere, KEYS), lambda: deliver(file, "e1.csv", nowhere, KEYS)):
        with pytest.raises(BadInput, match="does not take files") as refusal:
            attempt()
        assert SECRET not in str(refusal.value)
        assert refusal.value.__cause__ is None


class Flaky:
    """Fails the first so many times that a file is put, in the middle of it."""

    def __init__(self, times: int, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
        self.left, self.put, self.error = times, delivery._put, error
        monkeypatch.setattr(delivery, "_put", self)

    def __call__(self, system: Any, file: Path, path: str) -> None:
        if self.left:
            self.left -= 1
            with system.open(path, "wb") as target:
                target.write(file.read_bytes()[: 6 << 20])
                raise self.error
        self.put(system, file, path)


def test_an_upload_that_breaks_is_begun_again(
    s3_server: str, bucket: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Flaky(2, monkeypatch, OSError("connection reset"))
    deliver(file, "e1.csv", in_bucket(s3_server, bucket), KEYS)
    assert names(s3_server, bucket) == [f"{bucket}/audiences/e1.csv"]


@pytest.mark.parametrize("error", [OSError("connection reset"), KeyboardInterrupt()])
def test_nothing_stays_of_an_upload_that_fails_for_good(
    s3_server: str, bucket: str, file: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    Flaky(3, monkeypatch, error)
    with pytest.raises((BadInput, KeyboardInterrupt)):
        deliver(file, "e1.csv", in_bucket(s3_server, bucket), KEYS)
    assert names(s3_server, bucket) == []


def test_a_file_that_arrives_short_is_not_taken(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(system: Any, file: Path, path: str) -> None:
        with system.open(path, "wb") as target:
            target.write(b"a")

    monkeypatch.setattr(delivery, "_put", short)
    folder = Destination(name="box", url=(tmp_path / "out").as_uri(), created_at=NOW)
    with pytest.raises(BadInput):
        deliver(file, "e1.csv", folder, Keys())
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_gets_the_whole_file(tmp_path: Path, file: Path) -> None:
    folder = Destination(name="box", url=(tmp_path / "out").as_uri(), created_at=NOW)
    tried("1", folder, Keys())
    assert deliver(file, "e1.csv", folder, Keys()).url == f"{folder.url}/e1.csv"
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["e1.csv"]
    assert (tmp_path / "out" / "e1.csv").read_bytes() == file.read_bytes()


def test_a_folder_that_became_a_link_is_refused(tmp_path: Path, file: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    folder = Destination(name="box", url=(tmp_path / "out").as_uri(), created_at=NOW)
    with pytest.raises(NotFound, match="become a link"):
        deliver(file, "e1.csv", folder, Keys())
    assert list((tmp_path / "elsewhere").iterdir()) == []
