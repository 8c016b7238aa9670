"""How does a delivery become part of a ledger?"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from store.errors import TooMany
from store.outcomes.columns import Attribute, AttributeKind, column_type
from store.outcomes.intake.reading import KEPT
from store.population.source.engine import name_sql, text_sql, told

MOST_ATTRIBUTES = 2_000
ORDER = "decided_at NULLS LAST, opened_at NULLS LAST, unit, record_id"


def merged_attributes(
    known: Sequence[Attribute], new: Sequence[Attribute]
) -> tuple[list[Attribute], list[str]]:
    """The attributes of both, sorted by name, and a note on each whose kind had to give way.

    The kind asks the least of the cells, and is the same whichever came first. Raises TooMany.
    """
    found = {each.name: each for each in known}
    notes = []
    for each in new:
        before = found.get(each.name)
        kind = each.kind if before is None else merged_kind(before.kind, each.kind)
        if before and kind != before.kind:
            notes.append(
                f"`{each.name}` was a {before.kind} and is a {kind} now: this file has other values."
            )
        found[each.name] = each.model_copy(update={"kind": kind})
    if len(found) > MOST_ATTRIBUTES:
        raise TooMany(
            f"The ledger would have {len(found):,} attributes and may have {MOST_ATTRIBUTES:,}",
            where="attributes",
            instead="Leave columns out (`leave_out` in a file of columns), or make one list column of them.",
        )
    return [found[name] for name in sorted(found)], notes


def merged_kind(one: AttributeKind, other: AttributeKind) -> AttributeKind:
    """The kind that the cells of both fit."""
    kinds = {one, other}
    if len(kinds) == 1:
        return one
    if "set" in kinds:
        return "set"
    return "number" if kinds == {"flag", "number"} else "category"


def merge(
    connection: duckdb.DuckDBPyConnection,
    old: tuple[Path, Sequence[Attribute]] | None,
    new: tuple[Path, Sequence[Attribute]],
    attributes: Sequence[Attribute],
    stamp: tuple[str, str],
    target: Path,
    erased: np.ndarray,
) -> int:
    """How many records were there already, after those of both were written, a new one for an old one.

    stamp: the shape and the load time of the new ones. erased: person ids of which no record is written.
    """
    shape, loaded_at = map(text_sql, stamp)
    fresh = _select(*new, attributes, f"{shape} AS shape, {loaded_at} AS loaded_at")
    sql, replaced = fresh, 0
    with told(str(target.parent.name)):
        if old:
            same = (
                f"SEMI JOIN read_parquet({text_sql(str(new[0]))}) n"
                " ON o.unit = n.unit AND o.record_id = n.record_id"
            )
            [(replaced,)] = connection.execute(
                f"SELECT count(*) FROM read_parquet({text_sql(str(old[0]))}) o {same}"  # noqa: S608  # paths are quoted
            ).fetchall()
            kept = _select(*old, attributes, "shape, loaded_at")
            sql = f"SELECT * FROM ({kept}) o {same.replace('SEMI', 'ANTI')} UNION ALL {fresh}"  # noqa: S608  # paths are quoted
        connection.register("gone", pa.table({"id": pa.array(erased.astype(np.str_).tolist(), pa.string())}))
        kept = "WHERE unit <> 'person' OR unit_id NOT IN (SELECT id FROM gone)"
        connection.execute(
            f"COPY (SELECT * FROM ({sql}) {kept} ORDER BY {ORDER}) TO {text_sql(str(target))}"  # noqa: S608  # paths are quoted
            " (FORMAT parquet, COMPRESSION zstd)"
        )
    return int(replaced)


def _select(path: Path, have: Sequence[Attribute], wanted: Sequence[Attribute], stamp: str) -> str:
    kinds: dict[str, AttributeKind] = {each.name: each.kind for each in have}
    cells = [
        f"{_cast(name_sql(f'a:{each.name}'), kinds[each.name], each.kind)}"
        if each.name in kinds
        else f"CAST(NULL AS {column_type(each.kind)})"
        for each in wanted
    ]
    named = [f"{cell} AS {name_sql(f'a:{each.name}')}" for cell, each in zip(cells, wanted, strict=True)]
    return f"SELECT {', '.join([KEPT, stamp, *named])} FROM read_parquet({text_sql(str(path))})"  # noqa: S608  # paths are quoted


def _cast(cell: str, have: AttributeKind, want: AttributeKind) -> str:
    if have == want:
        return cell
    if want == "number":
        return f"CASE {cell} WHEN 'Yes' THEN 1.0 WHEN 'No' THEN 0.0 END"
    text = cell
    if have == "number":
        is_whole = f"{cell} = floor({cell}) AND abs({cell}) < 1e15"
        whole, other = f"CAST(CAST({cell} AS BIGINT) AS VARCHAR)", f"CAST({cell} AS VARCHAR)"
        text = f"CASE WHEN {is_whole} THEN {whole} ELSE {other} END"
    listed = f"list_sort(list_distinct(string_split({text}, '|')))"
    return f"CASE WHEN {cell} IS NOT NULL THEN {listed} END" if want == "set" else text
