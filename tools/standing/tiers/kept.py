"""In which tier was everybody when they were last scored?"""

import hashlib
import io
from dataclasses import dataclass

import numpy as np
import orjson

from store.errors import NotFound
from store.workspace import Workspace
from tools.standing.tiers.scored import Tiers

KIND = "tiers"


@dataclass(frozen=True)
class KeptTiers:
    """The tiers, and what they were made from."""

    tiers: Tiers
    model_id: str
    snapshot_id: str
    made_from: str


def tiers_key(warehouse: str) -> str:
    """Under which the tiers of a warehouse are kept."""
    return hashlib.sha256(warehouse.encode()).hexdigest()[:32]


def keep_tiers(workspace: Workspace, kept: KeptTiers) -> None:
    """Keep the tiers in the place of the ones before: one file, written whole.

    Ids are kept as the steps between them, which are small and much alike, so they take little room.
    """
    tiers, file = kept.tiers, io.BytesIO()
    told = {"model_id": kept.model_id, "snapshot_id": kept.snapshot_id, "made_from": kept.made_from}
    np.savez_compressed(
        file,
        told=np.frombuffer(orjson.dumps(told), dtype=np.uint8),
        steps=np.diff(tiers.ids, prepend=np.int64(0)),
        tier=tiers.tier,
        score=tiers.score,
    )
    workspace.artifacts.save_bytes(KIND, tiers_key(workspace.warehouse.name), file.getvalue())


def kept_tiers(workspace: Workspace) -> KeptTiers | None:
    """The tiers as they were last kept, or None."""
    try:
        content = workspace.artifacts.content(KIND, tiers_key(workspace.warehouse.name))
    except NotFound:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        told = orjson.loads(file["told"].tobytes())
        return KeptTiers(Tiers(np.cumsum(file["steps"]), file["tier"], file["score"]), **told)
