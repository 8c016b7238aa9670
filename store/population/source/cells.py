"""The SQL of a cell: without missing marks, and as a number, a flag, a time, a person's number, a list."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.population.source.engine import name_sql, text_sql

if TYPE_CHECKING:  # the mapping's proposal reads sources, so only types may come from there
    from store.population.mapping.model import Mapping

# Also as pandas writes a column of 0 and 1 that has blanks.
YES = ("yes", "true", "1", "y", "t", "1.0")
NO = ("no", "false", "0", "n", "f", "0.0")


def missing_sql(column: str, mapping: "Mapping") -> str:
    """The cell as text without spaces around it; NULL when blank or one of the missing marks."""
    return _without_marks_sql(text_of_sql(column), mapping)


def text_of_sql(column: str) -> str:
    """The cell as text without spaces around it."""
    return f"trim(CAST({name_sql(column)} AS VARCHAR))"


def value_sql(column: str, mapping: "Mapping") -> str:
    """The cell as missing_sql gives it, with the column's raw `values` replaced."""
    return _replaced_sql(missing_sql(column, mapping), mapping.columns[column].values)


def number_sql(column: str, mapping: "Mapping") -> str:
    """The cell as a finite DOUBLE; NULL when missing, no number, infinite or NaN."""
    number = f"TRY_CAST({name_sql(column)} AS DOUBLE)"
    marks = [mark for mark in mapping.missing if _is_finite(mark)]
    # Other marks are no numbers anyway: looking for them in every cell takes longer than the cast.
    known = f" AND {text_of_sql(column)} NOT IN {texts_sql(marks)}" if marks else ""
    return f"CASE WHEN isfinite({number}){known} THEN {number} END"


def flag_sql(column: str, mapping: "Mapping") -> str:
    """The cell as 'Yes' or 'No', after `values`; NULL when missing or neither."""
    cell, plain = f"lower({value_sql(column, mapping)})", ""
    if not mapping.columns[column].values:
        # Most cells are one of the plain spellings: the costly trim is left for the others.
        raw = f"CAST({name_sql(column)} AS VARCHAR)"
        spelled = {told: _spellings(words, mapping) for told, words in (("Yes", YES), ("No", NO))}
        plain = f"WHEN {raw} IS NULL THEN NULL " + " ".join(
            f"WHEN {raw} IN {texts_sql(forms)} THEN '{told}'" for told, forms in spelled.items() if forms
        )
    yes, no = texts_sql(YES), texts_sql(NO)
    return f"CASE {plain} WHEN {cell} IN {yes} THEN 'Yes' WHEN {cell} IN {no} THEN 'No' END"


def timestamp_sql(column: str, mapping: "Mapping") -> str:
    """The cell as a TIMESTAMP in UTC; NULL when missing or no time. Times without a zone are in UTC."""
    return f"(TRY_CAST({missing_sql(column, mapping)} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"


def person_id_sql(column: str, mapping: "Mapping") -> str:
    """The cell as a BIGINT; NULL when missing or not a whole number."""
    cell = missing_sql(column, mapping)
    # A plain cast would round 1.5; a column with blanks often comes as 17.0.
    whole = f"regexp_full_match({cell}, '-?[0-9]+(\\.0+)?')"
    return f"CASE WHEN {whole} THEN TRY_CAST(split_part({cell}, '.', 1) AS BIGINT) END"


def list_sql(column: str, mapping: "Mapping", type: str) -> str:
    """The cell's values as VARCHAR[], each once, without missing marks; `type` is the source's."""
    separator = text_sql(mapping.columns[column].separator)
    cell = f"CAST({name_sql(column)} AS VARCHAR[])"
    if type != "list":
        cell = f"string_split({missing_sql(column, mapping)}, {separator})"
    value = _replaced_sql(_without_marks_sql("trim(x)", mapping), mapping.columns[column].values)
    return f"list_distinct([{value} FOR x IN {cell} IF {_without_marks_sql('trim(x)', mapping)} IS NOT NULL])"


def _without_marks_sql(cell: str, mapping: "Mapping") -> str:
    marks = dict.fromkeys(["", *(mark.strip() for mark in mapping.missing)])
    return f"CASE WHEN {cell} IN {texts_sql(marks)} THEN NULL ELSE {cell} END"


def _replaced_sql(cell: str, values: dict[str, str]) -> str:
    if not values:
        return cell
    cases = " ".join(f"WHEN {text_sql(raw)} THEN {text_sql(value)}" for raw, value in values.items())
    return f"CASE {cell} {cases} ELSE {cell} END"


def _spellings(words: Iterable[str], mapping: "Mapping") -> list[str]:
    forms = dict.fromkeys(form for word in words for form in (word, word.title(), word.upper()))
    return [form for form in forms if form not in mapping.missing]


def _is_finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def texts_sql(texts: Iterable[str]) -> str:
    """The texts as a list that stands after IN."""
    return f"({', '.join(map(text_sql, texts))})"
