import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.webhooks.addresses import Reach, address_in, is_loopback, may_reach

OUTSIDE, LAPTOP = Reach(), Reach(private=True)
INNER = ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"]


@pytest.mark.parametrize(
    ("text", "outside", "laptop"),
    [
        ("8.8.8.8", True, True),
        ("172.15.255.255", True, True),
        ("172.16.0.0", False, True),
        ("172.31.255.255", False, True),
        ("172.32.0.0", True, True),
        ("100.63.255.255", True, True),
        ("100.64.0.0", False, False),
        ("100.127.255.255", False, False),
        ("100.128.0.0", True, True),
        ("127.0.0.1", False, True),
        ("169.254.169.254", False, False),
        ("223.255.255.255", True, True),
        ("224.0.0.0", False, False),
        ("2a00:1450::1", True, True),
        ("1fff:ffff::1", False, False),
        ("4000::1", False, False),
        ("::1", False, True),
        ("fd12::1", False, True),
        ("fd00:ec2::254", False, False),
        ("64:ff9b::8.8.8.8", True, True),
        ("64:ff9b::127.0.0.1", False, False),
        ("::ffff:8.8.8.8", False, False),
    ],
)
def test_addresses_at_the_borders_of_what_is_inside(text: str, outside: bool, laptop: bool):
    address = address_in(text)
    assert address is not None
    assert (may_reach(address, OUTSIDE), may_reach(address, LAPTOP)) == (outside, laptop)


@given(st.ip_addresses())
def test_what_python_calls_not_global_is_never_reached(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
):
    if may_reach(address, OUTSIDE) and address not in ipaddress.ip_network("64:ff9b::/96"):
        assert address.is_global
        assert not address.is_multicast
        assert not is_loopback(address)
        assert not address.is_reserved


@given(st.sampled_from(INNER), st.integers(0, 2**16))
def test_an_inner_ipv4_address_is_not_reached_inside_an_ipv6_one(inner: str, rest: int):
    number = int(ipaddress.IPv4Address(inner))
    for prefix in ("::", "::ffff:0:0", "64:ff9b::", "2a00:1450::5efe:0:0"):
        assert not may_reach(ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + number), OUTSIDE)
    sixth = (0x2002 << 112) + (number << 80) + rest
    assert not may_reach(ipaddress.IPv6Address(sixth), OUTSIDE)
