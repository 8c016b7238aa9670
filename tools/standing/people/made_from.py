"""Is a standing audience what it would be made into again?"""

import hashlib
import json

from store.records import Correction
from store.records.newest import newest
from tools.standing.people.definition import Definition
from tools.standing.people.members import left_out
from tools.standing.people.now import Now
from tools.standing.queries import KeepAudience

FORM = (
    "platform",
    "destination",
    "identifier_type",
    "accept",
    "countries",
    "special_ad_category",
    "company",
    "leave_out",
)
MOST_CORRECTIONS = 100_000  # looked at; more than anybody makes by hand


def made_from(now: Now, definition: Definition, query: KeepAudience) -> str:
    """A hash of all that decides who is in it and how its files look, sha256 in hex.

    The snapshot, who was erased, the criteria with the model behind them, who is a customer, which matches
    were corrected, and the form.
    """
    corrections = newest(
        now.workspace.database,
        Correction,
        Correction.created_at,
        Correction.correction_id,
        MOST_CORRECTIONS,
        warehouse=now.workspace.warehouse.name,
    )
    told = {
        "snapshot": now.population.snapshot_id,
        "erasures": now.erasures_hash,
        "definition": definition.model_dump(mode="json", exclude={"in_words"}),
        "left_out": hashlib.sha256(left_out(now, definition).tobytes()).hexdigest(),
        "corrections": sorted(each.correction_id for each in corrections if each.undone_at is None),
        "form": query.model_dump(mode="json", include=set(FORM)),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def key_of(made: str, after: str) -> str:
    """The key of the change to this after that change: once, however often it is begun."""
    return hashlib.sha256(f"{after}:{made}".encode()).hexdigest()
