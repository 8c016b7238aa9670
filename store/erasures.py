"""Who may not be answered any more: told from every answer at once, and left out of every later build."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from store.artifacts import written_whole
from store.population.domains import PERSONAL
from store.population.lookup import digest, normal_form


@dataclass
class Erasures:
    """Person ids, and sha256 digests of their identifiers; no value that could be read."""

    person_ids: set[int] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)

    def ids(self) -> np.ndarray:
        """Erased person ids, sorted int64."""
        return np.array(sorted(self.person_ids), dtype=np.int64)

    def is_erased(self, kind: str, value: str) -> bool:
        """Whether a row with this person id or identifier belongs to somebody who was erased."""
        if kind == "person_id":
            return int(value) in self.person_ids
        normal = normal_form(kind, value) if kind in PERSONAL else None
        return normal is not None and f"{kind}:{digest(normal, 'sha256')}" in self.digests

    def add(self, person_id: int, identifiers: dict[str, list[str]]) -> None:
        """Erase a person: their id, and the identifiers by which a later delivery would bring them back."""
        self.person_ids.add(person_id)
        for kind in PERSONAL:
            normals = [normal_form(kind, value) for value in identifiers.get(kind, [])]
            self.digests |= {f"{kind}:{digest(normal, 'sha256')}" for normal in normals if normal}


def read_erasures(path: Path) -> Erasures:
    """The erasures of a warehouse; none when there is no file."""
    if not path.exists():
        return Erasures()
    kept = json.loads(path.read_text())
    return Erasures(set(kept["person_ids"]), set(kept["digests"]))


def write_erasures(erasures: Erasures, path: Path) -> None:
    """Write the erasures, whole or not at all."""
    kept = {"person_ids": sorted(erasures.person_ids), "digests": sorted(erasures.digests)}
    with written_whole(path) as beside:
        beside.write_text(json.dumps(kept))
