"""Outcome records as another program sends them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import duckdb
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadInput
from store.outcomes.columns import Attribute, AttributeKind
from store.outcomes.intake.staging import Staged
from store.outcomes.merging import merged_kind
from store.outcomes.outcome_table import OutcomeKind, UnitKind
from store.outcomes.shapes.plain import PLAIN
from store.outcomes.shapes.shape import ROLES, Role
from store.population.mapping.model import attribute_name
from store.population.mapping.vocabulary import domain_of, label_of_words, spaced, words_of

Word = Annotated[str, Field(min_length=1, max_length=200)]
Value = (
    bool | Annotated[float, Field(allow_inf_nan=False)] | Word | Annotated[list[Word], Field(max_length=200)]
)
MOST_RECORDS = 10_000


class OutcomeRecord(BaseModel):
    """What came of one deal."""

    model_config = ConfigDict(extra="forbid")

    outcome: OutcomeKind
    decided_at: date | None = Field(default=None, description="The day of the decision; none of an open one.")
    opened_at: date | None = None
    unit_id: Word | None = Field(default=None, description="The account or person, as the house numbers it.")
    email: Word | None = Field(
        default=None, description="Stands for the person who has it in the population; it is not kept."
    )
    record_id: Word | None = Field(
        default=None, description="A later record of the same id takes this one's place."
    )
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    reasons: list[Word] = Field(default_factory=list, max_length=50)
    products: list[Word] = Field(default_factory=list, max_length=200)
    last_activity: date | None = None
    attributes: dict[Word, Value] = Field(
        default_factory=dict,
        max_length=500,
        description="What was known of the account or person when the deal was opened; nothing known later.",
    )


def staged_records(
    connection: duckdb.DuckDBPyConnection, records: Sequence[OutcomeRecord], unit: UnitKind
) -> Staged:
    """The records as staged rows, numbered from 1. Raises BadInput where two attributes have one name."""
    roles = {role: [_cell(record, role, unit) for record in records] for role in ROLES}
    columns = {"source_row": pa.array(range(1, len(records) + 1), pa.int64())}
    columns |= {f"r_{role}": pa.array(cells, pa.string()) for role, cells in roles.items()}
    attributes, cells = _attributes(records)
    columns |= {f"a:{name}": array for name, array in cells.items()}
    connection.register("given", pa.table(columns))
    connection.execute("CREATE TEMP TABLE raw AS SELECT * FROM given")
    connection.unregister("given")
    told: dict[Role, str] = {role: role for role in ROLES if any(cell is not None for cell in roles[role])}
    return Staged(connection, len(records), PLAIN, told, attributes)


def _cell(record: OutcomeRecord, role: Role, unit: UnitKind) -> str | None:
    if role in ("account_id", "person_id"):
        return record.unit_id if role == f"{unit}_id" else None
    if role in ("reason", "products"):
        values = record.reasons if role == "reason" else record.products
        return "|".join(values) or None
    value = getattr(record, role, None)
    return None if value is None else str(value)


def _attributes(records: Sequence[OutcomeRecord]) -> tuple[list[Attribute], dict[str, pa.Array]]:
    names: dict[str, str] = {}  # attribute -> as it was written
    kinds: dict[str, AttributeKind] = {}
    values: dict[str, list[Value | None]] = {}
    for at, record in enumerate(records):
        for written, value in record.attributes.items():
            name = attribute_name(spaced(written))
            if not name or names.setdefault(name, written) != written:
                raise BadInput(
                    "An attribute's name is blank, or two of them differ only in case and punctuation",
                    where=f"records[{at}].attributes",
                    instead="Give each attribute one name.",
                )
            kinds[name] = merged_kind(kinds.get(name, _kind(value)), _kind(value))
            values.setdefault(name, [None] * len(records))[at] = value
    attributes = [
        Attribute(
            name=name,
            kind=kinds[name],
            label=label_of_words(names[name]),
            domain=domain_of(words_of(names[name])),
        )
        for name in sorted(names)
    ]
    return attributes, {name: _array(values[name], kinds[name]) for name in sorted(names)}


def _kind(value: Value) -> AttributeKind:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, list):
        return "set"
    return "category" if isinstance(value, str) else "number"


def _array(values: Sequence[Value | None], kind: AttributeKind) -> pa.Array:
    if kind == "number":
        return pa.array([None if value is None else float(value) for value in values], pa.float64())  # type: ignore[arg-type]  # numbers and flags only
    if kind == "set":
        lists = [
            value if isinstance(value, list) else [_word(value)] for value in values if value is not None
        ]
        told = iter(lists)
        rows = [None if value is None else sorted(set(next(told))) for value in values]
        return pa.array(rows, pa.list_(pa.string()))
    return pa.array([None if value is None else _word(value) for value in values], pa.string())


def _word(value: Value) -> str:
    """A single value as text, as the ledger writes it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
