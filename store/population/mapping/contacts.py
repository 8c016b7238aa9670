"""Which columns say who somebody is: identifiers, the parts of an address, names, a person's number."""

import re
from collections.abc import Iterable

from store.population.mapping.model import Column
from store.population.mapping.profile import ColumnProfile

_MAIDS = {"maid", "idfa", "gaid", "aaid", "advertising id", "mobile ad id", "mobile advertising id"}
_PHONES = {"phone", "phones", "mobile", "cell", "cellphone", "telephone", "tel", "msisdn", "landline"}
_PERSONS = {
    "person",
    "customer",
    "user",
    "member",
    "client",
    "account",
    "contact",
    "subscriber",
    "lead",
    "record",
    "rec",
    "row",
    "crm",
    "donor",
    "patient",
    "employee",
}
_NAMES = {
    "first name",
    "firstname",
    "given name",
    "givenname",
    "forename",
    "last name",
    "lastname",
    "surname",
    "family name",
    "middle name",
    "full name",
    "fullname",
    "name",
    "nickname",
    "maiden name",
    "customer name",
    "contact name",
    "person name",
}
_EMPLOYERS = {
    "company",
    "company name",
    "employer",
    "employer name",
    "organization",
    "organisation",
    "account name",
    "business name",
}
_SECRETS = {"ssn", "passport", "iban", "cvv", "password", "passwd"}
_SECRET_PAIRS = (
    {"social", "security"},
    {"soc", "sec"},
    {"credit", "card", "number"},
    {"card", "number"},
    {"tax", "id"},
    {"national", "id"},
    {"bank", "account", "number"},
)
_WHOSE = {
    "home",
    "billing",
    "mailing",
    "shipping",
    "residential",
    "customer",
    "contact",
    "person",
    "primary",
    "current",
}
_PARTS = {
    "street": {
        "street",
        "street address",
        "address",
        "address line",
        "address 1",
        "address line 1",
        "addr",
        "addr 1",
        "line 1",
        "street 1",
        "street name",
    },
    "unit": {
        "unit",
        "apt",
        "apartment",
        "suite",
        "address 2",
        "address line 2",
        "addr 2",
        "line 2",
        "street 2",
    },
    "city": {"city", "town", "suburb", "locality", "municipality"},
    "state": {"state", "province", "state code", "state province"},
    "zip": {
        "zip",
        "zipcode",
        "zip code",
        "postcode",
        "post code",
        "postal",
        "postal code",
        "zip 5",
        "zip code 5",
    },
}
_ADDRESSES = re.compile(r"(full )?(postal )?address( \d)?|addr( \d)?|address full")


def is_secret(profile: ColumnProfile) -> bool:
    """Whether the name says what should not be copied anywhere: social security numbers, cards, passwords."""
    words = set(profile.words)
    return bool(words & _SECRETS) or any(pair <= words for pair in _SECRET_PAIRS)


def identifier(profile: ColumnProfile) -> Column | None:
    """The column as an e-mail address, phone, advertising id or customer id; None when it is none."""
    words, named = set(profile.words), " ".join(profile.words)
    if profile.type == "list" or not profile.filled:
        return None
    if profile.share(profile.emails) > 0.8 or (
        _ends_with_mail(profile) and profile.share(profile.emails) > 0.3
    ):
        return Column(kind="identifier", identifier="email", domain="email")
    if (words & _PHONES or named == "contact number") and profile.share(profile.phones) > 0.5:
        return Column(kind="identifier", identifier="phone", domain="phone")
    bare = re.sub(r" \d+$", "", named)
    if bare in _MAIDS or (words & {"device", "ad"} and "id" in words and profile.share(profile.uuids) > 0.8):
        return Column(kind="identifier", identifier="maid", domain="maid")
    if is_id_named(profile) and profile.distinct > 0.5 * profile.filled:
        return Column(kind="identifier", identifier="id", domain="id")
    return None


def holds_digests(profile: ColumnProfile) -> bool:
    """Whether the cells are hashed identifiers, which a person cannot be found by from plain ones."""
    contact = {"email", "mail", "phone", "hem", "md", "sha", "hash", "hashed", "maid"}
    return profile.share(profile.digests) > 0.8 and bool(contact & set(profile.words))


def is_id_named(profile: ColumnProfile) -> bool:
    """Whether the name is a person's number: `id`, `person_id`, `customerID`, `uid`."""
    words = profile.words
    if words in (["id"], ["uid"], ["uuid"], ["guid"]):
        return True
    return len(words) >= 2 and words[-1] in ("id", "number", "no", "key") and bool(set(words) & _PERSONS)


def person_id_order(profiles: Iterable[ColumnProfile]) -> list[str]:
    """Columns that could be the person_id, the likeliest first: all cells whole and different."""
    fits = [
        profile
        for profile in profiles
        if is_id_named(profile) and profile.is_whole and profile.filled == profile.distinct == profile.rows
    ]
    first = {"person id": 0, "id": 1}
    return [each.name for each in sorted(fits, key=lambda each: first.get(" ".join(each.words), 2))]


def name_field(profile: ColumnProfile) -> Column | None:
    """The column as a person's or an employer's name, kept as a field; None when it is none."""
    named = " ".join(profile.words)
    if not profile.is_text or profile.distinct <= 2:
        return None
    if named in _NAMES:
        return Column(kind="field", domain="name")
    return Column(kind="field", domain="employment") if named in _EMPLOYERS else None


def addresses(profiles: Iterable[ColumnProfile]) -> dict[str, Column]:
    """Columns that make an address: parts where there is a street and a place, else whole lines."""
    texts = [profile for profile in profiles if profile.type != "list" and profile.filled]
    parts: dict[str, str] = {}
    for profile in texts:
        part = _part_of(profile)
        if part and part not in parts:
            parts[part] = profile.name
    if "street" in parts and {"city", "zip"} & set(parts):
        return {name: _address(part) for part, name in parts.items()}
    lines = [each for each in texts if each.is_text and _ADDRESSES.fullmatch(_unowned(each))]
    return {each.name: _address(None) for each in lines}


def _address(part: str | None) -> Column:
    return Column.model_validate(
        {"kind": "identifier", "identifier": "address", "part": part, "domain": "address"}
    )


def _part_of(profile: ColumnProfile) -> str | None:
    named = _unowned(profile)
    part = next((part for part, names in _PARTS.items() if named in names), None)
    return None if part in ("street", "city") and not profile.is_text else part


def _unowned(profile: ColumnProfile) -> str:
    """The name without whose it is: `billing_city` is a city."""
    words = list(profile.words)
    while len(words) > 1 and words[0] in _WHOSE:
        words = words[1:]
    return " ".join(words)


def _ends_with_mail(profile: ColumnProfile) -> bool:
    words = [word for word in profile.words if not word.isdigit() and word != "address"]
    return words[-1:] in (["email"], ["mail"], ["emails"])
