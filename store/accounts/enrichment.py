"""How do rows of a file become accounts? Columns by their meaning, figures derived, the committee beside."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from store.accounts.cells import id_cell_sql, text_cell_sql
from store.accounts.committees.features import COMMITTEE, CommitteeColumn
from store.accounts.derived import DERIVED_OF, INPUTS_ONLY, derivable, derived_sql
from store.accounts.meanings import MEANING_OF
from store.accounts.numbering import key_sql, number_sql
from store.accounts.recognition import Recognised, Recognition
from store.accounts.rows import done, one_row
from store.errors import BadFile
from store.population.mapping.model import attribute_name, day_number
from store.population.source import Source
from store.population.source.engine import name_sql

PERSON_ID = "person_id"  # the account's number, as the population knows it
COMMITTEES = "committee_features"  # the table of committees' features, where contacts were given
_FIRST_DAY = "DATE '1970-01-01'"


@dataclass(frozen=True)
class Enriched:
    """The accounts of a source as of a day: `sql` stands after FROM, its columns are named below.

    Dates are DATE, lists VARCHAR[], numbers DOUBLE; `key` is the id by which contacts are joined.
    """

    source: Source
    recognition: Recognition
    as_of: date
    sql: str
    known: tuple[str, ...]  # names of meanings
    derived: tuple[str, ...]
    committee: tuple[str, ...]
    plain: dict[str, str]  # column in the source -> column here
    other_ids: dict[str, str]

    @property
    def columns(self) -> list[str]:
        """What is kept of an account, beside its id and number."""
        kept = [name for name in self.known if name not in INPUTS_ONLY and name != "account_id"]
        return [*kept, *self.derived, *self.committee, *self.plain.values(), *self.other_ids.values()]


def enrich(source: Source, recognition: Recognition, as_of: date, committee: Sequence[str] = ()) -> Enriched:
    """The accounts as of this day; nothing that happened later is known of them.

    Columns of the `committee` come from the table COMMITTEES, joined by the account's key. Raises BadFile
    where no column names the accounts, a row has no id, or two have the same.
    """
    _refuse_nameless(source, recognition.id_column)
    day = day_number(as_of)
    known = [name for name in recognition.columns if name != "account_id"]
    taken = {PERSON_ID, "account_id", "key", *MEANING_OF, *DERIVED_OF, *(each.name for each in COMMITTEE)}
    plain = {name: _free(attribute_name(name) or "column", taken) for name in recognition.plain}
    other_ids = {name: _free(attribute_name(name) or "column", taken) for name in recognition.other_ids}
    derived = [each.name for each in derivable(known)]
    read = _read_sql(source, recognition, day, {**plain, **other_ids})
    outer = ["key", "account_id", PERSON_ID, *(_kept_sql(name) for name in known if name not in INPUTS_ONLY)]
    outer += [f"{derived_sql(DERIVED_OF[name], known, day)} AS {name}" for name in derived]
    outer += [f"c.{name}" if each.unknown is None else f"coalesce(c.{name}, {each.unknown}) AS {name}"
              for name, each in ((name, _COMMITTEE_OF[name]) for name in committee)]  # fmt: skip
    outer += [name_sql(name) for name in (*plain.values(), *other_ids.values())]
    joined = f" LEFT JOIN {COMMITTEES} c ON c.account_key = read.key" if committee else ""
    sql = f"(SELECT {', '.join(outer)} FROM ({read}) read{joined} ORDER BY source_row)"
    return Enriched(
        source,
        recognition,
        as_of,
        sql,
        ("account_id", *known),
        tuple(derived),
        tuple(committee),
        plain,
        other_ids,
    )


_COMMITTEE_OF: dict[str, CommitteeColumn] = {each.name: each for each in COMMITTEE}


def _kept_sql(name: str) -> str:
    if MEANING_OF[name].form == "date":
        return f"{_FIRST_DAY} + CAST({name} AS INTEGER) AS {name}"
    return name


def _read_sql(source: Source, recognition: Recognition, day: float, plain: dict[str, str]) -> str:
    """The cells by their meaning; dates in days since 1970-01-01, those after `day` not yet known."""
    account_id = _id_sql(recognition.id_column)
    cells = [f"{key_sql('account_id')} AS key", f"{number_sql('account_id')} AS {PERSON_ID}"]
    for name, one in recognition.columns.items():
        if name != "account_id":
            cells.append(f"{_not_after(one.sql, day) if one.meaning.form == 'date' else one.sql} AS {name}")
    cells += [f"{_plain_sql(source, column)} AS {name_sql(name)}" for column, name in plain.items()]
    inner = f"SELECT *, {account_id} AS account_id FROM {source.sql}"
    if "account_id" in source.columns:
        inner = f"SELECT * REPLACE ({account_id} AS account_id) FROM {source.sql}"
    return f"SELECT source_row, account_id, {', '.join(cells)} FROM ({inner})"


def _id_sql(one: Recognised) -> str:
    return id_cell_sql(one.column, one.type) if one.meaning.form == "id" else one.sql


def _not_after(sql: str, day: float) -> str:
    return f"CASE WHEN {sql} <= {day!r} THEN {sql} END"


def _plain_sql(source: Source, column: str) -> str:
    """The cell with its type where every cell has it, else as text: a leading zero is part of a code."""
    type, name = source.columns[column], name_sql(column)
    wanted = {"integer": "BIGINT", "decimal": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}.get(type)
    if type == "list":
        return name
    cell = text_cell_sql(column)
    if wanted:
        lost = f"count({cell}) - count(TRY_CAST({cell} AS {wanted}))"
        if one_row(source, f"SELECT {lost} FROM {source.sql}") == (0,):
            return f"TRY_CAST({cell} AS {wanted})"
    return cell


def _free(name: str, taken: set[str]) -> str:
    others = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    free = next(each for each in (name, *others) if each not in taken)
    taken.add(free)
    return free


def _refuse_nameless(source: Source, one: Recognised) -> None:
    """Raises BadFile where an account has no id, or two have the same."""
    key = f"CASE WHEN id IS NOT NULL THEN {key_sql('id')} END"
    rows = (
        f"(SELECT source_row, {key} AS key FROM (SELECT source_row, {_id_sql(one)} AS id FROM {source.sql}))"
    )
    missing, first = one_row(source, f"SELECT count(*), min(source_row) FROM {rows} WHERE key IS NULL")
    twice, again = one_row(
        source,
        f"SELECT count(*), min(again) FROM (SELECT max(source_row) AS again FROM {rows}"
        " WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)",
    )
    if missing:
        raise BadFile(
            f"{missing:,} accounts have no id",
            where=f'column "{one.column}", first in {source.place(first)}',
            instead="Give every account one, or leave those rows out.",
        )
    if twice:
        raise BadFile(
            f"{twice:,} ids stand in several rows",
            where=f'column "{one.column}", such as in {source.place(again)}',
            instead="Keep one row an account.",
        )


def write_parquet(enriched: Enriched, path: Path, columns: Sequence[str] | None = None) -> None:
    """Write the accounts to a Parquet file: these columns, or the id, the number and all that is kept."""
    names = columns or ["account_id", PERSON_ID, *enriched.columns]
    listed = ", ".join(name_sql(name) for name in names)
    quoted = str(path).replace("'", "''")
    done(
        enriched.source,
        f"COPY (SELECT {listed} FROM {enriched.sql}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)",
    )
