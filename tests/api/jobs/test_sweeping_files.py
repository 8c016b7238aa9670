"""Files and lists whose time is over are removed from every organisation."""

import io
import os
from pathlib import Path
from typing import Any

from api.jobs.sweeping import Sweeper
from store.scored_lists.kept import KeptList, KeptLists, until
from store.uploads import Uploads
from store.workspace import House


def stocked(house: House, folder: Path) -> None:
    """A list that is kept for a day, and an upload of this moment."""
    now, file = house.now(), folder / "leads.csv"
    file.write_text("id\n1\n")
    kept = KeptList(
        list_id="list_1", name="", warehouse="w", creator="local", created_at=now, expires_at=until(now, 1)
    )
    KeptLists(house.home).add(kept, file.name, file, now)
    Uploads(house.home).save_from("up_1", file.name, io.BytesIO(file.read_bytes()))
    os.utime(house.home / "uploads" / "up_1", (now.timestamp(), now.timestamp()))


def left(house: House) -> tuple[int, int]:
    lists, uploads = house.home / "scored_lists", house.home / "uploads"
    return len(list(lists.glob("list_*"))), len(list(uploads.glob("*")))


def test_lists_and_uploads_go_a_day_later_from_every_organisation(
    house: House, clock: Any, tmp_path: Path
) -> None:
    own, other = house, house.of("org_1")
    for each in (own, other):
        stocked(each, tmp_path)
    clock.advance(hours=23)
    Sweeper(house).sweep()
    assert left(own) == left(other) == (1, 1)
    clock.advance(hours=2)
    Sweeper(house).sweep()
    assert left(own) == left(other) == (0, 0)
