"""How are accounts kept in a population? A mapping proposed from what their columns mean."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from dataclasses import dataclass

import numpy as np

from store.accounts.committees.features import COMMITTEE
from store.accounts.derived import DERIVED, Derived
from store.accounts.enrichment import PERSON_ID, Enriched
from store.accounts.meanings import MEANINGS, Form
from store.accounts.rows import one_row, table_of
from store.population.domains import Domain
from store.population.mapping import Column, Mapping, Proposal, propose
from store.population.mapping.bins import sensible_bins
from store.population.mapping.model import MISSING
from store.population.mapping.periods import sensible_periods
from store.population.source import Source
from store.population.source.engine import name_sql

_WEBSITE_QUALITY = 0.9  # several accounts of one house share a website
_MOST_IDS = 3  # of one row


@dataclass(frozen=True)
class _Words:
    """How a column that has a meaning is told."""

    form: Form
    domain: Domain
    label: str
    phrase: str
    unit: str


_TOLD: dict[str, _Words] = {
    each.name: _Words(
        "number" if isinstance(each, Derived) else each.form, each.domain, each.label, each.phrase, each.unit
    )
    for each in (*MEANINGS, *DERIVED, *COMMITTEE)
}


def account_mapping(source: Source, enriched: Enriched) -> Proposal:
    """A mapping of the enriched accounts, which `source` reads, and notes on what was left out.

    Recognised and derived columns get their own labels, phrases, domains and ranges; the others what
    every mapping proposes for them. The account's number is the person id; its id, website and an id in
    another system are identifiers of the type id.
    """
    proposal = propose(source)
    columns = dict(proposal.mapping.columns)
    for name in enriched.columns:
        if name in _TOLD:
            columns[name] = _told(source, name, columns[name])
    columns |= _identity(enriched)
    known = {*_TOLD, PERSON_ID, "account_id"}
    notes = [note for note in proposal.notes if not any(note.startswith(f'"{name}"') for name in known)]
    left = [name for name, column in columns.items() if name in _TOLD and column.kind == "ignore"]
    if left:
        notes.append(f"Left out, since they do not vary: {', '.join(left)}.")
    order = ["account_id", PERSON_ID, *enriched.columns]
    return Proposal(
        Mapping(missing=list(MISSING), columns={name: columns[name] for name in order if name in columns}),
        notes,
    )


def _identity(enriched: Enriched) -> dict[str, Column]:
    found = {
        PERSON_ID: Column(kind="person_id", domain="id"),
        "account_id": Column(kind="identifier", identifier="id", domain="id", label="Account ID"),
    }
    more = [*(["account_domain"] if "account_domain" in enriched.known else []), *enriched.other_ids.values()]
    for at, name in enumerate(more):
        quality = _WEBSITE_QUALITY if name == "account_domain" else None
        found[name] = (
            Column(kind="identifier", identifier="id", domain="id", quality=quality)
            if at < _MOST_IDS - 1
            else Column(kind="field", domain="id")
        )
    if "account_name" in enriched.known:
        found["account_name"] = Column(kind="field", domain="name", label="Account")
    return found


def _told(source: Source, name: str, proposed: Column) -> Column:
    """The column as what it means: its kind and ranges from its form, its words from the table."""
    told = _TOLD[name]
    form, unit = told.form, told.unit
    words = {"attribute": name, "domain": told.domain, "label": told.label, "phrase": told.phrase}
    # One name that only some have does tell them apart, though a proposal calls it the same everywhere.
    if proposed.kind == "ignore" and not (form == "names" and _is_filled(source, name)):
        return proposed
    if form in ("number", "year", "scores"):
        bins = _bins(_numbers(source, f"CAST({name_sql(name)} AS DOUBLE)"), name, unit)
        return Column(kind="number", unit=unit, bins=bins, **words)  # type: ignore[arg-type]  # words of the table
    if form == "date":
        days = _numbers(source, f"CAST({name_sql(name)} - DATE '1970-01-01' AS DOUBLE)")
        return Column(kind="date", bins=sensible_periods(days), **words)  # type: ignore[arg-type]  # words are fields of a column
    if form in ("names", "flag"):
        return Column(kind="list" if form == "names" else "flag", **words)  # type: ignore[arg-type]  # words are fields of a column
    # Free text in a column of industries stays a field.
    return proposed.model_copy(update=words)


def _bins(values: np.ndarray, name: str, unit: str) -> list[float]:
    # Where there are few different values, each has a range of its own: 1, 2, 3 contacts.
    different = np.unique(values[np.isfinite(values)])
    if 1 < len(different) <= 6 and np.all(different == np.floor(different)):
        return [float(value) for value in different[1:]]
    return sensible_bins(values, name, unit)


def _is_filled(source: Source, name: str) -> bool:
    return one_row(source, f"SELECT count({name_sql(name)}) FROM {source.sql}") > (0,)


def _numbers(source: Source, sql: str) -> np.ndarray:
    column = table_of(source, f"SELECT {sql} AS value FROM {source.sql}").column("value").combine_chunks()
    return column.fill_null(np.nan).to_numpy(zero_copy_only=False)
