"""How does this reader write figures? Texts say 1,234.5; the page shows what the browser's language wants."""

import re
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

# Figures as this house writes them, and ranges: `2.6-3.7`. Ids, days and what is part of a word are none.
ONE = r"-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+)"
FIGURE = re.compile(rf"(?<![\w.,-]){ONE}(?:-{ONE})?(?!\w|[.,-]\d)")
IN_HTML = re.compile(r"<code\b.*?</code>|<[^>]*>|[^<]+", re.DOTALL)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
HOUSE = "en"


class Signs(NamedTuple):
    """What parts thousands, and what parts a fraction."""

    group: str
    decimal: str


def locale_of(accept_language: str) -> str:
    """The first language of the header that is known here, such as `de-AT`; `en` without one."""
    for part in accept_language.split(",")[:10]:
        tag = part.split(";")[0].strip()
        if LANGUAGE.fullmatch(tag) and _is_known(tag):
            return tag
    return HOUSE


def localised(text: str, locale: str) -> str:
    """The text with its figures as the reader's language writes them."""
    signs = signs_of(locale)
    if signs == (",", "."):
        return text
    swap = {",": signs.group, ".": signs.decimal}
    return FIGURE.sub(lambda found: "".join(swap.get(sign, sign) for sign in found[0]), text)


def localised_html(html: str, locale: str) -> str:
    """The same between the tags of rendered Markdown; code stays as it is."""
    return IN_HTML.sub(lambda part: part[0] if part[0].startswith("<") else localised(part[0], locale), html)


@cache
def signs_of(locale: str) -> Signs:
    """The signs of a locale that `locale_of` gave."""
    known = Locale.parse(locale, sep="-")
    return Signs(get_group_symbol(known), get_decimal_symbol(known))


@cache
def _is_known(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
