"""The SQL of an export's cells: amounts, days, ids, lists, words of silence."""

from store.population.source.dates import DAY_OR_MONTH, time_sql
from store.population.source.engine import text_sql

_EPOCH = "1[0-9]{12}"  # HubSpot's older API tells times in milliseconds
_PART = r"^\d\d?[./-]\d\d?[./-](\d\d\d\d|\d\d)"
# What sellers write when a buyer stopped answering.
_DARK = (
    r"\b(no|never|not|without|any)( an?y?)? (response|responses|reply|replies|answer|contact|respond\w*)"
    r"|unresponsive|non ?responsive|(went|gone|goes|going|go) (dark|silent|cold|quiet)|ghost(ed|ing)?\b"
    r"|stopped (responding|answering|replying)|lost contact|unreachable|radio silence|didn'?t respond"
)


def amount_sql(cell: str) -> str:
    """The cell as a DOUBLE: 1200, 1,200.50, $1,200, 1.200,50 EUR; NULL for what is no amount."""
    bare = rf"regexp_replace({cell}, '[\s\x{{00A0}}$€£¥]|[A-Z]{{3}}', '', 'g')"
    return (
        f"CASE WHEN isfinite(TRY_CAST({cell} AS DOUBLE)) THEN TRY_CAST({cell} AS DOUBLE)"
        f" WHEN regexp_full_match({bare}, '[+-]?\\d{{1,3}}(,\\d{{3}})+(\\.\\d*)?')"
        f" THEN TRY_CAST(replace({bare}, ',', '') AS DOUBLE)"
        f" WHEN regexp_full_match({bare}, '[+-]?(\\d{{1,3}}(\\.\\d{{3}})+|\\d+),\\d{{1,2}}')"
        f" THEN TRY_CAST(replace(replace({bare}, '.', ''), ',', '.') AS DOUBLE)"
        f" WHEN regexp_full_match({bare}, '[+-]?\\d+(\\.\\d*)?') THEN TRY_CAST({bare} AS DOUBLE) END"
    )


def moment_of_sql(cell: str, day_first: bool) -> str:
    """The cell as a TIMESTAMP in UTC; of a day and a month in figures, the day alone."""
    return (
        f"CASE WHEN {cell} IS NULL THEN NULL"
        f" WHEN regexp_full_match({cell}, '{_EPOCH}') THEN make_timestamp(TRY_CAST({cell} AS BIGINT) * 1000)"
        f" WHEN regexp_full_match({cell}, {text_sql(DAY_OR_MONTH)}) THEN {figures_sql(cell, day_first)}"
        f" ELSE {time_sql(cell)} END"
    )


def figures_sql(cell: str, day_first: bool) -> str:
    """A day such as 03/04/2024 or 3.4.24 as a TIMESTAMP; NULL for none."""
    part = rf"regexp_replace(regexp_extract({cell}, '{_PART}'), '[.-]', '/', 'g')"
    order = "%d/%m" if day_first else "%m/%d"
    long = f"regexp_full_match({part}, '.*/\\d\\d\\d\\d')"
    return (
        f"CASE WHEN {long} THEN try_strptime({part}, '{order}/%Y')"
        f" ELSE try_strptime({part}, '{order}/%y') END"
    )


def in_figures_sql(cell: str) -> str:
    """Whether the cell is a day and a month in figures, of which it does not say which comes first."""
    return f"regexp_full_match({cell}, {text_sql(DAY_OR_MONTH)})"


def id_sql(cell: str) -> str:
    """The first id of the cell, as text: `17.0` is 17, `17;18` is 17."""
    first = f"trim(split_part(translate({cell}, ',', ';'), ';', 1))"
    return f"nullif(regexp_replace({first}, '^([0-9]+)\\.0$', '\\1'), '')"


def digest_sql(start: str, *texts: str) -> str:
    """A name for what these texts say, the same wherever it is made: the start and 24 hexadecimal digits."""
    joined = " || chr(31) || ".join(f"coalesce(CAST({text} AS VARCHAR), '')" for text in texts)
    return f"'{start}' || left(sha256({joined}), 24)"


def values_sql(cell: str) -> str:
    """The cell's values, split at ; and |, each once and sorted, as VARCHAR[]."""
    split = f"string_split(translate(coalesce({cell}, ''), ';', '|'), '|')"
    return f"list_sort(list_distinct([trim(x) FOR x IN {split} IF trim(x) <> '']))"


def is_dark_sql(cell: str) -> str:
    """Whether the words of a reason say that the buyer stopped answering; NULL without a reason."""
    return f"regexp_matches(translate(lower({cell}), '_-/', '   '), {text_sql(_DARK)})"
