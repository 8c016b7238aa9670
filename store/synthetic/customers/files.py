"""How does a customer file come about? Rows of the persons drawn, typed carelessly, repeated and shuffled."""

import csv
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from store.identifiers.email import normalise_email
from store.synthetic.customers.lottery import SegmentWinners
from store.synthetic.customers.plan import IDENTIFIER_CELLS, CellKind, CustomerFile
from store.synthetic.customers.truth import FileTruth, LostIdentifier, PlantedSegment, Typo
from store.synthetic.customers.typos import Cell, typed_address, typed_digest, typed_email, typed_phone

REPEATED_SHARE, NOBODY_SHARE, BLANK_SHARE, SECOND_EMAIL_SHARE = 0.05, 0.03, 0.06, 0.15
BACKGROUND_SPEND_USD = 110.0

Contact = dict[str, str | None]


@dataclass(frozen=True)
class Winners:
    """The persons of a customer file, by segment, and those of no segment; `contacts` has them all."""

    file: CustomerFile
    segments: list[SegmentWinners]
    background: np.ndarray
    contacts: dict[int, Contact]

    def spend(self) -> dict[int, float]:
        """What each person spends at the median."""
        of_segment = {
            int(person): drawn.segment.spend_usd for drawn in self.segments for person in drawn.person_ids
        }
        return {int(person): BACKGROUND_SPEND_USD for person in self.background} | of_segment


def write_customers(rng: np.random.Generator, winners: Winners, folder: Path) -> FileTruth:
    """Write the CSV of these customers and return the answers to it."""
    spend = winners.spend()
    persons = _shuffled(rng, list(spend))
    rows = [
        _row(rng, winners.file, winners.contacts.get(person or 0, {}), spend.get(person or 0))
        for person in persons
    ]
    path = folder / f"{winners.file.name}.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(winners.file.columns)
        writer.writerows([cell.text for cell in row] for row in rows)
    return _truth(winners, persons, rows, f"{folder.name}/{path.name}")


def _shuffled(rng: np.random.Generator, persons: list[int]) -> list[int | None]:
    """These persons in random order, some twice, with some rows of nobody."""
    again = [persons[i] for i in rng.integers(0, max(len(persons), 1), round(REPEATED_SHARE * len(persons)))]
    everybody: list[int | None] = [*persons, *again, *([None] * round(NOBODY_SHARE * len(persons)))]
    return [everybody[i] for i in rng.permutation(len(everybody))]


def _row(rng: np.random.Generator, file: CustomerFile, contact: Contact, spend: float | None) -> list[Cell]:
    median = BACKGROUND_SPEND_USD if spend is None else spend
    spent = median * float(np.exp(rng.normal(0, 0.6)))
    source = contact or _nobody(rng)
    # The same person in every cell of the row: the second address is for the whole row.
    if source.get("email2") and rng.random() < SECOND_EMAIL_SHARE:
        source = source | {"email1": source["email2"]}
    cells = [_cell(rng, kind, source, spent, median) for kind in file.columns.values()]
    return _with_blanks(rng, list(file.columns.values()), cells)


def _cell(rng: np.random.Generator, kind: CellKind, contact: Contact, spent: float, median: float) -> Cell:
    if kind == "spend":
        return Cell(f"{spent:.2f}")
    if kind == "orders":
        return Cell(str(1 + rng.poisson(3 * spent / median)))
    text = contact.get(_SOURCES.get(kind, kind))
    return _TYPED[kind](rng, text) if text else Cell("")


def _with_blanks(rng: np.random.Generator, kinds: list[CellKind], cells: list[Cell]) -> list[Cell]:
    """Some identifiers left out, never the last one of a row."""
    for place, kind in enumerate(kinds):
        filled = [i for i, other in enumerate(kinds) if other in IDENTIFIER_CELLS and cells[i].text]
        if kind in IDENTIFIER_CELLS and len(filled) > 1 and rng.random() < BLANK_SHARE:
            cells[place] = Cell("")
    return cells


def _nobody(rng: np.random.Generator) -> Contact:
    """Identifiers that no generated person can have: see columns.identifiers and draws.places."""
    number = int(rng.integers(10_000, 1_000_000))
    return {
        "email1": f"visitor{number}@example.org",
        "phone1": f"5550{number:06d}",
        "address": f"{number} Nowhere Rd, San Francisco, CA 94105",
        "maid": str(uuid.UUID(bytes=rng.bytes(16), version=4)),
        "first_name": "Alex",
        "last_name": "Visitor",
        "state": "CA",
    }


def _digest_cell(algorithm: str) -> Callable[[np.random.Generator, str], Cell]:
    def cell(rng: np.random.Generator, address: str) -> Cell:
        return typed_digest(rng, hashlib.new(algorithm, normalise_email(address).encode()).hexdigest())

    return cell


def _as_is(_: np.random.Generator, text: str) -> Cell:
    return Cell(text)


_SOURCES = {"email": "email1", "email_sha256": "email1", "email_md5": "email1", "phone": "phone1"}
_TYPED: dict[CellKind, Callable[[np.random.Generator, str], Cell]] = {
    "email": typed_email,
    "phone": typed_phone,
    "address": typed_address,
    "maid": _as_is,
    "email_sha256": _digest_cell("sha256"),
    "email_md5": _digest_cell("md5"),
    "first_name": _as_is,
    "last_name": _as_is,
    "state": _as_is,
}


def _truth(winners: Winners, persons: list[int | None], rows: list[list[Cell]], file: str) -> FileTruth:
    headings = list(winners.file.columns)
    places = [i for i, kind in enumerate(winners.file.columns.values()) if kind in IDENTIFIER_CELLS]
    lost = [
        [i for i in places if row[i].text and (row[i].is_lost or person is None)]
        for row, person in zip(rows, persons, strict=True)
    ]
    filled = [sum(bool(row[i].text) for i in places) for row in rows]
    return FileTruth(
        file=file,
        rows=len(rows),
        customers=len(set(persons) - {None}),
        is_random=not winners.file.segments,
        segments=_planted(winners),
        background_person_ids=winners.background.tolist(),
        row_person_ids=persons,
        typos=[
            Typo(row=number, column=headings[i], kind=cell.kind, is_lost=cell.is_lost)
            for number, row in enumerate(rows)
            for i, cell in enumerate(row)
            if cell.kind
        ],
        unresolvable_identifiers=[
            LostIdentifier(row=number, column=headings[i]) for number, those in enumerate(lost) for i in those
        ],
        unresolvable_rows=[number for number, those in enumerate(lost) if len(those) == filled[number]],
    )


def _planted(winners: Winners) -> list[PlantedSegment]:
    customers = len(winners.background) + sum(len(drawn.person_ids) for drawn in winners.segments)
    return [
        PlantedSegment(
            name=drawn.segment.name,
            traits=dict(drawn.segment.traits),
            trait_shares=drawn.trait_shares,
            share=len(drawn.person_ids) / max(customers, 1),
            size=len(drawn.person_ids),
            person_ids=drawn.person_ids.tolist(),
        )
        for drawn in winners.segments
    ]
