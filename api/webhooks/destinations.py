"""Where does a URL lead, and may a webhook go there?"""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlunsplit

from api.webhooks.addresses import Address, Reach, address_in, is_loopback, may_reach
from store.errors import BadInput

# Names and ports to address texts, as a network tells them; raises OSError.
Resolve = Callable[[str, int], list[str]]

LONGEST, MOST_ADDRESSES = 2000, 32
DEFAULT_PORTS = {"https": 443, "http": 80}
URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#@:%\[\]\\\s]+)"
    r"(:(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[\w\-.~:/@!$&'()*+,;=%]*)?"
    r"(\?(?P<query>[\w\-.~:/?@!$&'()*+,;=%\[\]]*))?",
    re.ASCII | re.IGNORECASE,
)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)  # what resolvers read as one number of an IPv4 address
# Names inside somebody's own network, whatever they resolve to.
INNER = (
    *("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private"),
    *("home.arpa", "svc", "cluster.local", "onion", "test", "invalid", "in-addr.arpa", "ip6.arpa"),
)
# Names under which clouds tell a machine its own keys.
METADATA = (
    "metadata.google.internal",
    "metadata.goog",
    "instance-data.ec2.internal",
    "metadata.azure.internal",
)


@dataclass(frozen=True)
class Destination:
    """A URL taken apart: its host in lower-case ASCII, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int
    target: str  # path and query

    @property
    def authority(self) -> str:
        """Host and port, as a Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in the one form that is kept."""
        path, _, query = self.target.partition("?")
        return urlunsplit((self.scheme, self.authority, path, query, ""))


def destination_of(url: str, reach: Reach) -> Destination:
    """The parts of a URL that webhooks may be sent to, as far as its form tells.

    Raises BadInput when it is not of the form, or names a host that is nobody's outside.
    """
    found = URL.fullmatch(url) if len(url) <= LONGEST else None
    if found is None:
        raise _bad_url()
    scheme, host = found["scheme"].lower(), _host(found["host"].lower())
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    target = (found["path"] or "/") + (f"?{found['query']}" if found["query"] else "")
    reached = Destination(scheme, host, port, target)
    _check_host(host, reach)
    _check_port(reached, reach)
    return reached


def addresses_of(reached: Destination, reach: Reach, resolve: Resolve) -> list[str]:
    """The addresses of the host. Raises BadInput, in the same words whatever the reason, unless each of
    them may be reached: what a name inside resolves to is nobody's business.
    """
    try:
        texts = list(dict.fromkeys(resolve(reached.host, reached.port)))
    except (OSError, UnicodeError):
        raise unreachable() from None
    addresses = [address_in(text) for text in texts]
    if not texts or len(texts) > MOST_ADDRESSES or not all(_may_go(reached, a, reach) for a in addresses):
        raise unreachable()
    return texts


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as this machine resolves it."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def unreachable() -> BadInput:
    """One refusal for all: that there is no such host, that it is inside, that it may not be reached."""
    return BadInput(
        "No webhook can be sent to this host",
        where="url",
        instead="Give one that the public internet resolves and reaches.",
    )


def _may_go(reached: Destination, address: Address | None, reach: Reach) -> bool:
    if address is None or not may_reach(address, reach):
        return False
    if reached.port not in reach.ports and may_reach(address, Reach()):
        return False  # any port is for what is inside only
    return reached.scheme == "https" or (reach.private and is_loopback(address))


def _host(host: str) -> str:
    """The host as it is resolved. Raises BadInput when it is none."""
    if host.startswith("["):
        address = address_in(host[1:-1])
        if not isinstance(address, IPv6Address):
            raise _bad_url()
        return str(address)
    name = _ascii(host.removesuffix("."))
    labels = name.split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise _bad_url()
    # Resolvers read 0177.1, 2130706433 and 0x7f.1 as 127.0.0.1: one form is enough.
    if NUMBER.fullmatch(labels[-1]) and address_in(name) is None:
        raise _bad_url()
    return name


def _ascii(host: str) -> str:
    """The name in ASCII. What IDNA would have to map first (full width, invisible, other dots) is refused."""
    if host.isascii() and "xn--" not in host:
        return host
    import idna

    try:
        return idna.encode(host, strict=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise _bad_url() from None


def _check_host(host: str, reach: Reach) -> None:
    if address := address_in(host):
        if not may_reach(address, reach):
            raise unreachable()
        return
    inner = "." not in host or any(host == name or host.endswith(f".{name}") for name in INNER)
    if host in METADATA or (inner and not reach.private):
        raise unreachable()


def _check_port(reached: Destination, reach: Reach) -> None:
    # What listens inside has whatever port it was given; that it is inside is checked by address.
    if reached.port not in reach.ports and not (reach.private and reached.port >= 1024):
        ports = ", ".join(map(str, sorted(reach.ports)))
        raise BadInput("No webhook is sent to this port", where="url", instead=f"Use one of {ports}.")
    if reached.scheme == "http" and not reach.private:
        raise BadInput("A webhook is sent through TLS only", where="url", instead="Use https://.")


def _bad_url() -> BadInput:
    return BadInput(
        "Not a URL that webhooks can be sent to",
        where="url",
        instead=(
            f"Use https://host/path of at most {LONGEST} characters: no user name, no fragment, an IPv4"
            " address as four decimal numbers, a name in its lower-case or xn-- form."
        ),
    )
