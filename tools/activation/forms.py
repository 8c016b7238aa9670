"""In which form does a platform want a value, before it is hashed?"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence

Texts = list[str | None]

GMAIL = ("gmail.com", "googlemail.com")
_BLANK = re.compile(r"\s+")
_AMERICAN_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?").fullmatch
_MOST_KEPT = 1 << 18  # values that a form remembers: names, towns and ZIP codes come again and again
_PREFIXES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"])


def sha256(text: str) -> str:
    """64 hex digits of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def each(values: Sequence[str | None], form: Callable[[str], str | None]) -> Texts:
    """The form of every value; a blank stays a blank."""
    return [form(value) if value else None for value in values]


def remembered(form: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """The same form, worked out once for a value that comes again."""
    known: dict[str, str | None] = {}

    def recall(value: str) -> str | None:
        if value not in known:
            if len(known) >= _MOST_KEPT:
                known.clear()
            known[value] = form(value) or None
        return known[value]

    return recall


def plain_email(value: str) -> str:
    """Lower case without any blank: what Meta, LinkedIn and TikTok hash."""
    return "".join(value.split()).lower()


def google_email(value: str) -> str:
    """Lower case without blanks; of a Gmail address the dots and the +tag are dropped, its domain stays.

    developers.google.com/data-manager/api/devguides/concepts/formatting: dots and tags of any other domain
    stay as they are.
    """
    text = plain_email(value)
    name, _, domain = text.rpartition("@")
    if domain in GMAIL:
        return f"{name.partition('+')[0].replace('.', '')}@{domain}"
    return text


def google_name(value: str) -> str:
    """Lower case, blanks around it and doubled ones dropped, accents kept; no Mrs. before, no Jr. behind."""
    words = [word for word in value.lower().split() if word]
    while len(words) > 1 and words[0].rstrip(".") in _PREFIXES:
        words = words[1:]
    while len(words) > 1 and words[-1].strip(".,") in _SUFFIXES:
        words = words[:-1]
    return " ".join(words).rstrip(",")


def bare_name(value: str) -> str:
    """Lower case letters and digits only, of any script: Meta's first and last names."""
    return "".join(letter for letter in value.lower() if letter.isalnum() or unicodedata.combining(letter))


def bare_place(value: str) -> str:
    """Lower case letters without punctuation, blanks or accents: Meta's cities and states, a-z alone."""
    split = unicodedata.normalize("NFKD", value.lower())
    return "".join(letter for letter in split if letter.isalnum())


def bare_phone(value: str) -> str:
    """The digits of an E.164 number, country code first, without the plus: Meta."""
    return value.lstrip("+").lstrip("0")


def meta_zip(value: str, country: str | None) -> str:
    """Lower case without blanks; five digits in the United States, area, district and sector in Britain."""
    text = _BLANK.sub("", value).lower()
    american = _AMERICAN_ZIP(text)
    if american and country in (None, "US"):
        return american[1]
    if country == "GB" and len(text) > 4:
        return text[:-2]  # the unit is the last two letters
    return text.replace("-", "")


def shortened(most: int) -> Callable[[str], str]:
    """The text cut to so many letters."""
    return lambda value: value[:most].rstrip()
