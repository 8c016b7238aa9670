"""Which cells of a source do not fit what the mapping says their column means, and how many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from store.population.source.cells import (
    NO,
    YES,
    flag_sql,
    list_sql,
    missing_sql,
    number_sql,
    person_id_sql,
    text_of_sql,
    texts_sql,
    timestamp_sql,
    value_sql,
)
from store.population.source.dates import date_sql, swapped_sql
from store.population.source.engine import name_sql, told
from store.population.source.opening import Source
from store.population.source.part import BATCH

if TYPE_CHECKING:  # the mapping's proposal reads sources, so only types may come from there
    from store.population.mapping.model import Mapping

MAX_DISTINCT = 10_000
MAX_LENGTH = 200
# A sketch of distinct values is off by a few percent: from here on they are counted.
_SKETCHED = 0.8 * MAX_DISTINCT

MANY = f"more than {MAX_DISTINCT:,} different values"
REPEATED = "the same as in another row"
SWAPPED = "a date of which day and month could be swapped"
_LONG = f"longer than {MAX_LENGTH} characters"


@dataclass(frozen=True)
class Problem:
    """What is wrong with cells of one column, and how many there are."""

    column: str
    says: str
    bad_sql: str = "false"  # true for such a cell; false where one cell alone does not show it
    cells: int = 0


def find_problems(source: Source, mapping: "Mapping") -> list[Problem]:
    """Every kind of problem in every column, in the order of the mapping."""
    tests = [test for name in mapping.columns for test in _tests(source, mapping, name)]
    valued = list(mapping.of_kind("category", "outcome"))
    # Of raw cells: cheaper, and never fewer than the values.
    sketches = [f"approx_count_distinct({name_sql(name)})" for name in valued]
    with told(str(source.parts[0].path)):
        counts = measured(source, [f"count_if({test.bad_sql})" for test in tests] + sketches)
        sketched = dict(zip(valued, counts[len(tests) :], strict=True))
        found = [replace(test, cells=cells) for test, cells in zip(tests, counts, strict=False) if cells]
        near = [name for name, about in sketched.items() if about > _SKETCHED]
        found += _many(source, mapping, [*near, *mapping.of_kind("list")])
        found += _repeated(source, mapping)
    order = {name: at for at, name in enumerate(mapping.columns)}
    return sorted(found, key=lambda problem: order[problem.column])


def measured(source: Source, aggregates: Sequence[str]) -> list[int]:
    """The values of aggregates over all rows, in one scan unless there are very many."""
    found: list[int] = []
    for start in range(0, len(aggregates), BATCH):
        batch = ", ".join(aggregates[start : start + BATCH])
        found += source.connection.execute(f"SELECT {batch} FROM {source.sql}").fetchall()[0]
    return found


def repeats_sql(source: Source, mapping: "Mapping", name: str) -> str:
    """Person ids that several rows have: `cells` too many, and the first two of the rows."""
    return (
        "SELECT count(*) - 1 AS cells, min(source_row, 2) AS first_rows"
        f" FROM (SELECT {person_id_sql(name, mapping)} AS id, source_row FROM {source.sql})"
        " GROUP BY id HAVING count(*) > 1 AND id IS NOT NULL"
    )


def _tests(source: Source, mapping: "Mapping", name: str) -> list[Problem]:
    """What to count in the column. Most cells pass the quick look; only others get the whole test."""
    kind, cell = mapping.columns[name].kind, missing_sql(name, mapping)
    tests = [Problem(name, "missing", f"{cell} IS NULL")] if kind == "person_id" else []
    if kind == "date":
        swapped = swapped_sql(name, mapping)
        tests.append(Problem(name, SWAPPED, swapped))
        bad = f"{cell} IS NOT NULL AND NOT {swapped} AND ({date_sql(name, mapping)}) IS NULL"
        tests.append(Problem(name, _dated(mapping, name), bad))
    elif kind in _READ:
        says, read_sql = _READ[kind]
        bad = f"{cell} IS NOT NULL AND ({read_sql(name, mapping)}) IS NULL"
        tests.append(Problem(name, says, _unless_sql(_quick_sql(name, mapping), bad)))
    elif kind == "list":
        values = list_sql(name, mapping, source.columns[name])
        tests.append(Problem(name, _LONG, f"list_max([length(x) FOR x IN {values}]) > {MAX_LENGTH}"))
    elif kind in ("category", "outcome"):
        long = f"length({value_sql(name, mapping)}) > {MAX_LENGTH}"
        tests.append(Problem(name, _LONG, _unless_sql(_quick_sql(name, mapping), long)))
    return tests


def _dated(mapping: "Mapping", name: str) -> str:
    column = mapping.columns[name]
    form = f"of the form {column.format}" if column.format else "such as 2025-01-31"
    return f"not a date {form}" + (f", up to {column.as_of}" if column.as_of else "")


def _unless_sql(quick: str, bad: str) -> str:
    return f"CASE WHEN {quick} THEN false ELSE {bad} END" if quick else bad


def _quick_sql(name: str, mapping: "Mapping") -> str:
    """True for cells that surely are no problem; blank where there is no such look."""
    column, empty = mapping.columns[name], f"{name_sql(name)} IS NULL"
    if column.kind == "number":
        return f"{empty} OR isfinite(TRY_CAST({name_sql(name)} AS DOUBLE))"
    if column.kind == "flag" and not column.values:
        return f"{empty} OR lower({text_of_sql(name)}) IN {texts_sql(('', *YES, *NO))}"
    if column.kind in ("category", "outcome") and not column.values:
        return f"strlen(CAST({name_sql(name)} AS VARCHAR)) <= {MAX_LENGTH}"
    return ""


def _within_sql(low: int, high: int) -> Callable[[str, "Mapping"], str]:
    def within_sql(name: str, mapping: "Mapping") -> str:
        number = number_sql(name, mapping)
        return f"CASE WHEN {number} BETWEEN {low} AND {high} THEN {number} END"

    return within_sql


# Of kinds that are read as something: what is said of a cell that is not, and the SQL that is NULL for it.
_READ: dict[str, tuple[str, Callable[[str, "Mapping"], str]]] = {
    "number": ("not a finite number", number_sql),
    "person_id": ("not a whole number", person_id_sql),
    "latitude": ("not a number from -90 to 90", _within_sql(-90, 90)),
    "longitude": ("not a number from -180 to 180", _within_sql(-180, 180)),
    "quality": ("not a number from 0 to 1", _within_sql(0, 1)),
    "last_modified": ("not a time such as 2025-01-31T10:30:00", timestamp_sql),
    "flag": ("neither yes nor no", flag_sql),
}


def _many(source: Source, mapping: "Mapping", names: Sequence[str]) -> list[Problem]:
    """Of these columns, those that have too many distinct values."""
    found = []
    for name in names:
        value = value_sql(name, mapping)
        if mapping.columns[name].kind == "list":
            value = f"unnest({list_sql(name, mapping, source.columns[name])})"
        distinct = (
            f"SELECT DISTINCT v FROM (SELECT {value} AS v FROM {source.sql}) WHERE v IS NOT NULL"
            f" LIMIT {MAX_DISTINCT + 1}"
        )
        [(count,)] = source.connection.execute(f"SELECT count(*) FROM ({distinct})").fetchall()
        if count > MAX_DISTINCT:
            found.append(Problem(name, MANY, cells=count))
    return found


def _repeated(source: Source, mapping: "Mapping") -> list[Problem]:
    found = []
    for name in mapping.of_kind("person_id"):
        sql = f"SELECT sum(cells) FROM ({repeats_sql(source, mapping, name)})"
        [(cells,)] = source.connection.execute(sql).fetchall()
        if cells:
            found.append(Problem(name, REPEATED, cells=int(cells)))
    return found
