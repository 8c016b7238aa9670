"""The SQL of an account's cell: an amount, a year, a day, a yes or no, names, as people write them."""

from functools import cache

from store.accounts.meanings import Form
from store.population.mapping.model import Mapping
from store.population.source.cells import NO, YES, missing_sql, texts_sql
from store.population.source.dates import days_sql
from store.population.source.engine import name_sql, text_sql

# One amount: 1,200 or 1200.5, with k, m or b after it.
_AMOUNT = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(thousand|million|billion|trillion|mm|bn|k|m|b)?"
_SINGLE = rf"^[$€£]?(-?){_AMOUNT}\+?$"
_RANGE = rf"^[$€£]?{_AMOUNT}(?:-|–|—|to)[$€£]?{_AMOUNT}$"
_POWERS = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mm": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "trillion": 12,
}
_DAY = r"\d{4}-\d{2}-\d{2}"
_SCORE = r"\d+(?:\.\d+)?"
# A name with when it came: "Snowflake (2026-01-05)", "Snowflake:2026-01-05"; or with a score: "CRM:80".
_TAIL = rf"\s*[:@(=]\s*({_DAY}[^;|]*|{_SCORE}\)?)\s*$"
FIRST_YEAR, LAST_YEAR = 1000, 2200  # what can be the year in which a company was founded


@cache
def plain_mapping() -> Mapping:
    """A mapping that knows the usual marks of missing values and no columns."""
    return Mapping(columns={})


def text_cell_sql(column: str) -> str:
    """The cell as text; NULL when missing."""
    return missing_sql(column, plain_mapping())


def number_cell_sql(column: str, scale: int = 1) -> str:
    """The cell as a finite DOUBLE; NULL when missing or no amount.

    "$1.2M" is 1,200,000; of a range, "51-200", the middle, 125.5; of an open one, "10,001+", its beginning.
    """
    cell = text_cell_sql(column)
    bare = f"regexp_replace(lower({cell}), '\\s|_|usd|eur|gbp|us\\$|employees', '', 'g')"
    plain = f"TRY_CAST({cell} AS DOUBLE)"
    single = f"CASE WHEN {_part(bare, _SINGLE, 1)} = '-' THEN -1 ELSE 1 END * {_amount_sql(bare, _SINGLE, 2)}"
    middle = f"({_amount_sql(bare, _RANGE, 1)} + {_amount_sql(bare, _RANGE, 3)}) / 2"
    return (
        f"(CASE WHEN isfinite({plain}) THEN {plain}"
        f" WHEN regexp_matches({bare}, {text_sql(_SINGLE)}) THEN {single}"
        f" WHEN regexp_matches({bare}, {text_sql(_RANGE)}) THEN {middle} END * {scale})"
    )


def _part(cell: str, pattern: str, group: int) -> str:
    return f"regexp_extract({cell}, {text_sql(pattern)}, {group})"


def _amount_sql(cell: str, pattern: str, group: int) -> str:
    digits = f"TRY_CAST(replace({_part(cell, pattern, group)}, ',', '') AS DOUBLE)"
    suffix = _part(cell, pattern, group + 1)
    powers = " ".join(f"WHEN '{word}' THEN 1e{power}" for word, power in _POWERS.items())
    return f"{digits} * CASE {suffix} {powers} ELSE 1 END"


def year_cell_sql(column: str) -> str:
    """The year in the cell, DOUBLE, of a number or a date; NULL outside 1000 to 2200."""
    cell = text_cell_sql(column)
    year = f"coalesce(TRY_CAST({cell} AS DOUBLE), TRY_CAST(regexp_extract({cell}, '\\d\\d\\d\\d') AS DOUBLE))"
    return f"CASE WHEN {year} BETWEEN {FIRST_YEAR} AND {LAST_YEAR} THEN floor({year}) END"


def day_cell_sql(column: str, format: str = "") -> str:
    """The cell's day, DOUBLE, in days since 1970-01-01; of several days in a cell the last one."""
    cell = text_cell_sql(column)
    found = f"list_max(regexp_extract_all({cell}, '{_DAY}'))"
    last = f"epoch(TRY_CAST({found} AS DATE)) / 86400.0"
    return f"floor(coalesce({days_sql(cell, format)}, {last}))"


def flag_cell_sql(column: str) -> str:
    """The cell as BOOLEAN; NULL when neither yes nor no."""
    cell = f"lower({text_cell_sql(column)})"
    return f"CASE WHEN {cell} IN {texts_sql(YES)} THEN true WHEN {cell} IN {texts_sql(NO)} THEN false END"


def names_cell_sql(column: str, type: str, separators: str) -> str:
    """The cell's names as VARCHAR[], sorted, each once, without days and scores after them; NULL for none."""
    if type == "list":
        items = f"CAST({name_sql(column)} AS VARCHAR[])"
    else:
        items = f"regexp_split_to_array({text_cell_sql(column)}, '[{separators}]')"
    bare = f"trim(regexp_replace(trim(x), {text_sql(_TAIL)}, ''))"
    marks = texts_sql(["", *plain_mapping().missing])
    kept = f"list_sort(list_distinct([{bare} FOR x IN {items} IF {bare} NOT IN {marks}]))"
    return f"CASE WHEN len({kept}) > 0 THEN {kept} END"


def score_cell_sql(column: str, type: str) -> str:
    """The highest score in the cell, DOUBLE: of "80", or of "CRM:80;ERP:40"; NULL when there is none."""
    cell = f"CAST({name_sql(column)} AS VARCHAR)" if type == "list" else text_cell_sql(column)
    scores = f"regexp_extract_all({cell}, '(?:^|[:=;|,\\[( ])\\s*({_SCORE})(?:\\D|$)', 1)"
    highest = f"list_max([TRY_CAST(x AS DOUBLE) FOR x IN {scores}])"
    return f"coalesce(TRY_CAST({cell} AS DOUBLE), {highest})"


def website_cell_sql(column: str) -> str:
    """The host of a web address, lower case and without www; NULL for what is none."""
    bare = f"regexp_replace(lower({text_cell_sql(column)}), '^[a-z]+://|^www\\d?\\.', '', 'g')"
    host = f"regexp_extract(regexp_replace({bare}, '^www\\d?\\.', ''), '^[^/?#:@\\s]+')"
    return f"CASE WHEN regexp_full_match({host}, '([^.\\s]+\\.)+[^.\\s]+') THEN {host} END"


def cell_sql(
    form: Form, column: str, type: str, *, scale: int = 1, format: str = "", separators: str = ";|"
) -> str:
    """The SQL of a column's cell in this form; `type` is the source's word for the column's type."""
    if form == "number":
        return number_cell_sql(column, scale)
    if form == "date":
        return day_cell_sql(column, format)
    if form == "names":
        return names_cell_sql(column, type, separators)
    if form == "scores":
        return score_cell_sql(column, type)
    by_form = {"year": year_cell_sql, "flag": flag_cell_sql, "website": website_cell_sql}
    return by_form.get(form, text_cell_sql)(column)


def id_cell_sql(column: str, type: str) -> str:
    """The id in the cell as text; 17.0, as a column of numbers with blanks is written, is 17."""
    cell = text_cell_sql(column)
    return f"regexp_replace({cell}, '^(\\d+)\\.0$', '\\1')" if type == "decimal" else cell
