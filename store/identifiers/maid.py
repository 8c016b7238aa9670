"""Which device's advertising id is this?"""

import re

from store.identifiers.malformed import Malformed

LONGEST = 50

_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_HEX = re.compile(r"[0-9a-f]{32}").fullmatch
_NOBODY = "00000000-0000-0000-0000-000000000000"  # what a device reports once tracking is declined


def normalise_maid(value: str) -> str:
    """The IDFA or GAID in lower case, hyphens as 8-4-4-4-12. Raises Malformed, for zeros too."""
    text = value.strip().lower()
    if _CANONICAL(text) is None:
        text = by_digits(text)
    if text == _NOBODY:
        raise Malformed("all_zero")
    return text


def by_digits(value: str) -> str:
    """The same from hexadecimal digits with hyphens anywhere, or in braces; the long way round."""
    text = value.strip().lower()
    if not text:
        raise Malformed("empty")
    if len(text) > LONGEST:
        raise Malformed("too_long")
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    bare = text.replace("-", "")
    if _HEX(bare) is None:
        raise Malformed("not_hexadecimal")
    return f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}"
