"""A ledger's file as an outcome table, and the digest of all that it says."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from store.features import Feature, FeatureTable
from store.outcomes.columns import Attribute
from store.outcomes.encoding import encoded, numbers
from store.outcomes.outcome_table import OutcomeTable, UnitKind

_REASONS = Attribute(name="reasons", kind="set", label="Reasons")
_PRODUCTS = Attribute(name="products", kind="set", label="Products")


def read_rows(
    path: Path, attributes: Sequence[Attribute], unit: UnitKind, currency: str, currencies: int
) -> tuple[OutcomeTable, np.ndarray]:
    """All records of the file in its order, and whether each is of the unit.

    Amounts of another currency are NaN; one without a currency is in the only one there is.
    """
    words = [f"a:{each.name}" for each in attributes if each.kind in ("category", "flag")]
    table = pq.read_table(path, read_dictionary=[*words, "unit", "currency"])
    reasons, products = encoded([table], [_REASONS, _PRODUCTS])
    features = encoded([table], attributes, "a:")
    decided, opened = _days(table, "decided_at"), _days(table, "opened_at")
    amounts = numbers(table.column("amount").chunks)
    money = _texts(table, "currency")
    amounts[(money != currency) & ((money != "") | (currencies > 1))] = np.nan
    outcomes = OutcomeTable(
        unit,
        _texts(table, "record_id"),
        _texts(table, "unit_id"),
        table.column("outcome").to_numpy().astype(np.int8),
        decided,
        opened,
        amounts,
        _cycle(opened, decided),
        numbers(table.column("went_dark").chunks),
        reasons,
        products,
        FeatureTable(table.num_rows, tuple(features)),
        currency,
    )
    return outcomes, _texts(table, "unit") == unit


def _days(table: pa.Table, name: str) -> np.ndarray:
    return table.column(name).to_numpy().astype("datetime64[D]")


def _texts(table: pa.Table, name: str) -> np.ndarray:
    column = table.column(name).cast(pa.string()).fill_null("")
    return column.to_numpy().astype(np.str_)


def _cycle(opened: np.ndarray, decided: np.ndarray) -> np.ndarray:
    days = (decided - opened).astype(np.float64)
    days[np.isnat(decided) | np.isnat(opened)] = np.nan
    return days


def digest_of(path: Path, attributes: Sequence[Attribute]) -> str:
    """SHA-256 of all records in the file's order: of what they say, not of when it was loaded or from where.

    An attribute that nobody has any more does not count.
    """
    words = [f"a:{each.name}" for each in attributes if each.kind in ("category", "flag")]
    table = pq.read_table(path, read_dictionary=words)
    total = hashlib.sha256()
    columns: Mapping[str, np.ndarray] = {
        "decided_at": _days(table, "decided_at"),
        "opened_at": _days(table, "opened_at"),
        "outcome": table.column("outcome").to_numpy(),
        "amount": numbers(table.column("amount").chunks),
        "went_dark": numbers(table.column("went_dark").chunks),
    }
    for name in ("unit", "record_id", "unit_id", "currency"):
        _add(
            total, name, "\x1f".join(table.column(name).cast(pa.string()).fill_null("").to_pylist()).encode()
        )
    for name, values in columns.items():
        _add(total, name, np.ascontiguousarray(values).tobytes())
    features = encoded([table], attributes, "a:")
    kept = sorted((each for each in features if each.known().any()), key=lambda each: each.name)
    for feature in (*encoded([table], [_REASONS, _PRODUCTS]), *kept):
        _add_feature(total, feature)
    return total.hexdigest()


def _add_feature(total: Any, feature: Feature) -> None:
    _add(total, f"{feature.name} {feature.kind}", "\x1f".join(feature.levels).encode())
    values = feature.values + 0.0 if feature.kind == "number" else feature.values  # -0.0 says what 0.0 says
    _add(total, "values", values.tobytes())
    if feature.starts is not None:
        _add(total, "starts", feature.starts.tobytes())


def _add(total: Any, name: str, content: bytes) -> None:
    # With its length before it, no content can pass for the end of one and the beginning of the next.
    total.update(f"{name} {len(content)}\n".encode())
    total.update(content)
