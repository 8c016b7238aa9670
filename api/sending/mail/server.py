"""Through which server are briefings mailed, and in whose name?"""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from api.settings import Settings
from store.errors import BadInput
from store.records.recipient_address import address_of

PORTS = {"smtp": 587, "smtps": 465}
Tls = Literal["whole", "start", "if_offered", "no"]


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and the sender that stands on it."""

    host: str
    port: int
    tls: Tls  # from the first byte; by STARTTLS or not at all; where it is offered; never
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server_of(settings: Settings) -> MailServer | None:
    """The server of these settings; None where none is set. Raises BadInput that names the setting."""
    if not settings.mail_server:
        return None
    try:
        parts = urlsplit(settings.mail_server)
        port = parts.port
    except ValueError:
        raise _bad_server() from None
    asked = parse_qs(parts.query)
    if not parts.hostname or parts.path not in ("", "/") or set(asked) - {"tls"}:
        raise _bad_server()
    if asked.get("tls", ["no"]) != ["no"]:
        raise _bad_server()
    return MailServer(
        parts.hostname,
        port or PORTS[parts.scheme],
        _tls(parts.scheme, parts.hostname, plain="tls" in asked),
        _sender(settings.mail_from),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def _tls(scheme: str, host: str, *, plain: bool) -> Tls:
    if scheme == "smtps":
        return "whole"
    if plain:
        return "no"
    # What does not leave this machine needs no certificate; all else would be read on its way.
    return "if_offered" if _is_here(host) else "start"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sender(text: str) -> Address:
    name, mailbox = parseaddr(text) if text.isprintable() else ("", "")
    try:
        address = address_of(mailbox, "FIELDMARK_MAIL_FROM")
        sender = Address(display_name=name, addr_spec=address.value)
    except (BadInput, ValueError):
        address = sender = None
    if address is None or sender is None or address.channel != "mail":
        raise BadInput(
            "Mail needs a sender",
            where="FIELDMARK_MAIL_FROM",
            instead="Set it to `Fieldmark <briefings@example.com>`, an address of yours.",
        )
    return sender


def _bad_server() -> BadInput:
    return BadInput(
        "Not a server that mail is sent through",
        where="FIELDMARK_MAIL_SERVER",
        instead="Use smtp://user:password@host:587 (STARTTLS), smtps://host, or smtp://host:25?tls=no for a"
        " relay inside your own network that knows no TLS.",
    )
