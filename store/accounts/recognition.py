"""Which column of a file says what of accounts? By its header, and held against its values."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from collections.abc import Iterable
from dataclasses import dataclass

from store.accounts.cells import cell_sql, text_cell_sql
from store.accounts.headers import matched, scale_of
from store.accounts.meanings import MEANING_OF, MEANINGS, Form, Meaning
from store.accounts.rows import one_row
from store.errors import BadFile
from store.population.source import Source
from store.population.source.engine import name_sql, text_sql

LOOKED_ROWS = 20_000
READABLE_SHARE = 0.8  # of the filled cells, that must fit what the header promises
_DATE_FORMATS = ("", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y", "%m/%d/%y", "%d/%m/%y")
_SALESFORCE_ID = r"001[A-Za-z0-9]{12}([A-Z0-9]{3})?"
_SIZE_RANGE = r"\d[\d,]*\s*(-|–|to)\s*\d[\d,]*(\s+employees)?|\d[\d,]*\+(\s+employees)?"


@dataclass(frozen=True)
class Recognised:
    """A column of the file, what it means and how its cells are read."""

    column: str
    meaning: Meaning
    type: str  # the source's
    scale: int = 1
    format: str = ""  # of a date that could be read in two ways
    separators: str = ";|"

    @property
    def sql(self) -> str:
        form: Form = "text" if self.meaning.form in ("id", "name") else self.meaning.form
        return cell_sql(
            form,
            self.column,
            self.type,
            scale=self.scale,
            format=self.format,
            separators=self.separators,
        )


@dataclass(frozen=True)
class Recognition:
    """What the columns of a file say of accounts."""

    columns: dict[str, Recognised]  # by the name of the meaning
    other_ids: tuple[str, ...]  # more columns with ids of the account, in other systems
    plain: tuple[str, ...]  # columns that are kept as they are
    notes: tuple[str, ...]  # what a reader should know

    @property
    def id_column(self) -> Recognised:
        """The column that names the account; its website where there is no id. Raises BadFile."""
        found = self.columns.get("account_id") or self.columns.get("account_domain")
        if not found:
            raise BadFile(
                "No column names the accounts",
                where="the headers",
                instead="Call the column of their ids `Account ID`, `Record ID` or `Id`.",
            )
        return found


def recognise(source: Source) -> Recognition:
    """The columns that say something known of accounts, after a look at their values.

    A header promises a form (a number, a date, ...); where under 80 % of its filled cells in up to 20,000
    rows have it, the column stays as it is, and a note says so.
    """
    notes: list[str] = []
    wanted = {each.name: each.headers.split() for each in MEANINGS}
    claims = matched(source.columns, wanted)
    found: dict[str, Recognised] = {}
    for name, headers in claims.items():
        fitting = next((one for header in headers if (one := _read(source, header, name, notes))), None)
        if fitting:
            found[name] = fitting
    taken = {one.column for one in found.values()}
    found |= _by_values(source, [name for name in source.columns if name not in taken], found)
    taken = {one.column for one in found.values()}
    others = tuple(header for header in claims.get("account_id", []) if header not in taken)
    plain = tuple(name for name in source.columns if name not in taken and name not in others)
    return Recognition(found, others, plain, tuple(notes))


def _read(source: Source, header: str, name: str, notes: list[str]) -> Recognised | None:
    """The column as this meaning, or None with a note where its values are something else."""
    meaning, type = MEANING_OF[name], source.columns[header]
    if type == "list" and meaning.form not in ("names", "scores"):
        return None
    one = Recognised(header, meaning, type, scale=scale_of(header))
    if meaning.form == "date":
        dated = _dated(source, one, notes)
        if dated is None:
            return None
        one = dated
    elif meaning.form == "names" and type != "list":
        one = Recognised(header, meaning, type, separators=_separators(source, header))
    filled, read = _counts(source, header, [one.sql])
    if read < READABLE_SHARE * filled:
        notes.append(
            f'"{header}" would be {meaning.label.lower()} by its name, but only {read:,} of {filled:,} cells'
            f" that were looked at are of that form ({meaning.form}): it is kept as it is."
        )
        return None
    return one


def _dated(source: Source, one: Recognised, notes: list[str]) -> Recognised | None:
    """The column with the format that most of its cells fit; None where two do that differ."""
    tries = [Recognised(one.column, one.meaning, one.type, format=form) for form in _DATE_FORMATS]
    _, *reads = _counts(source, one.column, [each.sql for each in tries])
    best = max(reads)
    fitting = [each for each, read in zip(tries, reads, strict=True) if read == best and best]
    if len(fitting) > 1 and fitting[0].format:
        notes.append(
            f'"{one.column}" is not read as {one.meaning.label.lower()}: day and month of its dates could be'
            " swapped; write them as 2026-01-31."
        )
        return None
    return fitting[0] if fitting else one


def _separators(source: Source, header: str) -> str:
    """Semicolons and bars; commas too where neither of them occurs."""
    _, marked = _counts(source, header, [f"nullif(regexp_matches({text_cell_sql(header)}, '[;|]'), false)"])
    return ";|" if marked else ";|,"


def _counts(source: Source, header: str, cells: Iterable[str]) -> list[int]:
    """How many of the rows that are looked at are filled, and in how many each of the cells is known."""
    counted = ", ".join(f"count({cell})" for cell in cells)
    column = name_sql(header)
    filled = f"count({column})" if source.columns[header] == "list" else f"count({text_cell_sql(header)})"
    rows = f"(SELECT {column} FROM {source.sql} LIMIT {LOOKED_ROWS})"
    return [int(count) for count in one_row(source, f"SELECT {filled}, {counted} FROM {rows}")]


def _by_values(source: Source, columns: list[str], found: dict[str, Recognised]) -> dict[str, Recognised]:
    """What only the values give away: ids of Salesforce, host names, ranges of sizes."""
    forms = {
        "account_id": _SALESFORCE_ID,
        "account_domain": r"(https?://)?(www\.)?([a-z0-9-]+\.)+[a-z]{2,24}/?",
        "employees": _SIZE_RANGE,
    }
    open_ones = {name: form for name, form in forms.items() if name not in found}
    new: dict[str, Recognised] = {}
    for header in columns:
        if source.columns[header] != "text":
            continue
        cell = text_cell_sql(header)
        fits = [f"nullif(regexp_full_match({cell}, {text_sql(form)}), false)" for form in open_ones.values()]
        filled, *counts = _counts(source, header, fits or ["NULL"])
        for name, count in zip(open_ones, counts, strict=False):
            if name not in new and filled and count >= 0.95 * filled:
                new[name] = Recognised(header, MEANING_OF[name], "text")
                break
    return new
