"""A house of its own in a temporary folder, opened and closed."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from store.workspace import House, Workspace


@contextmanager
def opened_shop() -> Iterator[Workspace]:
    """The workspace of a house whose clock stands still and whose ids count up."""
    ids = itertools.count(1)
    with TemporaryDirectory() as folder:
        house = House(
            Path(folder),
            base_url="http://127.0.0.1",
            now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
            new_id=lambda: str(next(ids)),
        )
        try:
            yield house.workspace("w")
        finally:
            house.close()
