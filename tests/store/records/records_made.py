"""Rows of every table that the records have, made from what the table says of its columns."""

import importlib
import pkgutil
from datetime import UTC, datetime
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import JSON, Boolean, Column, Float, Integer
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel

import store.records
from store.records.tables import UtcTime
from store.records.tenancy import Owned

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def import_all_tables() -> None:
    """Every module of the records; a table is known when its module is."""
    for module in pkgutil.walk_packages(store.records.__path__, "store.records."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)


def owned_tables() -> list[type[Owned]]:
    """Every table of records that somebody owns, those that others refer to first."""
    import_all_tables()
    order = {table.name: at for at, table in enumerate(SQLModel.metadata.sorted_tables)}
    found = {each for each in _below(Owned) if hasattr(each, "__table__")}
    return sorted(found, key=lambda each: order[each.__table__.name])  # type: ignore[attr-defined]


def _below(kind: type[Owned]) -> set[type[Owned]]:
    return {kind}.union(*(_below(each) for each in kind.__subclasses__()))


def row(table: type[Owned], key: str, **more: Any) -> Owned:
    """A row whose texts are the key, so that rows of two keys meet in no unique column."""
    said = {
        column.name: _value(table, column, key)
        for column in mapper(table).local_table.columns  # type: ignore[attr-defined]
        if column.name != "organisation_id"
    }
    return table(**(said | more))


def _value(table: type[Owned], column: Column[Any], key: str) -> Any:
    if isinstance(column.type, UtcTime):
        return NOON
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, Float):
        return 1.0
    if isinstance(column.type, JSON):
        empty = table.model_fields[column.name].get_default(call_default_factory=True)
        return {} if empty is PydanticUndefined else empty
    return key


def mapper(table: type[Owned]) -> Mapper[Any]:
    return table.__mapper__  # type: ignore[attr-defined]


def key_of(record: Owned) -> Any:
    """The primary key of a row, as `Session.get` wants it."""
    found = mapper(type(record)).primary_key_from_instance(record)
    return found[0] if len(found) == 1 else tuple(found)
