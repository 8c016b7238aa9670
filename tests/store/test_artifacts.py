"""What is kept is kept whole, and found again by its key alone."""

import errno
import threading
from pathlib import Path

import numpy as np
import pytest

from store.artifacts import Artifacts, written_whole
from store.errors import NoRoom, NotFound


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(tmp_path / "artifacts")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_documents_people_and_texts_are_read_back(artifacts: Artifacts, tmp_path: Path) -> None:
    artifacts.save_document(
        "findings", "a-1", {"lift": np.float32(1.5), "codes": np.array([1, 2]), "ü": None}
    )
    assert artifacts.document("findings", "a-1") == {"lift": 1.5, "codes": [1, 2], "ü": None}
    artifacts.save_people("segment", "a-1", np.array([3, -1, 1 << 62])[::2])
    assert artifacts.people("segment", "a-1").tolist() == [3, 1 << 62]
    path = artifacts.save_text("report", "a-1", "html", "<p>ü</p>")
    assert path.read_text(encoding="utf-8") == "<p>ü</p>"
    assert files(tmp_path) == [
        "artifacts/findings/a-1.json",
        "artifacts/report/a-1.html",
        "artifacts/segment/a-1.people",
    ]


def test_an_artifact_that_is_saved_again_is_replaced(artifacts: Artifacts) -> None:
    artifacts.save_document("findings", "k", 1)
    artifacts.save_document("findings", "k", 2)
    assert artifacts.document("findings", "k") == 2


def test_what_is_not_there_is_not_found(artifacts: Artifacts) -> None:
    for read in (artifacts.document, artifacts.people):
        with pytest.raises(NotFound, match="There is no findings `k`"):
            read("findings", "k")
    artifacts.remove("findings", "k", "json")
    artifacts.save_document("findings", "k", 1)
    artifacts.remove("findings", "k", "json")
    with pytest.raises(NotFound):
        artifacts.document("findings", "k")


@pytest.mark.parametrize("key", ["", "..", "a/b", "../a", "a.b", "a" * 81, "ü", "a\n", "\0"])
def test_keys_that_could_be_paths_are_not_found_and_not_written(
    artifacts: Artifacts, tmp_path: Path, key: str
) -> None:
    with pytest.raises(NotFound):
        artifacts.save_document("findings", key, 1)
    with pytest.raises(NotFound):
        artifacts.document("findings", key)
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("error", "told"), [(OSError(errno.ENOSPC, "full"), NoRoom), (OSError(errno.EIO, "broken"), OSError)]
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: OSError, told: type[Exception]
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail() -> None:
        with written_whole(path) as beside:
            beside.write_text("ne")
            raise error

    with pytest.raises(told):
        fail()
    assert (path.read_text(), files(tmp_path)) == ("old", ["file"])


def test_threads_that_write_one_artifact_leave_one_of_theirs_whole(
    artifacts: Artifacts, tmp_path: Path
) -> None:
    documents = [[number] * 20_000 for number in range(8)]
    threads = [
        threading.Thread(target=artifacts.save_document, args=("findings", "k", document))
        for document in documents
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert artifacts.document("findings", "k") in documents
    assert files(tmp_path) == ["artifacts/findings/k.json"]
