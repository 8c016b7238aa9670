"""Which internet addresses may a webhook be sent to?"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address


def _nets4(*nets: str) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, nets))


def _nets6(*nets: str) -> tuple[IPv6Network, ...]:
    return tuple(map(IPv6Network, nets))


LOOPBACK4, LOOPBACK6 = _nets4("127.0.0.0/8"), _nets6("::1/128")
PRIVATE4, PRIVATE6 = _nets4("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), _nets6("fc00::/7")
# IANA's registry of special addresses, and what clouds answer their own machines on.
NEVER4 = _nets4(
    "0.0.0.0/8",
    "100.64.0.0/10",  # shared by a carrier's customers
    "168.63.129.16/32",  # Azure's own, though it is a public one
    "169.254.0.0/16",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
UNICAST6 = IPv6Network("2000::/3")  # all else of IPv6 is not of the public internet
NEVER6 = _nets6(
    "2001::/23",  # Teredo, ORCHID, benchmarks
    "2001:db8::/32",
    "2002::/16",  # 6to4: it holds an IPv4 address that routers go on to
    "2620:4f:8000::/48",
    "3fff::/20",
    "fd00:ec2::/32",  # a cloud's metadata, inside the private ones
    "fd20:ce::254/128",
)
NAT64 = IPv6Network("64:ff9b::/96")
ISATAP = (0x00005EFE, 0x02005EFE)  # the upper half of an interface's number: the lower is an IPv4 address


@dataclass(frozen=True)
class Reach:
    """How far webhooks may go."""

    private: bool = False  # to loopback and private networks too
    ports: frozenset[int] = frozenset({443, 8443})


def may_reach(address: Address, reach: Reach) -> bool:
    """Whether a webhook may be sent to this address; an address inside another is judged as itself."""
    if isinstance(address, IPv6Address):
        return _may_reach6(address, reach)
    if any(address in net for net in (*LOOPBACK4, *PRIVATE4)):
        return reach.private
    return not any(address in net for net in NEVER4)


def _may_reach6(address: IPv6Address, reach: Reach) -> bool:
    if address.scope_id or any(address in net for net in NEVER6):
        return False
    if any(address in net for net in (*LOOPBACK6, *PRIVATE6)):
        return reach.private
    if address in NAT64:  # the only way to IPv4 in networks that have none
        return may_reach(IPv4Address(int(address) & 0xFFFFFFFF), Reach())
    return address in UNICAST6 and (int(address) >> 32) & 0xFFFFFFFF not in ISATAP


def is_loopback(address: Address) -> bool:
    """Whether it is this machine itself."""
    return any(address.version == net.version and address in net for net in (*LOOPBACK4, *LOOPBACK6))


def address_in(text: str) -> Address | None:
    """The address that this is the usual form of, or None."""
    try:
        return ip_address(text)
    except ValueError:
        return None
