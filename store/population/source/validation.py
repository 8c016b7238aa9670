"""Does a source fit its mapping? If not: which rows, which columns, and what would be right."""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from store.errors import BadFile, BadMapping
from store.population.source.cells import flag_sql, missing_sql, number_sql
from store.population.source.engine import told
from store.population.source.opening import Source
from store.population.source.problems import MANY, REPEATED, SWAPPED, Problem, find_problems, repeats_sql

if TYPE_CHECKING:  # the mapping's proposal reads sources, so only types may come from there
    from store.population.mapping.model import Kind, Mapping

__all__ = ["check_cells", "flag_sql", "missing_sql", "number_sql"]

CLUSTERED: tuple["Kind", ...] = ("category", "date", "flag", "list", "number", "outcome")
# Kinds that columns of these types can have; of other types any.
_ABLE = {
    "list": ("list", "ignore"),
    "date": ("date", "category", "field", "outcome", "last_modified", "ignore"),
    "timestamp": ("date", "category", "field", "outcome", "last_modified", "ignore"),
}
_CORRECT = "Correct the cells, list their marks under `missing`, or give the column another kind."
_UNIQUE = "Every person needs a row and a person_id of their own."
_FORMAT = "Give the dates' column a `format`, such as %d/%m/%Y or %m/%d/%Y."
_FEWER = "Make a column of many values `field`, `number` or `ignore`."


def check_cells(source: Source, mapping: "Mapping", limit: int = 10) -> None:
    """Raise BadFile with the first cells that do not fit the mapping, never with what they hold.

    Raises BadMapping for columns that the source does not have and where nothing would be a cluster.
    """
    _refuse_mapping(source, mapping)
    problems = find_problems(source, mapping)
    if not problems:
        return
    counted = [problem for problem in problems if problem.says != MANY]
    places = _first_places(source, mapping, problems, limit)
    places += [f'column "{problem.column}": {MANY}' for problem in problems if problem.says == MANY]
    if counted:
        places.append(
            "in all " + ", ".join(f'{problem.cells:,} in "{problem.column}"' for problem in counted)
        )
    raise BadFile(
        f"Cells do not fit the mapping: {'; '.join(places)}", where=_files(source), instead=_advice(problems)
    )


def _advice(problems: Sequence[Problem]) -> str:
    says = {problem.says for problem in problems}
    advice = {
        _FORMAT: says & {SWAPPED},
        _CORRECT: says - {MANY, REPEATED, SWAPPED},
        _UNIQUE: says & {REPEATED},
        _FEWER: says & {MANY},
    }
    return " ".join(text for text, applies in advice.items() if applies)


def _refuse_mapping(source: Source, mapping: "Mapping") -> None:
    lacking = [name for name in mapping.columns if name not in source.columns]
    if lacking:
        raise BadMapping(
            f"The source has no column {', '.join(_hinted(name, source) for name in lacking[:5])}",
            where=_files(source),
            instead="Correct these names in the mapping, or take them out.",
        )
    for name, column in mapping.columns.items():
        type = source.columns[name]
        able = _ABLE.get(type, (column.kind,))
        if column.kind not in able:
            raise BadMapping(
                f"A column of type {type} cannot be `{column.kind}`",
                where=f'column "{name}"',
                instead=f"Make it one of {', '.join(able)}.",
            )
    if not mapping.of_kind(*CLUSTERED):
        raise BadMapping(
            "No column would become clusters",
            where=_files(source),
            instead=f"Give at least one column a kind of {', '.join(CLUSTERED)}.",
        )


def _hinted(name: str, source: Source) -> str:
    known = {column.casefold(): column for column in source.columns}
    near = get_close_matches(name.casefold(), known, n=1)
    return f'"{name}" (did you mean "{known[near[0]]}"?)' if near else f'"{name}"'


def _first_places(source: Source, mapping: "Mapping", problems: Sequence[Problem], limit: int) -> list[str]:
    """The first cells with a problem, in the order of rows."""
    with told(_files(source)):
        found = _single_cells(source, problems, limit) + _same_ids(source, mapping, problems, limit)
    return [f"{source.place(row)}, {says}" for row, says in sorted(found)[:limit]]


def _single_cells(source: Source, problems: Sequence[Problem], limit: int) -> list[tuple[int, str]]:
    shown = [problem for problem in problems if problem.bad_sql != "false"]
    if not shown:
        return []
    bad = ", ".join(f"coalesce({problem.bad_sql}, false)" for problem in shown)
    rows = source.connection.execute(
        f"SELECT source_row, bad FROM (SELECT source_row, [{bad}] AS bad FROM {source.sql})"
        f" WHERE list_contains(bad, true) ORDER BY source_row LIMIT {limit}"
    ).fetchall()
    cells = (
        (row, f'column "{problem.column}": {problem.says}')
        for row, flags in rows
        for problem, bad in zip(shown, flags, strict=True)
        if bad
    )
    return list(islice(cells, limit))


def _same_ids(
    source: Source, mapping: "Mapping", problems: Sequence[Problem], limit: int
) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for problem in problems:
        if problem.says == REPEATED:
            repeats = repeats_sql(source, mapping, problem.column)
            rows = source.connection.execute(
                f"SELECT first_rows FROM ({repeats}) ORDER BY first_rows[2] LIMIT {limit}"
            ).fetchall()
            found += [
                (second, f'column "{problem.column}": the same as in {source.place(first)}')
                for [(first, second)] in rows
            ]
    return found


def _files(source: Source) -> str:
    more = ", ..." if len(source.parts) > 3 else ""
    return ", ".join(str(part.path) for part in source.parts[:3]) + more
