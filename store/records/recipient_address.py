"""Which address or channel does a text name, how is it kept, and how is it shown?"""

import base64
import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from store.errors import BadInput
from store.signing import Signer

LONGEST_MAIL, LONGEST_URL = 254, 2000
# RFC 5321's dot-string: a quoted local part is nobody's address, and is how lines are broken into headers.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"((?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?![0-9]+$)(?!-)[a-z0-9-]{2,63}(?<!-)")
URL = re.compile(r"[a-z][a-z0-9+.-]*://[\x21-\x7e]+", re.IGNORECASE)
SLACK_HOOK = re.compile(
    r"(?:[\w.-]{1,40}@)?([A-Za-z0-9]+)/([A-Za-z0-9]+)/([A-Za-z0-9]+)(?:/[#\w.-]*)?/?", re.ASCII
)
SLACK_BOT = re.compile(r"(xox[abp]-[A-Za-z0-9-]+)((?:/[#@+]?[\w-]{1,40})+)/?", re.ASCII)
WORKFLOW_PATH = re.compile(
    r"(?:/powerautomate/automations/direct(?:/cu/[0-9]+)?)?/workflows/[\w-]+/triggers/manual/paths/invoke/?",
    re.ASCII,
)
# Services that apprise writes to at a host of their own. Those whose host is anybody's choice would reach
# into the house's network; others run commands, write files or show something on this machine.
SERVICES = frozenset(
    (
        *("dingtalk", "discord", "feishu", "flock", "gchat", "lark", "opsgenie", "pagerduty", "pover"),
        *("tgram", "twist", "webex", "wxteams"),
    )
)
TAKEN = (
    "Use a mail address, slack://…, workflows://… (Teams), jsons://host/path or https://host/path (JSON), or"
    f" one of {', '.join(f'{name}://' for name in sorted(SERVICES))}."
)


class Address(NamedTuple):
    """An address or a channel in the one form that is kept, and as it is shown."""

    channel: str  # mail, slack, teams, webhook, other
    value: str
    shown: str


def address_of(text: str, where: str) -> Address:
    """The address that a text names, in its one form.

    Raises BadInput that names the place and never the text: it may be a person's, or hold a secret.
    """
    text = text.strip().removeprefix("mailto:")
    if "://" not in text:
        return _mail(text, where)
    if len(text) > LONGEST_URL or not URL.fullmatch(text):
        raise _bad(where)
    scheme, rest = text.split("://", 1)
    return _channel(scheme.lower(), rest, where)


def _channel(scheme: str, rest: str, where: str) -> Address:
    if scheme == "slack":
        return _slack(rest, where)
    if scheme in ("workflow", "workflows"):
        return _workflow(rest, where)
    if scheme in ("json", "jsons", "http", "https"):
        return _webhook("http" if scheme in ("json", "http") else "https", rest, where)
    if scheme == "msteams":
        instead = "Microsoft ended such connectors: make a workflow in Teams and give its URL."
        raise BadInput("Not a channel that briefings are sent to", where=where, instead=instead)
    # What an apprise URL may ask for after `?` includes reading a file of this machine as its template.
    if scheme not in SERVICES or "?" in rest:
        raise _bad(where)
    return Address("other", f"{scheme}://{rest}", f"{scheme}://…")


def _slack(rest: str, where: str) -> Address:
    if hook := SLACK_HOOK.fullmatch(rest):
        path = "/".join(hook.groups())
        return Address("slack", f"https://hooks.slack.com/services/{path}", "slack://…")
    if bot := SLACK_BOT.fullmatch(rest):
        return Address("slack", f"slack://{bot[1]}{bot[2]}", "slack://…" + bot[2])
    raise _bad(where, "Use slack://TOKEN_A/TOKEN_B/TOKEN_C, or slack://BOT_TOKEN/#channel.")


def _workflow(rest: str, where: str) -> Address:
    """A workflow of Teams as its own URL. Its parameters are as Power Automate writes them."""
    parts = urlsplit("https://" + rest)
    path = [unquote(part) for part in parts.path.split("/") if part]
    if len(path) != 2 or not parts.netloc or not re.fullmatch(r"[\w-]+", path[0], re.ASCII):
        raise _bad(where, "Give the URL that Teams shows for the workflow.")
    given = parse_qs(parts.query)
    direct = "/powerautomate/automations/direct" if given.get("pa") == ["yes"] else ""
    asked = urlencode(
        {
            "api-version": given.get("ver", ["1" if direct else "2016-06-01"])[0],
            "sp": "/triggers/manual/run",
            "sv": "1.0",
            "sig": path[1],
        }
    )
    url = f"{parts.netloc}{direct}/workflows/{path[0]}/triggers/manual/paths/invoke?{asked}"
    return _webhook("https", url, where)


def _webhook(scheme: str, rest: str, where: str) -> Address:
    """A channel by its own URL. Where it leads is judged when it is added and at each sending."""
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host = (parts.hostname or "").lower()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise _bad(where) from None
    if not host or "@" in parts.netloc or parts.fragment:
        raise _bad(where)
    bracketed = f"[{host}]" if ":" in host else host
    asked = f"?{parts.query}" if parts.query else ""
    url = f"{scheme}://{bracketed}{port}{parts.path or '/'}{asked}"
    if host in ("hooks.slack.com", "hooks.slack-gov.com"):
        return Address("slack", url, "slack://…")
    if WORKFLOW_PATH.fullmatch(parts.path):
        return Address("teams", url, "workflows://…")
    return Address("webhook", url, f"{scheme}://{bracketed}{port}/…")


def _mail(text: str, where: str) -> Address:
    local, at, domain = text.rpartition("@")
    domain = _ascii(domain.lower())
    whole = f"{local}@{domain}"
    fits = at and len(local) <= 64 and len(whole) <= LONGEST_MAIL
    if not (fits and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(domain)):
        raise _bad(where)
    return Address("mail", whole, f"{local[0]}…@{domain}")


def _ascii(domain: str) -> str:
    """A domain in ASCII; what is none stays as it is, and does not fit."""
    if domain.isascii():
        return domain
    import idna

    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return domain


def _bad(where: str, instead: str = TAKEN) -> BadInput:
    return BadInput("Not an address that briefings are sent to", where=where, instead=instead)


def digest_of(address: Address, signer: Signer) -> str:
    """64 hex digits that are the same for the same address; mailboxes do not tell cases apart."""
    value = address.value.lower() if address.channel == "mail" else address.value
    return signer.digest(f"briefing recipient\n{address.channel}\n{value}".encode())


def sealed(value: str, signer: Signer) -> str:
    """The address as it is kept: whoever has the records alone cannot read it."""
    return _seal(signer).encrypt(value.encode()).decode()


def opened(kept: str, signer: Signer) -> str:
    """The address that was sealed. Raises ValueError where the house has another key or it was removed."""
    from cryptography.fernet import InvalidToken

    try:
        return _seal(signer).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise ValueError("a recipient was sealed with another key of the house") from None


def _seal(signer: Signer):  # Fernet, which is imported when it is needed
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(signer.digest(b"seal of briefing recipients"))))
