"""What may somebody see of a file that they chose, before it is read: its columns, and its rows masked."""

from pathlib import Path
from typing import NamedTuple

from agent.conversation.answers.people import masked_value
from agent.conversation.masking import masked
from store.customer_columns import Role
from store.customer_look import LookedColumn, LookedFile, look
from store.uploads import named_alone


class SeenColumn(NamedTuple):
    """A column as it is shown."""

    name: str
    role: Role
    is_digested: bool
    filled: int
    readable: int
    broken: int  # filled, and not readable as what the column is
    example: str  # masked

    @property
    def readable_share(self) -> float:
        """Of the filled values; 0 where there are none."""
        return self.readable / self.filled if self.filled else 0.0


class SeenFile(NamedTuple):
    """A file as it is shown."""

    rows: int
    tested: int
    columns: list[SeenColumn]
    columns_left: int
    first: list[list[str]]  # masked

    @property
    def identifying(self) -> list[SeenColumn]:
        """The columns by which its people can be found."""
        return [column for column in self.columns if column.role != "nothing"]

    @property
    def broken(self) -> list[SeenColumn]:
        """Those of them with values that cannot be read."""
        return [column for column in self.identifying if column.broken]


def seen(path: Path) -> SeenFile:
    """The file as it may be shown. Raises BadFile for what is no table, TooMany for too long a one."""
    with named_alone(path):
        found = look(path)
    columns = [_column(column) for column in found.columns]
    return SeenFile(found.rows, found.tested, columns, found.columns_left, _first(found))


def _column(column: LookedColumn) -> SeenColumn:
    return SeenColumn(
        column.name,
        column.role,
        column.is_digested,
        column.filled,
        column.readable,
        column.filled - column.readable,
        _shown(column, column.example),
    )


def _first(found: LookedFile) -> list[list[str]]:
    return [
        [_shown(column, cell) for column, cell in zip(found.columns, row, strict=True)] for row in found.first
    ]


def _shown(column: LookedColumn, value: str) -> str:
    """The value with most of it hidden, unless it is one of a few kinds that many rows share."""
    if not value:
        return ""
    if column.role != "nothing":
        return masked_value("id" if column.is_digested else column.role, value)
    return masked_value("id", value) if column.is_personal else masked(value)
