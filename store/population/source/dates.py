"""The SQL of a cell as a date: in days since 1970-01-01, or as an age on a given day."""

from typing import TYPE_CHECKING

from store.population.source.cells import missing_sql
from store.population.source.engine import text_sql

if TYPE_CHECKING:  # the mapping's proposal reads sources, so only types may come from there
    from store.population.mapping.model import Mapping

# Forms that can be read in one way only: the year first, or the month in letters.
YEAR_FIRST = r"\d\d\d\d(-\d\d?-|/\d\d?/)\d\d?([ T].*)?"
MONTH_NAMED = r"(\d\d?[ -])?[A-Za-z]+[ -](\d\d?,? )?\d\d\d\d"
# Not: whether 03/04/2024 is in March or in April, the cell does not say.
DAY_OR_MONTH = r"\d\d?[./-]\d\d?[./-](\d\d\d\d|\d\d)([ T]\d\d?:.*)?"
_NAMED = (
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d-%B-%Y",
    "%B %d, %Y",
    "%B %d %Y",
)
# The engine takes 24 for the year 24; what lies outside is a slip of that kind, or a mark.
_WITHIN = "BETWEEN TIMESTAMP '1000-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"


def time_sql(cell: str, format: str = "") -> str:
    """The text as a TIMESTAMP in UTC; NULL for no date, and for what two readers could read as two."""
    if format:
        time = f"try_strptime({cell}, {text_sql(format)})"
        time = f"({time} AT TIME ZONE 'UTC')" if "%z" in format or "%Z" in format else time
        return f"CASE WHEN {time} {_WITHIN} THEN {time} END"
    iso = f"(TRY_CAST({cell} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
    named = f"try_strptime({cell}, [{', '.join(map(text_sql, _NAMED))}])"
    return (
        f"CASE WHEN regexp_full_match({cell}, {text_sql(YEAR_FIRST)}) AND {iso} {_WITHIN} THEN {iso}"
        f" WHEN regexp_full_match({cell}, {text_sql(MONTH_NAMED)}) AND {named} {_WITHIN} THEN {named} END"
    )


def days_sql(cell: str, format: str = "") -> str:
    """The text as days since 1970-01-01, with the time of day as a fraction; NULL as time_sql."""
    return f"(epoch({time_sql(cell, format)}) / 86400.0)"


def date_sql(column: str, mapping: "Mapping") -> str:
    """The cell as a DOUBLE: days since 1970-01-01, or whole years of age; NULL when missing or neither."""
    meant, cell = mapping.columns[column], missing_sql(column, mapping)
    if meant.read_as == "date":
        return days_sql(cell, meant.format)
    born, day = f"CAST({time_sql(cell, meant.format)} AS DATE)", f"DATE {text_sql(meant.as_of)}"
    return f"CASE WHEN {born} <= {day} THEN CAST(date_sub('year', {born}, {day}) AS DOUBLE) END"


def swapped_sql(column: str, mapping: "Mapping") -> str:
    """True for a cell that has a day and a month of which no format says which comes first."""
    if mapping.columns[column].format:
        return "false"
    return f"regexp_full_match({missing_sql(column, mapping)}, {text_sql(DAY_OR_MONTH)})"
