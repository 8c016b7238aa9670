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
    rows: dict[str, set[int]] = field(default_factory=dict)  # snapshot -> ids that are row numbers there
    digests: set[str] = field(default_factory=set)  # `type:sha256`

    def ids(self, snapshot_id: str) -> np.ndarray:
        """Ids erased from this snapshot, sorted int64."""
        return np.array(sorted(self.person_ids | self.rows.get(snapshot_id, set())), dtype=np.int64)

    def is_erased(self, kind: str, value: str) -> bool:
        """Whether a row with this person id or identifier belongs to somebody who was erased."""
        if kind == "person_id":
            return int(value) in self.person_ids
        normal = normal_form(kind, value) if kind in PERSONAL else None
        return normal is not None and f"{kind}:{digest(normal, 'sha256')}" in self.digests

    def add(self, person_id: int, identifiers: dict[str, list[str]], row_of: str | None = None) -> None:
        """Erase a person: their id, and the identifiers by which another delivery would bring them back.

        row_of: the snapshot in which the id is a mere row number, and another person's elsewhere.
        """
        (self.person_ids if row_of is None else self.rows.setdefault(row_of, set())).add(person_id)
        for kind in PERSONAL:
            normals = [normal_form(kind, value) for value in identifiers.get(kind, [])]
            self.digests |= {f"{kind}:{digest(normal, 'sha256')}" for normal in normals if normal}


def read_erasures(path: Path) -> Erasures:
    """The erasures of a warehouse; none when there is no file."""
    if not path.exists():
        return Erasures()
    kept = json.loads(path.read_text())
    rows = {snapshot_id: set(ids) for snapshot_id, ids in kept["rows"].items()}
    return Erasures(set(kept["person_ids"]), rows, set(kept["digests"]))


def write_erasures(erasures: Erasures, path: Path) -> None:
    """Write the erasures, whole or not at all."""
    rows = {snapshot_id: sorted(ids) for snapshot_id, ids in erasures.rows.items()}
    kept = {"person_ids": sorted(erasures.person_ids), "rows": rows, "digests": sorted(erasures.digests)}
    with written_whole(path) as beside:
        beside.write_text(json.dumps(kept))
