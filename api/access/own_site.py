"""Does this request come from this machine, and from a page of this house?"""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from store.errors import NotAllowed

OWN = ("", "none", "same-origin")  # of Sec-Fetch-Site: no browser, typed by a person, our own page
PORTS = {"http": 80, "https": 443}
IN_PROCESS = "testclient"  # Starlette's test client; no socket has such an address
# Whoever passes a request on says so with one of these: then the client is not who is on this machine.
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def require_own_site(request: HTTPConnection, base_url: str) -> None:
    """Raise NotAllowed where a browser says that a page of another site asks.

    Another port of the same host is another site here: whoever serves it is not who serves this house.
    """
    site = request.headers.get("sec-fetch-site", "").strip().lower()
    origins = request.headers.getlist("origin")
    if site in OWN and all(_place(origin) in _own_places(request, base_url) for origin in origins):
        return
    raise NotAllowed(
        "A page of another site asks for this",
        where="Origin, Sec-Fetch-Site",
        instead="Open the page of this house itself, or send a key.",
    )


def was_passed_on(request: HTTPConnection) -> bool:
    """Whether a proxy says that it asks for somebody else."""
    return any(name in request.headers for name in PASSED_ON)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own; `localhost` is."""
    if address in (IN_PROCESS, "localhost"):
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _own_places(request: HTTPConnection, base_url: str) -> set[tuple[str, int] | None]:
    own = {_place(base_url), _place(f"{request.url.scheme}://{request.headers.get('host', '')}")}
    return own - {None}


def _place(url: str) -> tuple[str, int] | None:
    """Host and port; None for what is no place on the web, such as `null`."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None
