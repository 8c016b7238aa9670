"""What is known of each user, as models and features read it? The users of a load, column by column."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.errors import BadFile
from store.events.window import Windows
from store.features import UNKNOWN, Feature, FeatureTable

DOMAIN = "behavioural"
DAYS_UNIT = "days since 1970-01-01"
# name -> unit; revenue and prices are in USD, or in the property's own money where it was read so.
NUMBERS = {
    "days_active": "days",
    "sessions": "",
    "events": "",
    "page_views": "",
    "pages_per_session": "",
    "engagement_seconds": "seconds",
    "mean_engagement_seconds": "seconds a session",
    "age_days": "days",
    "purchases": "",
    "revenue": "money",
    "order_value": "money",
    "categories_seen": "",
    "products_viewed": "",
    "products_added": "",
    "products_purchased": "",
    "mean_price": "money",
}
DATES = ("first_day", "last_day", "first_purchase_day", "last_purchase_day")
TIMES = ("first_activity_at", "last_activity_at", "first_seen_at")  # days, with their fractions
CATEGORIES = (
    "device",
    "operating_system",
    "browser",
    "country",
    "region",
    "city",
    "first_source",
    "first_medium",
    "user_type",
    "plan",
    "top_category",
)
TARGETS = {"target_purchases": "", "target_revenue": "money", "target_purchased": ""}
MICROS_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class UserTable:
    """The users of a load in the order of their ids, and apart from what they did what came of it.

    `features`: the columns of NUMBERS, DATES, TIMES, CATEGORIES and the set `product_categories`, up to the
    cut-off. `targets`: those of TARGETS, of the days after it; unknown where no target was counted. They
    are two tables, so that no model learns from its own target.
    """

    ids: np.ndarray  # str
    features: FeatureTable
    targets: FeatureTable
    windows: Windows
    currency: str = ""  # USD, or blank for the property's own

    def __len__(self) -> int:
        return len(self.ids)


def read_users(path: Path, windows: Windows, currency: str = "") -> UserTable:
    """The users of a Parquet file that a load wrote. Raises BadFile for another file."""
    try:
        table = pq.read_table(path)
        columns = {name: table.column(name).combine_chunks() for name in table.column_names}
        numbers = [_number(name, columns[name], _unit(unit, currency)) for name, unit in NUMBERS.items()]
        dates = [_number(name, columns[name].cast(pa.int32()), DAYS_UNIT) for name in DATES]
        times = [_time(name, columns[name]) for name in TIMES]
        categories = [_category(name, columns[name]) for name in CATEGORIES]
        targets = [_number(name, columns[name], _unit(unit, currency)) for name, unit in TARGETS.items()]
        kinds = _set("product_categories", columns["categories"])
        ids = columns["user_key"].to_numpy(zero_copy_only=False).astype(str)
    except (KeyError, OSError, pa.ArrowException):
        raise BadFile(
            "This is not the table of users of a load of events", where=str(path), instead="Load them again."
        ) from None
    features = (*numbers, *dates, *times, *categories, kinds)
    return UserTable(
        ids, FeatureTable(len(ids), features), FeatureTable(len(ids), tuple(targets)), windows, currency
    )


def _unit(unit: str, currency: str) -> str:
    return currency if unit == "money" else unit


def _number(name: str, values: pa.Array, unit: str) -> Feature:
    # pyarrow gives NaN for null only where it casts first.
    told = pc.fill_null(values.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False)
    return Feature(name, "number", told, unit=unit, domain=DOMAIN)


def _time(name: str, values: pa.Array) -> Feature:
    told = _number(name, values, DAYS_UNIT)
    return replace(told, values=told.values / MICROS_A_DAY)


def _category(name: str, values: pa.Array) -> Feature:
    coded = values.cast(pa.string()).dictionary_encode()
    codes, levels = _sorted(coded)
    return Feature(name, "category", codes, levels, domain=DOMAIN)


def _set(name: str, values: pa.Array) -> Feature:
    lengths = pc.fill_null(values.value_lengths(), 0).to_numpy(zero_copy_only=False)
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    codes, levels = _sorted(values.flatten().cast(pa.string()).dictionary_encode())
    return Feature(name, "set", codes, levels, starts, domain=DOMAIN)


def _sorted(coded: pa.DictionaryArray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The codes in terms of the sorted levels, and those."""
    levels = np.array(coded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(levels) if len(levels) else np.empty(0, np.int64)
    rank = np.empty(len(levels) + 1, dtype=np.int32)
    rank[order], rank[-1] = np.arange(len(levels)), UNKNOWN
    codes = pc.fill_null(coded.indices, len(levels)).to_numpy(zero_copy_only=False)
    return rank[codes], tuple(levels[order].tolist())
