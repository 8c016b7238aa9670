"""Files that came with a message, until they have been read."""

import re
import shutil
from pathlib import Path

from store.artifacts import written_whole
from store.errors import BadFile

LONGEST_NAME = 100
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Uploads:
    """The uploaded files of one FIELDMARK_HOME, one a conversation."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "uploads"

    def save(self, key: str, name: str, content: bytes) -> Path:
        """Keep the file in the place of an earlier one. Raises BadFile for an empty one."""
        if not content:
            raise BadFile("The file is empty", where="file", instead="Send the file with its rows.")
        self.remove(key)
        path = self._folder / key / safe_name(name)
        with written_whole(path) as beside:
            beside.write_bytes(content)
        return path

    def remove(self, key: str) -> None:
        """Remove the file; no error when there is none."""
        shutil.rmtree(self._folder / key, ignore_errors=True)

    def has(self, path: Path) -> bool:
        """Whether this file was uploaded, and is not somebody's own."""
        return path.is_relative_to(self._folder)


def safe_name(name: str) -> str:
    """The name as a file of ours may have it: its last part, plain letters, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return UNSAFE.sub("_", last)[-LONGEST_NAME:].lstrip(".") or "file"
