"""Which columns of a file say what somebody is like, and how is each of their cells read?"""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from store.population.mapping import Column, Mapping, Proposal
from store.population.mapping.model import attribute_name
from store.population.mapping.vocabulary import domain_of, label_of_words, spaced, words_of
from store.population.source import Source
from store.population.source.cells import flag_sql, list_sql, missing_sql, number_sql, value_sql
from store.population.source.dates import date_sql
from store.population.source.engine import text_sql, told

AttributeKind = Literal["number", "flag", "category", "set"]
MOST_LEVELS = 1_000  # of a category that is a part of an address
# Up to which a proposal sees too few values to take a|b for a list: then any cell with two makes it one.
FEW_ROWS = 1_000
_CODES = {"code", "zip", "zipcode", "postcode", "postal", "fips", "naics", "sic", "msa", "dma"}
_SAME = "all rows have the same value"
_WHY_NOT = {
    "identifier": "it identifies somebody",
    "person_id": "it numbers the people",
    "field": "it is text with too many different values",
    "outcome": "it is an outcome, not a trait",
    "quality": "it speaks of the record, not of the one it is about",
    "last_modified": "it speaks of the record, not of the one it is about",
    "ignore": "it is of no use",
}


class Attribute(BaseModel):
    """A column that says what somebody is like."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: AttributeKind
    label: str = ""
    unit: str = Field(default="", description='Of a number: "EUR", "days".')
    domain: str = ""


@dataclass
class Plan:
    """The attributes of a file, the SQL of each one's cell, and the columns that are none.

    The cells of `dated` ones are days since 1970-01-01, to be taken from the day that counts.
    """

    attributes: list[Attribute] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)  # by the attribute's name
    read_from: dict[str, str] = field(default_factory=dict)  # attribute -> column
    dated: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)  # column -> why

    def add(self, column: str, attribute: Attribute, cell: str) -> None:
        """Take the column as this attribute."""
        self.attributes.append(attribute)
        self.cells[attribute.name], self.read_from[attribute.name] = cell, column


def attributes_of(source: Source, proposal: Proposal, taken: set[str]) -> Plan:
    """What the columns of the source say, but for those that are `taken` for something else.

    Numbers that a population would bin as categories stay numbers here; a column of one value is kept,
    since the next file may hold another.
    """
    plan = Plan()
    mapping = proposal.mapping
    why = {name: _why(name, proposal) for name in mapping.columns}
    open_ones = {name: column for name, column in mapping.columns.items() if name not in taken}
    for name, column in open_ones.items():
        if column.kind == "ignore" and why[name] == _SAME:
            mapping.columns[name] = Column(
                kind="category",
                attribute=_free_name(name, mapping),
                label=label_of_words(name),
                domain=domain_of(words_of(name)),
            )
    counted = _counts(source, mapping, [name for name in open_ones if _is_doubtful(name, mapping, source)])
    for name in open_ones:
        _plan(name, mapping, source, counted, plan, why[name])
    return plan


def _why(name: str, proposal: Proposal) -> str:
    start = f'"{name}" is left out: '
    note = next((note for note in proposal.notes if note.startswith(start)), "")
    return note.removeprefix(start).rstrip(".") or _WHY_NOT.get(proposal.mapping.columns[name].kind, "")


def _free_name(column: str, mapping: Mapping) -> str:
    wanted = attribute_name(spaced(column)) or "column"
    taken = {each.attribute for name, each in mapping.columns.items() if name != column}
    return next(free for free in (wanted, *(f"{wanted}_{n}" for n in range(2, 9_999))) if free not in taken)


def _is_doubtful(name: str, mapping: Mapping, source: Source) -> bool:
    """Whether all cells must be counted to tell if the column is a number, or a category at all."""
    column = mapping.columns[name]
    if column.part in ("city", "state"):
        return True
    is_small = source.rows <= FEW_ROWS and source.columns[name] == "text"
    return column.kind == "category" and (is_small or source.columns[name] in ("integer", "decimal"))


def outcomes_of(mapping: Mapping, taken: set[str]) -> Plan:
    """The columns that look like the result of something, each as a category."""
    plan = Plan()
    for name, column in mapping.of_kind("outcome").items():
        if name not in taken:
            plan.add(name, _attribute(column, "category"), value_sql(name, mapping))
    return plan


@dataclass(frozen=True)
class _Counts:
    filled: int
    numbers: int
    distinct: int
    several: int  # cells with more than one value
    flags: int


def _counts(source: Source, mapping: Mapping, names: list[str]) -> dict[str, _Counts]:
    if not names:
        return {}
    counts = ", ".join(
        f"count({missing_sql(name, mapping)}), count({number_sql(name, mapping)}),"
        f" approx_count_distinct({missing_sql(name, mapping)}),"
        f" count_if(contains({missing_sql(name, mapping)}, '|')), count({flag_sql(name, mapping)})"
        for name in names
    )
    with told(str(source.parts[0].path)):
        [row] = source.connection.execute(f"SELECT {counts} FROM {source.sql}").fetchall()  # noqa: S608  # names are quoted
    return {name: _Counts(*row[at * 5 : at * 5 + 5]) for at, name in enumerate(names)}


def _plan(
    name: str, mapping: Mapping, source: Source, counted: dict[str, _Counts], plan: Plan, why: str
) -> None:
    column, counts = mapping.columns[name], counted.get(name)
    if column.part and counts and 1 < counts.distinct <= MOST_LEVELS:
        plan.add(name, _attribute(column, "category"), missing_sql(name, mapping))
    elif column.kind in ("number", "latitude", "longitude") or _is_number(name, column, counts):
        plan.add(name, _attribute(column, "number"), number_sql(name, mapping))
    elif column.kind == "list" or (column.kind == "category" and counts and counts.several):
        values = list_sql(name, mapping, source.columns[name])
        plan.add(name, _attribute(column, "set"), f"list_sort({values})")
    elif column.kind == "flag" or (column.kind == "category" and counts and counts.flags == counts.filled):
        plan.add(name, _attribute(column, "flag"), flag_sql(name, mapping))
    elif column.kind == "category":
        plan.add(name, _attribute(column, "category"), value_sql(name, mapping))
    elif column.kind == "date":
        attribute = _attribute(column, "number")
        days = {"name": f"days_since_{attribute.name}", "unit": "days"}
        label = f"Days since {attribute.label[:1].lower()}{attribute.label[1:]}" if attribute.label else ""
        plan.add(name, attribute.model_copy(update={**days, "label": label}), date_sql(name, mapping))
        plan.dated.add(f"days_since_{attribute.name}")
    else:
        plan.left_out[name] = why


def _is_number(name: str, column: Column, counts: _Counts | None) -> bool:
    """Whether a category is one for its few values only: all are numbers, and none a code by its name."""
    is_code = bool(_CODES & set(words_of(name)))
    return (
        column.kind == "category" and counts is not None and counts.filled == counts.numbers and not is_code
    )


def _attribute(column: Column, kind: AttributeKind) -> Attribute:
    return Attribute(
        name=column.attribute, kind=kind, label=column.label, unit=column.unit, domain=column.domain
    )


def column_type(kind: AttributeKind) -> str:
    """The type of the cells of such an attribute, in SQL."""
    return {"number": "DOUBLE", "flag": "VARCHAR", "category": "VARCHAR", "set": "VARCHAR[]"}[kind]


def days_before_sql(days: str, moment: str) -> str:
    """Days from a date, in days since 1970-01-01, to the moment; NULL for a date that comes after it."""
    gap = f"(epoch({moment}) / 86400.0 - {days})"
    return f"CASE WHEN {gap} >= 0 THEN {gap} END"


def moment_sql(moment: object) -> str:
    """A time as SQL."""
    return f"CAST({text_sql(str(moment))} AS TIMESTAMP)"
