"""What does a file of leads say, in the columns that the profile reads?"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from store.accounts.account_features import account_features
from store.customer_file import read_customers
from store.errors import BadFile, BadInput
from store.feature_file import FeatureFile, read_features
from store.features import UNKNOWN, Feature, FeatureKind, FeatureTable, category, sets
from store.text_columns import read_texts
from store.workspace import Workspace
from tools.identity.matching import Group
from tools.profiles.matching.columns import kind_of, recognised
from tools.scoring.leads.against import columns_of
from tools.scoring.leads.given import Leads, leads_of_file, leads_of_identifiers, leads_of_persons
from tools.scoring.learned import Scorer

BETWEEN = (";", "|")  # the values of a cell that holds several


def read_leads(workspace: Workspace, path: Path, scorer: Scorer, memory_limit: str = "1GB") -> Leads:
    """The rows of a CSV, Parquet or JSON Lines file as leads.

    By the file's own columns; where it lacks some that the profile reads, by what an export of accounts says
    under other names; then by what the population knows of a row's person. A column of another kind than the
    profile's is read as that kind, or left out and told. Where nothing of that is among what the profile
    reads, identifiers of any kind are resolved, and the leads are the people they lead to.
    Raises BadFile and BadInput as reading does.
    """
    kinds = columns_of(scorer)
    file = read_features(path, moment=workspace.now(), memory_limit=memory_limit)
    if scorer.profile is not None:
        file = replace(file, table=_with_texts(path, file, memory_limit))
    table, notes = in_kinds(file.table, kinds)
    lacking = [name for name in kinds if table.find(name) is None]
    if lacking and (more := _of_accounts(path, workspace, lacking, table.rows)):
        table = table.beside(*in_kinds(more, kinds)[0].features)
        notes.append(f"Read as an export of accounts: {', '.join(more.names)}.")
    noted = [*file.notes, *notes] if table.names else []
    leads = leads_of_file(workspace, replace(file, table=table, notes=noted))
    reads_something = set(kinds) & set(leads.table.names) or (scorer.profile and recognised(leads.table))
    if reads_something or not workspace.warehouse.exists:
        return leads
    return _identified(workspace, path) or leads


def _with_texts(path: Path, file: FeatureFile, memory_limit: str) -> FeatureTable:
    """The file's columns with those that a written profile reads whatever they hold.

    A column of titles or cities has too many values to learn from, and yet each can be held against a
    profile.
    """
    lacking = [name for name in file.left_out if kind_of(name)]
    texts = read_texts(path, lacking, memory_limit=memory_limit) if lacking else {}
    return file.table.beside(*(category(name, values) for name, values in texts.items()))


def _identified(workspace: Workspace, path: Path) -> Leads | None:
    """The people to whom the identifiers of the file belong; None where it has none."""
    try:
        found = read_customers(path)
    except BadFile:
        return None
    if not found.groups:
        return leads_of_persons(workspace, found.person_ids)
    return leads_of_identifiers(workspace, [Group(*group) for group in found.groups])


def _of_accounts(path: Path, workspace: Workspace, lacking: list[str], rows: int) -> FeatureTable | None:
    """Those of the columns that are lacking which the file has under the names that a CRM gives them."""
    try:
        found = account_features([path], workspace.now().date()).table.only(lacking)
    except BadInput:  # it is no file of accounts
        return None
    return found if found.rows == rows and found.names else None


def in_kinds(table: FeatureTable, kinds: Mapping[str, FeatureKind]) -> tuple[FeatureTable, list[str]]:
    """The table with its columns of the kinds that are wanted, and what is said of those that cannot be."""
    columns, notes = [], []
    for feature in table.features:
        wanted = kinds.get(feature.name, feature.kind)
        changed = feature if feature.kind == wanted else _as_kind(feature, wanted)
        if changed is None:
            notes.append(f"`{feature.name}` is of the kind {feature.kind}, not {wanted}: it is left out.")
        else:
            columns.append(changed)
    return FeatureTable(table.rows, tuple(columns)), notes


def _as_kind(feature: Feature, wanted: FeatureKind) -> Feature | None:
    if feature.kind == "category" and wanted == "set":
        return _split(feature)
    if feature.kind == "number" and wanted == "category":
        return _named(feature)
    return None


def _split(feature: Feature) -> Feature:
    """Cells with several values between marks, as sets."""
    parts = [_parts(level) for level in feature.levels]
    told = [parts[code] if code != UNKNOWN else [] for code in feature.values.tolist()]
    return sets(feature.name, told, label=feature.label, domain=feature.domain)


def _parts(text: str) -> list[str]:
    for mark in BETWEEN[1:]:
        text = text.replace(mark, BETWEEN[0])
    return [part.strip() for part in text.split(BETWEEN[0]) if part.strip()]


def _named(feature: Feature) -> Feature:
    """Numbers that stand for something, as their names."""
    values, codes = np.unique(feature.values, return_inverse=True)
    levels = tuple(f"{value:g}" for value in values.tolist() if not np.isnan(value))
    told = np.where(np.isnan(feature.values), UNKNOWN, codes).astype(np.int32)
    return replace(feature, kind="category", values=told, levels=levels, unit="")
