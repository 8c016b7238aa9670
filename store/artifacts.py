"""What runs leave behind on disk: findings, sets of people, reports. Checkpoints carry only their ids."""

import errno
import os
import re
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from store.errors import NoRoom, NotFound

KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to: it becomes `path` when the block ends well, and is removed when it does not.

    Raises NoRoom when the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own, so that two who write the same file cannot mix their bytes.
    beside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom(
            "The disk is full", where=path.parent.name, instead="Free some space, then ask again."
        ) from None
    finally:
        beside.unlink(missing_ok=True)


class Artifacts:
    """Files under one folder, by kind and id; each is written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, kind: str, key: str, ending: str) -> Path:
        """Where an artifact lies, or will. Raises NotFound for what cannot be a key."""
        if not KEY.fullmatch(key):
            raise NotFound(f"There is no such {kind}", where=kind)
        return self._folder / kind / f"{key}.{ending}"

    def save_document(self, kind: str, key: str, document: Any) -> None:
        """Keep a JSON document."""
        self._write(self.path(kind, key, "json"), orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))

    def document(self, kind: str, key: str) -> Any:
        """The JSON document. Raises NotFound."""
        return orjson.loads(self._read(kind, key, "json"))

    def save_people(self, kind: str, key: str, person_ids: np.ndarray) -> None:
        """Keep a list of person ids, int64."""
        self._write(self.path(kind, key, "people"), np.ascontiguousarray(person_ids, dtype="<i8").tobytes())

    def people(self, kind: str, key: str) -> np.ndarray:
        """The list of person ids, read-only int64. Raises NotFound."""
        return np.frombuffer(self._read(kind, key, "people"), dtype="<i8")

    def save_bytes(self, kind: str, key: str, content: bytes) -> None:
        """Keep bytes, such as a model."""
        self._write(self.path(kind, key, "bin"), content)

    def content(self, kind: str, key: str) -> bytes:
        """The bytes. Raises NotFound."""
        return self._read(kind, key, "bin")

    def remove(self, kind: str, key: str, ending: str) -> None:
        """Remove an artifact that has served; no error when it is gone already."""
        self.path(kind, key, ending).unlink(missing_ok=True)

    def remove_older(self, kind: str, before: datetime, but: Collection[str]) -> None:
        """Remove the artifacts of a kind that were kept before a time, but not these keys."""
        for path in (self._folder / kind).glob("*"):
            with suppress(FileNotFoundError):  # somebody else removed it first
                if path.stem not in but and path.stat().st_mtime < before.timestamp():
                    path.unlink()

    def save_text(self, kind: str, key: str, ending: str, text: str) -> Path:
        """Keep a text, such as a report; returns where it lies."""
        path = self.path(kind, key, ending)
        self._write(path, text.encode())
        return path

    def _write(self, path: Path, content: bytes) -> None:
        with written_whole(path) as beside:
            beside.write_bytes(content)

    def _read(self, kind: str, key: str, ending: str) -> bytes:
        try:
            return self.path(kind, key, ending).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"There is no {kind} `{key}`", where=kind) from None
