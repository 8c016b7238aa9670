"""Reading JSON Lines: one object a line, its scalars as text and its lists as lists of text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import duckdb
import orjson

from store.errors import BadFile
from store.population.source.engine import name_sql, text_sql, told
from store.population.source.form import Form
from store.population.source.part import (
    BATCH,
    MAX_CELL_BYTES,
    MAX_COLUMNS,
    MAX_LINE_BYTES,
    Part,
    check_names,
)
from store.population.source.scan import TooLongError
from store.population.source.text import Text, opened, rewritten, settled

_ONE_A_LINE = "Write one JSON object a line, without commas between lines or brackets around them."
_SHAPES = 1_000  # keys with types; objects that keep changing them would fill memory otherwise


def open_json_lines(connection: duckdb.DuckDBPyConnection, path: Path, form: Form, folder: Path) -> Part:
    """The file with every line checked. Raises BadFile for lines that are not objects, and as CSV does."""
    text = opened(path, form.compressed, folder)
    try:
        text, _ = settled(text, b"", folder)
    except TooLongError as error:
        raise BadFile(
            f"A line is longer than {MAX_LINE_BYTES >> 20} MiB",
            where=f"{path}, line {text.lines_at([error.offset])[0]:,}",
            instead=_ONE_A_LINE,
        ) from None
    if text.encoding == "utf-8-sig" and text.head(3) == b"\xef\xbb\xbf":
        text = rewritten(text, "utf-8-sig", folder)  # DuckDB refuses the mark
    objects = _Objects(text)
    objects.read()
    if not objects.rows:
        raise BadFile("The file holds no objects", where=str(path), instead=_ONE_A_LINE)
    return _part(connection, text, objects)


def _part(connection: duckdb.DuckDBPyConnection, text: Text, objects: "_Objects") -> Part:
    where = str(text.path)
    check_names(list(objects.names), where)
    columns = {name: "list" if name in objects.lists else "text" for name in objects.plain()}
    if not columns:
        raise BadFile("No column holds plain values", where=where, instead="Flatten its objects.")
    part = Part(
        text.path,
        "jsonl",
        objects.rows,
        columns,
        _scan_sql(text, columns),
        {name: name_sql(name) for name in columns},
        encoding=text.encoding,
        left_out=dict.fromkeys(objects.nested, "holds objects, or lists of them"),
    )
    try:
        _read_back(connection, part)
    except BadFile:
        _refuse_repeated_key(text)
        raise
    return part


def _scan_sql(text: Text, columns: dict[str, str]) -> str:
    types = {"text": "VARCHAR", "list": "VARCHAR[]"}
    typed = ", ".join(f"{text_sql(name)}: '{types[type]}'" for name, type in columns.items())
    return (
        f"read_json({text_sql(str(text.at))}, format = 'newline_delimited', records = true,"
        f" auto_detect = false, maximum_object_size = {MAX_LINE_BYTES},"
        f" compression = '{'gzip' if text.compressed else 'uncompressed'}', columns = {{{typed}}})"
    )


def _read_back(connection: duckdb.DuckDBPyConnection, part: Part) -> None:
    """Read every cell as later steps will, so that they meet no surprise."""
    cells = list(part.cells.values())
    for start in range(0, len(cells), BATCH):
        counts = ", ".join(f"count({cell})" for cell in cells[start : start + BATCH])
        with told(str(part.path)):
            [(rows, *_)] = connection.execute(f"SELECT count(*), {counts} FROM {part.scan_sql}").fetchall()
        if rows != part.rows:
            raise BadFile(
                f"Of {part.rows:,} objects {rows:,} can be read back",
                where=str(part.path),
                instead=_ONE_A_LINE,
            )


class _Objects:
    """A pass over all lines: how many objects there are, and which keys hold lists or objects."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.rows = 0
        self.names: dict[str, None] = {}  # in the order they come
        self.lists: set[str] = set()
        self.scalars: set[str] = set()
        self.nested: set[str] = set()
        self.shapes: set[tuple] = set()

    def plain(self) -> list[str]:
        """The names of columns that can be read."""
        return [name for name in self.names if name not in self.nested]

    def read(self) -> None:
        """Read all lines. Raises BadFile at the first that is no object or too large."""
        for number, line in _lines(self.text):
            try:
                found = orjson.loads(line)
            except orjson.JSONDecodeError:
                self._refuse(number, "The line is not JSON")
            if type(found) is not dict:
                self._refuse(number, "The line is JSON but not an object")
            if len(line) > MAX_CELL_BYTES:
                self._refuse_large(number, found)
            self.rows += 1
            shape = (*found, *map(type, found.values()))
            if shape not in self.shapes:
                self._learn(found, shape)

    def _learn(self, found: dict[str, object], shape: tuple) -> None:
        # Lists are looked into every time: whether they hold objects is not in the shape.
        if len(self.shapes) < _SHAPES and list not in shape:
            self.shapes.add(shape)
        self.names.update(dict.fromkeys(found))
        if len(self.names) > MAX_COLUMNS:
            check_names(list(self.names), str(self.text.path))
        for name, value in found.items():
            if isinstance(value, list):
                self.lists.add(name)
                if any(isinstance(one, dict | list) for one in value):
                    self.nested.add(name)
            elif isinstance(value, dict):
                self.nested.add(name)
            elif value is not None:
                self.scalars.add(name)
        self._refuse_mixed()

    def _refuse_mixed(self) -> None:
        mixed = (self.lists & self.scalars) - self.nested
        if mixed:
            raise BadFile(
                f'Column "{min(mixed)}" holds a list in some lines and a plain value in others',
                where=f"{self.text.path}, up to line {self.rows:,}",
                instead="Write a list in every line, [] or null where there is nothing.",
            )

    def _refuse_large(self, number: int, found: dict[str, object]) -> None:
        for name, value in found.items():
            if isinstance(value, str | list) and len(orjson.dumps(value)) > MAX_CELL_BYTES + 2:
                self._refuse(number, f'The cell of column "{name}" is larger than {MAX_CELL_BYTES >> 20} MiB')

    def _refuse(self, number: int, what: str) -> NoReturn:
        raise BadFile(what, where=f"{self.text.path}, line {number:,}", instead=_ONE_A_LINE)


def _lines(text: Text) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    with text.reading() as file:
        for number, line in enumerate(file, 1):
            if not line.isspace():
                yield number, line


def _refuse_repeated_key(text: Text) -> None:
    """Find the line whose object has a key twice, which the fast parser does not see."""
    for number, line in _lines(text):
        pairs = json.loads(line, object_pairs_hook=list)
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            name = next(name for name in names if names.count(name) > 1)
            raise BadFile(
                f'The object has "{name}" twice', where=f"{text.path}, line {number:,}", instead=_ONE_A_LINE
            )
