"""Which people of the population did a deal end well, or badly, with?"""

from collections.abc import Sequence

import numpy as np

from store.errors import BadInput
from store.outcomes.outcome_table import OutcomeKind, OutcomeTable


def decided_persons(table: OutcomeTable, kinds: Sequence[OutcomeKind]) -> np.ndarray:
    """Distinct person ids whose last decision is one of these outcomes, int64, rising.

    A person who was lost and then won is won: each counts once, by the latest decision. Unit ids that are
    no whole numbers are nobody of the population. Raises BadInput for a table of accounts.
    """
    if table.unit != "person":
        raise BadInput(
            "The outcomes are of accounts, not of people",
            where="unit",
            instead="Load outcomes with a column of person ids or e-mail addresses.",
        )
    decided = np.flatnonzero(~table.are("open"))
    if not len(decided):
        return np.empty(0, dtype=np.int64)
    ids = table.unit_ids[decided]
    # The table is sorted by the day of decision: the last row of an id is its latest.
    latest = len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]
    chosen = ids[latest[table.are(*kinds)[decided[latest]]]]
    whole = np.array([_is_person_id(text) for text in chosen.tolist()], dtype=bool)
    return np.unique(chosen[whole].astype(np.int64))


def _is_person_id(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii() and abs(int(text)) < 1 << 63
