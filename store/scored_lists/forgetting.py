"""Who may not be in a kept list any more, and is every trace of them out of it?"""

from datetime import datetime
from pathlib import Path

import duckdb

from store.artifacts import written_whole
from store.erasures import Erasures
from store.scored_lists.kept import KeptList, KeptLists
from store.scored_lists.writing import GROUP


def forget_erased(home: Path, warehouse: str, erasures: Erasures, now: datetime) -> int:
    """Take everybody who was erased out of the lists of a warehouse; how many lists held one of them.

    A row goes by its person, or by a name that is an erased identifier. The file that such a list came as is
    removed: it names them, and is not rewritten. A list that was not scored yet loses its file as well, since
    nothing tells who is in it.
    """
    lists = KeptLists(home)
    lists.remove_expired(now)
    return sum(_forget(lists, kept, erasures) for kept in lists.newest(now) if kept.warehouse == warehouse)


def _forget(lists: KeptLists, kept: KeptList, erasures: Erasures) -> bool:
    if not lists.is_scored(kept):
        lists.forget_given(kept)
        return bool(kept.file)
    path = lists.rows(kept)
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(
            "SELECT row, lead, person_id FROM read_parquet($path)", {"path": str(path)}
        ).fetchall()
        gone_ids = set(erasures.ids(kept.snapshot_id).tolist())
        gone = [row for row, lead, person in found if person in gone_ids or _names_erased(erasures, lead)]
        if not gone:
            return False
        with written_whole(path) as beside:
            kept_rows = connection.sql(
                "SELECT * FROM read_parquet($path) WHERE NOT list_contains($gone, row) ORDER BY row",
                params={"path": str(path), "gone": gone},
            ).to_arrow_table()
            import pyarrow.parquet as pq

            pq.write_table(kept_rows, beside, row_group_size=GROUP, compression="zstd")
    lists.forget_given(kept)
    return True


def _names_erased(erasures: Erasures, lead: str) -> bool:
    return "@" in lead and erasures.is_erased("email", lead)
