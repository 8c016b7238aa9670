"""Which mailbox is this?"""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from store.identifiers.malformed import Malformed

LONGEST = 254  # RFC 5321 4.5.3.1.3, less the angle brackets

# At most 64 characters, so that no label can pass 63 and no local part 64. The last labels refused
# are those that RFC 6761, 6762 and 7686 reserve and that take no mail; .test is let in for tests.
_PLAIN = re.compile(
    r"(?=.{1,64}\Z)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?!(?:arpa|invalid|local|localhost|onion)\Z)[a-z]{2,}",
    re.ASCII,
).fullmatch
_GMAIL = ("@gmail.com", "@googlemail.com")


def normalise_email(value: str) -> str:
    """The address in lower case, its domain in ASCII, Gmail's dots and +tags folded.

    Raises Malformed for what is no address; a display name around one is not taken off.
    """
    text = value.strip().lower()
    if _PLAIN(text) is None:
        text = by_library(value)
    return _fold_gmail(text) if text.endswith(_GMAIL) else text


def by_library(value: str) -> str:
    """What email-validator makes of the address, before Gmail is folded; the long way round."""
    text = value.strip()
    if not text:
        raise Malformed("empty")
    if len(text) > LONGEST:
        raise Malformed("too_long")
    once = _validated(text)
    # Lower case can undo NFC, and a domain may only be shown to be wrong in its final form.
    return once if once.isascii() and '"' not in once else _validated(once)


def _validated(text: str) -> str:
    try:
        found = validate_email(
            text, check_deliverability=False, test_environment=True, allow_quoted_local=True, strict=True
        )
    except EmailNotValidError:
        # Not chained: the library's messages quote the address.
        raise Malformed("syntax") from None
    local = unicodedata.normalize("NFC", found.local_part.lower())
    return f"{local}@{found.ascii_domain}"


def _fold_gmail(text: str) -> str:
    local, _, _ = text.rpartition("@")
    # Gmail gives out neither quoted names nor names beyond ASCII, so those are left alone.
    if local.isascii() and not local.startswith('"'):
        local = local.partition("+")[0].replace(".", "")
    if not local:
        raise Malformed("syntax")
    return f"{local}@gmail.com"
