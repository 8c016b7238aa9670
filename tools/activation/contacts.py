"""By what can these people be matched? Their contact values, read once and brought into one base form."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import phonenumbers

from store.identifiers.address import normalise_address, parts_of
from store.identifiers.maid import normalise_maid
from store.identifiers.malformed import Malformed
from store.identifiers.phone import normalise_phone
from store.identifiers.postal.words import STATES
from store.population.catalogue import Catalogue
from store.population.fields import CONTACTS
from store.population.population import Population
from store.population.shard import Shard
from tools.activation.countries import country_code
from tools.activation.forms import Texts, each, plain_email

# Names under which sources keep what is no identifier; the first one that a population has is read.
NAMES: dict[str, tuple[str, ...]] = {
    "first_name": ("first_name", "firstname", "given_name", "fname"),
    "last_name": ("last_name", "lastname", "surname", "family_name", "lname"),
    "company": ("company", "company_name", "employer", "account_name", "organisation", "organization"),
    "title": ("job_title", "jobtitle", "title", "position"),
    "city": ("city", "town"),
    "state": ("state", "state_code", "region", "province"),
    "zip": ("zip", "zip_code", "zipcode", "postal_code", "postcode"),
    "country": ("country", "country_code"),
}
SEVERAL = ("emails", "phones", "carried")  # fields of Contacts that are several lists
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+").fullmatch
_PLAIN_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+").fullmatch
_PLACE = re.compile(r"\s*([^,\d]+?),\s*([A-Za-z]{2})\s+(\d{5})(?:-\d{4})?(?:,?\s*USA?)?\s*").fullmatch
_STATES = frozenset(STATES.values())
Place: TypeAlias = tuple[str | None, str | None, str | None, str | None]
NOWHERE: Place = (None, None, None, None)


@dataclass(frozen=True)
class Contacts:
    """Some people of one shard: a list for each kind of value, None where it is missing or malformed.

    emails, phones: three lists each; an e-mail as it was written, without blanks and in lower case; a phone
    in E.164. maids in lower case; android marks those that were written in lower case, as Android writes
    them. zip: five digits for American addresses. country: ISO 3166-1, two capitals.
    """

    person_ids: np.ndarray
    emails: list[Texts]
    phones: list[Texts]
    maids: Texts
    android: Texts
    first_name: Texts
    last_name: Texts
    company: Texts
    title: Texts
    street: Texts
    city: Texts
    state: Texts
    zip: Texts
    country: Texts
    carried: dict[str, Texts]

    def __len__(self) -> int:
        return len(self.person_ids)

    def only(self, places: np.ndarray) -> "Contacts":
        """Those at these places."""
        at = places.tolist()

        def some(values: Texts) -> Texts:
            return [values[place] for place in at]

        one_list = [name for name in self.__dict__ if name not in ("person_ids", *SEVERAL)]
        kept: dict[str, Any] = {name: some(getattr(self, name)) for name in one_list}
        kept["person_ids"] = self.person_ids[places]
        kept["emails"] = [some(values) for values in self.emails]
        kept["phones"] = [some(values) for values in self.phones]
        kept["carried"] = {name: some(values) for name, values in self.carried.items()}
        return Contacts(**kept)

    def with_company(self, name: str) -> "Contacts":
        """The same, with this company for those who have none."""
        return replace(self, company=[company or name for company in self.company])


@dataclass
class ContactReader:
    """Reads contacts of one population; what a column is called is found out once."""

    population: Population
    default_country: str | None
    carried: tuple[str, ...] = ()
    maids: bool = True  # whether advertising ids are read: millions of them take a second
    _codes: dict[tuple[int, str], tuple[np.ndarray, list[str]]] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return self.population.catalogue

    def read(self, shard: Shard, numbers: np.ndarray) -> Contacts:
        """The contacts of these people, by local number."""
        blank: Texts = [None] * len(numbers)
        slots = range(1, CONTACTS + 1)
        names = [f"{kind}{slot}" for kind in ("email", "phone") for slot in slots]
        kept = shard.fields.take(numbers, [*names, "address1", *(["maid1"] if self.maids else [])])
        phones = _leftmost([each(kept.get(f"phone{slot}", blank), e164) for slot in slots])
        lines = kept.get("address1", blank)
        streets, *placed = (
            (list(each) for each in zip(*map(_place_of, lines), strict=True)) if lines else ([],) * 4
        )
        found = {name: self._named(shard, numbers, name) for name in NAMES}
        given = {
            name: [own or theirs for own, theirs in zip(values, found[name], strict=True)]
            for name, values in zip(("city", "state", "zip"), placed, strict=True)
        }
        american = placed[1]
        return Contacts(
            person_ids=shard.person_ids[numbers],
            emails=_leftmost([each(kept.get(f"email{slot}", blank), _email) for slot in slots]),
            phones=phones,
            maids=each(kept.get("maid1", blank), _maid),
            android=each(kept.get("maid1", blank), _android),
            first_name=found["first_name"],
            last_name=found["last_name"],
            company=found["company"],
            title=found["title"],
            street=streets,
            **given,
            country=self._countries(found["country"], american, phones),
            carried={name: self._column(shard, numbers, name) for name in self.carried},
        )

    def _countries(self, named: Texts, american: Texts, phones: list[Texts]) -> Texts:
        """The record, an American address, the code of a foreign phone, the default: the first that tells."""
        first = phones[0]
        return [
            (country_code(text) if text else None)
            or ("US" if state else None)
            or (_dialled(phone) if phone and not phone.startswith("+1") else None)
            or self.default_country
            for text, state, phone in zip(named, american, first, strict=True)
        ]

    def _named(self, shard: Shard, numbers: np.ndarray, name: str) -> Texts:
        for candidate in NAMES[name]:
            if candidate in shard.fields.names or self.catalogue.named(candidate):
                return self._column(shard, numbers, candidate)
        return [None] * len(numbers)

    def _column(self, shard: Shard, numbers: np.ndarray, name: str) -> Texts:
        """A field's text, or the value of the attribute; several values of a list are joined by `; `."""
        if name in shard.fields.names:
            values = shard.fields.take(numbers, [name])[name]
            return [text.strip() or None if isinstance(text, str) else _told(text) for text in values]
        key = (shard.first, name)
        if key not in self._codes:
            self._codes[key] = _values_of(shard, self.catalogue, name)
        codes, values = self._codes[key]
        return [values[code] if code else None for code in codes[numbers].tolist()]


def _values_of(shard: Shard, catalogue: Catalogue, name: str) -> tuple[np.ndarray, list[str]]:
    """The attribute's value by local number, as a place in the values; 0 for none."""
    held = np.zeros(shard.persons, dtype=np.int32)
    values = [""]
    places: dict[str, int] = {}
    for cluster in catalogue.named(name):
        numbers = np.asarray(shard.bitmaps[cluster.code].to_array(), dtype=np.int64)
        for before in np.unique(held[numbers]).tolist():
            text = f"{values[before]}; {cluster.value}" if before else cluster.value
            if text not in places:
                places[text] = len(values)
                values.append(text)
            held[numbers[held[numbers] == before]] = -places[text]
        held = np.abs(held)
    return held, values


def _told(value: object) -> str | None:
    return None if value is None or value != value else str(value)


def _leftmost(lists: list[Texts]) -> list[Texts]:
    """The same values, without a gap before any of them: a first one that is malformed gives way."""
    for row, (first, second, third) in enumerate(zip(*lists, strict=True)):
        if (third and not (first and second)) or (second and not first):
            kept = [value for value in (first, second, third) if value]
            for at, values in enumerate(lists):
                values[row] = kept[at] if at < len(kept) else None
    return lists


def _email(value: str) -> str | None:
    if _PLAIN_EMAIL(value):  # as most are kept: nothing is to be made of it
        return value
    text = plain_email(value)
    return text if _EMAIL(text) else None


def e164(value: str) -> str | None:
    """The number with `+` and country code; None for what no phone has."""
    try:
        normal = normalise_phone(value)
    except Malformed:
        return None
    return normal if normal.startswith("+") else f"+1{normal}"


def _maid(value: str) -> str | None:
    try:
        return normalise_maid(value)
    except Malformed:
        return None


def _android(value: str) -> str | None:
    # iOS writes its advertising ids in capitals, Android in lower case.
    return _maid(value) if value == value.lower() else None


@lru_cache(maxsize=4096)
def _calling(prefix: str) -> str | None:
    for digits in (3, 2, 1):
        region = phonenumbers.region_code_for_country_code(int(prefix[:digits] or 0))
        if region not in ("ZZ", "001"):
            return region
    return None


def _dialled(phone: str) -> str | None:
    """The country of a foreign number's calling code; the main one where several share it."""
    return _calling(phone[1:4])


def _place_of(line: str | None) -> Place:
    """Street, city, state and ZIP code."""
    if not line:
        return NOWHERE
    street, comma, rest = line.partition(",")
    found = _known_place(rest) if comma else None
    if found is not None:
        return (street.strip() or None, *found)
    return _by_reading(line)


@lru_cache(maxsize=1 << 17)
def _known_place(rest: str) -> tuple[str | None, str, str] | None:
    found = _PLACE(rest)
    if found is None or found[2].upper() not in _STATES:
        return None
    return found[1].strip() or None, found[2].upper(), found[3]


def _by_reading(line: str) -> Place:
    """The long way round, for a line that commas do not cut in the usual places."""
    try:
        parts = parts_of(normalise_address(line))
    except Malformed:
        return NOWHERE
    street = " ".join(filter(None, (parts.street, parts.unit)))
    return street or None, parts.city or None, parts.state or None, parts.zip_code or None
