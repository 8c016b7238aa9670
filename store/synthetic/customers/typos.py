"""What goes wrong when people type? Variants of identifiers, some harmless, some beyond repair."""

import re
from dataclasses import dataclass

import numpy as np

# Of a hundred identifiers of each kind, how many get which variant; the rest stay as they are.
EMAIL_VARIANTS = {"upper_case": 5.0, "spaces": 2.0, "swapped_letters": 1.5, "missing_at": 1.0, "cut_off": 0.5}
GMAIL_VARIANTS = {"gmail_dots": 30.0, "gmail_tag": 30.0}
PHONE_VARIANTS = {
    "punctuation": 45.0,
    "country_code": 20.0,
    "spaces": 2.0,
    "missing_digit": 1.5,
    "letter": 0.5,
}
ADDRESS_VARIANTS = {"upper_case": 8.0, "lower_case": 5.0, "long_suffix": 15.0, "swapped_letters": 1.5}
DIGEST_VARIANTS = {"upper_case": 3.0, "cut_off": 0.5}
# These cannot be undone: the identifier no longer leads to its person.
FATAL = {"swapped_letters", "missing_at", "cut_off", "missing_digit", "letter"}
_LONG_SUFFIXES = {
    "St": "Street",
    "Ave": "Avenue",
    "Dr": "Drive",
    "Rd": "Road",
    "Ln": "Lane",
    "Ct": "Court",
    "Pl": "Place",
    "Blvd": "Boulevard",
    "Cir": "Circle",
    "Ter": "Terrace",
    "Trl": "Trail",
}
_TAGS = ["news", "shop", "spam", "offers", "2024"]


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and what was done to it; `kind` is blank when nothing was."""

    text: str
    kind: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether the identifier can no longer be led back to its person."""
        return self.kind in FATAL


def typed_email(rng: np.random.Generator, address: str) -> Cell:
    """An e-mail address as somebody may have typed it."""
    local, _, domain = address.partition("@")
    is_gmail = domain == "gmail.com"
    match _chosen(rng, EMAIL_VARIANTS | (GMAIL_VARIANTS if is_gmail else {})):
        case "upper_case":
            return Cell(address.upper() if rng.random() < 0.5 else address.title(), "upper_case")
        case "spaces":
            return Cell(f" {address}  ", "spaces")
        case "gmail_dots":
            return Cell(f"{local.replace('.', '')}@{domain}", "gmail_dots")
        case "gmail_tag":
            return Cell(f"{local}+{rng.choice(_TAGS)}@{domain}", "gmail_tag")
        case "missing_at":
            return Cell(address.replace("@", ""), "missing_at")
        case "cut_off":
            return Cell(address[: address.index("@") + 3], "cut_off")
        case "swapped_letters":
            return _swapped(rng, address)
    return Cell(address)


def typed_phone(rng: np.random.Generator, number: str) -> Cell:
    """A phone number of ten digits as somebody may have typed it."""
    area, exchange, line = number[:3], number[3:6], number[6:]
    match _chosen(rng, PHONE_VARIANTS):
        case "punctuation":
            forms = [f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}", f"{area}.{exchange}.{line}"]
            return Cell(str(rng.choice(forms)), "punctuation")
        case "country_code":
            forms = [f"+1 {area}-{exchange}-{line}", f"+1{number}", f"1-{area}-{exchange}-{line}"]
            return Cell(str(rng.choice(forms)), "country_code")
        case "spaces":
            return Cell(f" {area} {exchange} {line} ", "spaces")
        case "missing_digit":
            return Cell(number[:-1], "missing_digit")
        case "letter":
            return Cell(number[:-2] + "x" + number[-1], "letter")
    return Cell(number)


def typed_address(rng: np.random.Generator, line: str) -> Cell:
    """A one-line address as somebody may have typed it."""
    match _chosen(rng, ADDRESS_VARIANTS):
        case "upper_case":
            return Cell(line.upper(), "upper_case")
        case "lower_case":
            return Cell(line.lower(), "lower_case")
        case "long_suffix":
            street, comma, rest = line.partition(",")
            return Cell(re.sub(r"\b[A-Z][a-z]+\b", _long_suffix, street) + comma + rest, "long_suffix")
        case "swapped_letters":
            return _swapped(rng, line)
    return Cell(line)


def typed_digest(rng: np.random.Generator, digest: str) -> Cell:
    """A hexadecimal digest as some export may have written it."""
    match _chosen(rng, DIGEST_VARIANTS):
        case "upper_case":
            return Cell(digest.upper(), "upper_case")
        case "cut_off":
            return Cell(digest[:-4], "cut_off")
    return Cell(digest)


def _chosen(rng: np.random.Generator, variants: dict[str, float]) -> str:
    ticket = rng.random() * 100
    for name, share in variants.items():
        ticket -= share
        if ticket < 0:
            return name
    return ""


def _long_suffix(word: re.Match[str]) -> str:
    return _LONG_SUFFIXES.get(word[0], word[0])


def _swapped(rng: np.random.Generator, text: str) -> Cell:
    """Two different neighbouring letters of the first word changed about; untouched where there are none."""
    word = re.search(r"[A-Za-z]{2,}", text)
    start, end = word.span() if word else (0, 0)
    places = [i for i in range(start, end - 1) if text[i].lower() != text[i + 1].lower()]
    if not places:
        return Cell(text)
    i = int(rng.choice(places))
    return Cell(text[:i] + text[i + 1] + text[i] + text[i + 2 :], "swapped_letters")
