"""A first mapping for a source that nobody has mapped yet, from its names and values."""

from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from store.errors import BadMapping
from store.population.domains import CONTACT_DOMAINS
from store.population.mapping.contacts import (
    addresses,
    holds_digests,
    identifier,
    is_secret,
    name_field,
    person_id_order,
)
from store.population.mapping.model import CLUSTERED, MISSING, Column, Mapping, attribute_name
from store.population.mapping.profile import ColumnProfile, Sample
from store.population.mapping.supervised import supervised_bins
from store.population.mapping.traits import categorical, place_columns, repeats, trait
from store.population.mapping.vocabulary import label_of_words, sensitive_of, spaced
from store.population.source.opening import Source
from store.population.source.problems import MANY, Problem, find_problems

SAMPLE_ROWS = 50_000
CONTACTS = 3  # of one type that a person may have
# What other programs write for "no value"; taken as missing where all the rest are numbers.
_MARKS = {
    "?",
    "-",
    "--",
    ".",
    "n/a",
    "na",
    "N.A.",
    "n.a.",
    "#N/A",
    "#NULL!",
    "(null)",
    "(blank)",
    "\\N",
    "none",
    "nil",
    "missing",
    "Infinity",
    "-Infinity",
    "inf",
    "-inf",
}


@dataclass(frozen=True)
class Outcome:
    """A column and the value of it that says who had the outcome."""

    column: str
    value: str


@dataclass
class Proposal:
    """A mapping to start from, and what a person should know or decide about it."""

    mapping: Mapping
    notes: list[str] = field(default_factory=list)


def propose_mapping(source: Source, *, sample_rows: int = SAMPLE_ROWS) -> Mapping:
    """The mapping that `propose` gives, without its notes."""
    return propose(source, sample_rows=sample_rows).mapping


def propose(source: Source, *, sample_rows: int = SAMPLE_ROWS, bins_by: Outcome | None = None) -> Proposal:
    """A mapping that every cell of the source fits, and notes on what was left out or is in doubt.

    Kinds come from about `sample_rows` evenly spread rows, and are then held against all of them. With
    `bins_by`, ranges of numbers are those that tell the outcome best. Raises BadMapping when the rows do
    not hold both people who had it and people who had not.
    """
    with closing(Sample(source, sample_rows)) as sample:
        profiles = sample.profiles()
        notes: list[str] = []
        marks = _missing_marks(profiles, sample, notes)
        columns = _identifying(source, profiles, notes)
        for name, profile in profiles.items():
            if name not in columns:
                columns[name] = trait(profile, sample, notes)
        if bins_by:
            _cut_by(bins_by, sample, columns, notes)
        mapping = _named(columns, profiles, [*MISSING, *marks])
        _held_to_source(source, mapping, profiles, notes)
    notes += _to_decide(mapping)
    if not mapping.of_kind(*CLUSTERED):
        notes.append("No column would become clusters: give at least one a kind that does.")
    return Proposal(mapping, notes)


def _cut_by(outcome: Outcome, sample: Sample, columns: dict[str, Column], notes: list[str]) -> None:
    """Ranges that tell the outcome best, for numbers where any cut tells it better than none."""
    _refuse_outcome(outcome, sample)
    told = f'"{outcome.column}" = {outcome.value}'
    cut, kept = [], []
    for name, column in columns.items():
        if column.kind == "number" and name != outcome.column:
            bins = supervised_bins(*sample.numbers_by(name, outcome.column, outcome.value))
            (cut if bins else kept).append(f'"{name}"')
            column.bins = bins or column.bins
    if cut:
        notes.append(
            f"The ranges of {', '.join(cut)} were chosen with the outcome {told} in view: what is found of it"
            " by them among the same rows looks stronger than it is."
        )
    if kept:
        notes.append(f"{', '.join(kept)}: no cut tells {told} better than none; the ranges are plain ones.")


def _refuse_outcome(outcome: Outcome, sample: Sample) -> None:
    if outcome.column not in sample.types:
        raise BadMapping(
            "The source has no such column",
            where=f'column "{outcome.column}"',
            instead="Give one of its own.",
        )
    if sample.types[outcome.column] == "list":
        raise BadMapping(
            "A list is no outcome",
            where=f'column "{outcome.column}"',
            instead="Give a column of single values.",
        )
    having = sample.having(outcome.column, outcome.value)
    if not np.any(having) or np.all(having):
        raise BadMapping(
            f"{'Everybody' if np.any(having) else 'Nobody'} has the outcome in the rows that were looked at",
            where=f'column "{outcome.column}"',
            instead="Give the value as the file writes it, in upper and lower case too.",
        )


def _to_decide(mapping: Mapping) -> list[str]:
    """What a person should look at: outcomes and sensitive columns are only guessed from names."""
    notes = [f'"{name}" is taken for an outcome, never for a trait.' for name in mapping.of_kind("outcome")]
    return notes + [
        f'"{name}" is marked as sensitive ({column.sensitive}).'
        for name, column in mapping.columns.items()
        if column.sensitive
    ]


def _missing_marks(profiles: dict[str, ColumnProfile], sample: Sample, notes: list[str]) -> list[str]:
    """Marks for missing values in columns that are numbers otherwise; their profiles forget them."""
    found: dict[str, None] = {}
    for name, profile in profiles.items():
        if profile.is_text or profile.type == "list" or profile.numbers == profile.filled:
            continue
        others = sample.not_numbers(name, len(_MARKS) + 1)
        if set(others) <= _MARKS:
            found.update(dict.fromkeys(others))
            profile.filled, profile.distinct = profile.numbers, profile.distinct - len(others)
            profile.values = [value for value in profile.values if value not in others]
            notes.append(f'"{name}" holds marks of missing values ({", ".join(others)}): added to `missing`.')
        else:
            notes.append(
                f'"{name}" is mostly numbers, but not all: correct those cells or add their marks to'
                " `missing` to use it as a number."
            )
    return list(found)


def _identifying(source: Source, profiles: dict[str, ColumnProfile], notes: list[str]) -> dict[str, Column]:
    """The columns that say who or where somebody is, and those that must not be kept."""
    columns: dict[str, Column] = {}
    for name, profile in profiles.items():
        if is_secret(profile) or holds_digests(profile):
            why = (
                "holds hashes; identifiers are needed as they are"
                if holds_digests(profile)
                else "is a secret"
            )
            notes.append(f'"{name}" is left out: it {why}.')
            columns[name] = Column(kind="ignore")
    open_ones = {name: profile for name, profile in profiles.items() if name not in columns}
    columns |= addresses(open_ones.values()) | place_columns(open_ones)
    person = _person_id(source, open_ones)
    if person:
        columns[person] = Column(kind="person_id", domain="id")
    for name, profile in open_ones.items():
        found = None if name in columns else identifier(profile) or name_field(profile)
        if found:
            columns[name] = found
    _leave_out_fourth(columns, notes)
    return columns


def _person_id(source: Source, profiles: dict[str, ColumnProfile]) -> str:
    """The likeliest column whose numbers no two rows of the whole source share; blank for none."""
    for name in person_id_order(profiles.values()):
        if not find_problems(source, Mapping(columns={name: Column(kind="person_id")})):
            return name
    return ""


def _leave_out_fourth(columns: dict[str, Column], notes: list[str]) -> None:
    counts: dict[str, int] = {}
    for name, column in columns.items():
        if column.kind == "identifier" and not column.part:
            kind = str(column.identifier)
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] > CONTACTS:
                notes.append(f'"{name}" is left out: a person has {CONTACTS} of the type {kind} at most.')
                columns[name] = Column(kind="ignore")


def _named(columns: dict[str, Column], profiles: dict[str, ColumnProfile], missing: list[str]) -> Mapping:
    """The columns in the source's order, with attributes of their own, labels and sensitive marks."""
    taken: set[str] = set()
    for name, profile in profiles.items():
        column = columns[name]
        if column.kind == "ignore":
            continue
        column.attribute = _free(attribute_name(spaced(name)) or "column", taken)
        taken.add(column.attribute)
        column.label = label_of_words(name)
        if column.kind in CLUSTERED and column.domain not in CONTACT_DOMAINS:
            column.sensitive = sensitive_of(profile.words)
    return Mapping(missing=missing, columns={name: columns[name] for name in profiles})


def _free(attribute: str, taken: set[str]) -> str:
    others = (f"{attribute}_{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (attribute, *others) if name not in taken)


def _held_to_source(
    source: Source, mapping: Mapping, profiles: dict[str, ColumnProfile], notes: list[str]
) -> None:
    """Give columns another kind until no cell of the whole source is a problem: the sample missed some."""
    while problems := find_problems(source, mapping):
        for problem in problems:
            column = mapping.columns[problem.column]
            kind = column.kind
            _step_down(column, problem, profiles[problem.column])
            if column.kind != kind:
                notes.append(
                    f'"{problem.column}" is `{column.kind}`, not `{kind}`:'
                    f" {problem.cells:,} cells are {problem.says}."
                )
        if not (mapping.of_kind("latitude") and mapping.of_kind("longitude")):
            for column in mapping.of_kind("latitude", "longitude").values():
                column.kind = "field"


def _step_down(column: Column, problem: Problem, profile: ColumnProfile) -> None:
    """The next kind that asks less of the cells."""
    fits = problem.says != MANY and column.kind in ("number", "flag") and repeats(profile)
    column.kind = "category" if fits else "field"
    column.values = categorical(profile).values if fits else {}
    column.bins, column.unit, column.format = [], "", ""
    column.sensitive = column.sensitive if fits else None
