"""Which line does this number ring?"""

import re

from phonenumbers import (
    NumberParseException,
    ValidationResult,
    is_possible_number_with_reason,
    national_significant_number,
    parse,
)

from store.identifiers.malformed import Malformed

LONGEST = 40

_US_STYLE = re.compile(
    r"\s*(?:\+?1[ .-]?|001[ .-]?)?(?:\(([2-9]\d\d)\)|([2-9]\d\d))[ .-]?(\d{3})[ .-]?(\d{4})\s*", re.ASCII
).fullmatch
_NANP = re.compile(r"[2-9]\d{9}", re.ASCII).fullmatch
_NORTH_AMERICA = 1


def normalise_phone(value: str) -> str:
    """The ten digits of a North American number; "+", country code and number for any other.

    A number without a country code is taken as American. Possible numbers are enough: nothing is
    looked up in a numbering plan. An extension is dropped. Raises Malformed.
    """
    found = _US_STYLE(value)
    if found is not None:
        return (found[1] or found[2]) + found[3] + found[4]
    return by_library(value)


def by_library(value: str) -> str:
    """What phonenumbers makes of the number; the long way round."""
    text = value.strip()
    if not text:
        raise Malformed("empty")
    if len(text) > LONGEST:
        raise Malformed("too_long")
    normal = _parsed(_as_dialled(text))
    # Of a number that begins with several trunk zeros each parsing would take one more.
    if normal != text and _parsed(normal) != normal:
        raise Malformed("not_dialable")
    return normal


def _parsed(text: str) -> str:
    try:
        number = parse(text, "US")
    except NumberParseException:
        raise Malformed("not_dialable") from None
    if is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise Malformed("not_dialable")
    digits = national_significant_number(number)
    if number.country_code != _NORTH_AMERICA:
        return f"+{number.country_code}{digits}"
    if _NANP(digits) is None:
        raise Malformed("not_dialable")
    return digits


def _as_dialled(text: str) -> str:
    # A table program that took the column for numbers leaves ".0" behind.
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    # 00 is the way out of most countries; the library knows only America's 011.
    return f"+{text[2:]}" if text.startswith("00") else text
