"""What is said of a platform: its columns, how they are made of contacts, and its limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from tools.activation.contacts import Contacts
from tools.activation.forms import Texts, each, remembered, sha256

PlatformName = Literal[
    "google_customer_match", "meta", "linkedin", "tiktok", "hubspot", "salesforce", "plain"
]
PLATFORM_NAMES: tuple[PlatformName, ...] = get_args(PlatformName)
Kind = Literal["email", "phone", "name", "address", "maid", "work", "id"]
Value = tuple[str, Kind]  # a list of Contacts, by name, and the kind of column it is in
MB = 1_000_000
EMAIL: Value = ("email", "email")
PHONE: Value = ("phone", "phone")
FIRST: Value = ("first_name", "name")
LAST: Value = ("last_name", "name")


@dataclass(frozen=True)
class Column:
    """One column of a file: its header, the kind of value, and how it is made of contacts."""

    header: str
    kind: Kind
    values: Callable[[Contacts], Texts]
    slot: int = 0  # 1..3: a person's first, second or third value of this kind

    @property
    def slot_name(self) -> str:
        """Under which name the population keeps the slot."""
        return f"{self.kind}{self.slot}"


@dataclass(frozen=True)
class Platform:
    """One kind of file. most_rows and most_bytes: of one file; None where the platform names no limit."""

    name: PlatformName
    title: str
    columns: tuple[Column, ...]
    matchable: tuple[tuple[Value, ...], ...]  # any of these sets of values, all of a set
    minimum: int
    minimum_of: str
    most_rows: int | None
    most_bytes: int | None
    advertises: bool  # whether the file is matched for advertising, and not imported into a CRM
    carries: bool  # whether more attributes may stand in the file
    sources: tuple[str, ...]


def hashed(form: Callable[[str], str | None] | None = None) -> Callable[[str], str | None]:
    """SHA-256, in hexadecimal, of the form of a value."""
    if form is None:
        return sha256
    return lambda value: sha256(normal) if (normal := form(value)) else None


def slots(header: str, kind: Kind, form: Callable[[str], str | None], most: int = 3) -> tuple[Column, ...]:
    """A column for each of the first so many e-mails or phones, all under one header.

    A file has those that the population has; the first one always.
    """

    def of(slot: int) -> Callable[[Contacts], Texts]:
        return lambda people: each((people.emails if kind == "email" else people.phones)[slot], form)

    return tuple(Column(header, kind, of(slot), slot + 1) for slot in range(most))


def one(header: str, kind: Kind, name: str, form: Callable[[str], str | None] | None = None) -> Column:
    """A column of one value; a form that is given is worked out once for each value."""
    recalled = remembered(form) if form else None
    return Column(
        header,
        kind,
        lambda people: each(getattr(people, name), recalled) if recalled else list(getattr(people, name)),
    )
