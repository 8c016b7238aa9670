"""Artifacts of a replay: what it writes is its own, what it lacks is read from the house."""

from collections.abc import Callable
from pathlib import Path

from store.artifacts import Artifacts
from store.errors import NotFound

Hidden = Callable[[str, str], bool]  # kind, key


class Overlay(Artifacts):
    """Artifacts in a folder of their own over those of a house, of which nothing is changed."""

    def __init__(self, folder: Path, below: Artifacts, is_hidden: Hidden) -> None:
        """is_hidden: which of the house's are not seen, since they came of the run itself or after it."""
        super().__init__(folder)
        self._below, self._is_hidden = below, is_hidden

    def _read(self, kind: str, key: str, ending: str) -> bytes:
        try:
            return super()._read(kind, key, ending)
        except NotFound:
            if self._is_hidden(kind, key):
                raise
            return self._below._read(kind, key, ending)
