"""What is known of accounts, as columns that models learn from."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from store.accounts.account_file import AccountOptions, opened_accounts
from store.accounts.committees.features import COMMITTEE
from store.accounts.derived import DERIVED_OF
from store.accounts.enrichment import Enriched
from store.accounts.meanings import MEANING_OF
from store.accounts.rows import table_of
from store.features import Feature, FeatureTable
from store.population.source.engine import name_sql

_YES_NO = ("No", "Yes")
_MOST_LEVELS = 1_000  # of a plain column: with more it is free text


@dataclass(frozen=True)
class AccountFeatures:
    """Accounts as a table of features; `ids` are the account ids of its rows, as the file has them."""

    ids: list[str]
    table: FeatureTable


def account_features(
    files: Sequence[Path], as_of: date, options: AccountOptions | None = None
) -> AccountFeatures:
    """The columns of accounts that have a meaning or are derived, as of a day, in the order of the file.

    Their domains are firmographic, technographic, behavioural or intent. Dates are told as the days since
    them, which are derived; names, websites and ids are left out. Raises BadFile as reading does.
    """
    with opened_accounts(files, as_of, options) as opened:
        return features_of(opened.enriched)


def features_of(enriched: Enriched) -> AccountFeatures:
    """The features of accounts that are enriched already."""
    names = [name for name in enriched.columns if _group(name) and not _is_identity(name)]
    listed = ", ".join(name_sql(name) for name in ["account_id", *names])
    table = table_of(enriched.source, f"SELECT {listed} FROM {enriched.sql}")
    found = [feature for name in names if (feature := _feature(name, table.column(name).combine_chunks()))]
    return AccountFeatures(table.column("account_id").to_pylist(), FeatureTable(table.num_rows, tuple(found)))


def _is_identity(name: str) -> bool:
    return name in MEANING_OF and MEANING_OF[name].form in ("id", "name", "website", "date")


_COMMITTEE_OF = {each.name: each for each in COMMITTEE}


def _group(name: str) -> str:
    return next((table[name].group for table in (MEANING_OF, DERIVED_OF, _COMMITTEE_OF) if name in table), "")


def _feature(name: str, column: pa.Array) -> Feature | None:
    told = next(table[name] for table in (MEANING_OF, DERIVED_OF, _COMMITTEE_OF) if name in table)
    feature = _plain_feature(name, column)
    if feature.kind == "category" and len(feature.levels) > _MOST_LEVELS:
        return None
    return replace(
        feature, label=told.label, domain=told.group, unit=told.unit if feature.kind == "number" else ""
    )


def _plain_feature(name: str, column: pa.Array) -> Feature:
    if pa.types.is_floating(column.type):
        values = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
        return Feature(name, "number", np.array(values, dtype=np.float64))
    if pa.types.is_boolean(column.type):
        codes = pc.fill_null(pc.cast(column, pa.int32()), -1).to_numpy(zero_copy_only=False)
        return Feature(name, "category", codes.astype(np.int32), _YES_NO)
    if pa.types.is_list(column.type):
        codes, levels = _coded(column.flatten())
        lengths = pc.fill_null(pc.call_function("list_value_length", [column]), 0)
        starts = np.concatenate(([0], np.cumsum(lengths.to_numpy(zero_copy_only=False)))).astype(np.int64)
        return Feature(name, "set", codes, levels, starts)
    codes, levels = _coded(column)
    return Feature(name, "category", codes, levels)


def _coded(column: pa.Array) -> tuple[np.ndarray, tuple[str, ...]]:
    """The codes of the values into their sorted levels, int32, -1 where unknown."""
    coded = column.dictionary_encode()
    found = coded.dictionary.to_pylist()
    levels = sorted(found)
    place = {level: at for at, level in enumerate(levels)}
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return np.array([*(place[level] for level in found), -1], dtype=np.int32)[codes], tuple(levels)
