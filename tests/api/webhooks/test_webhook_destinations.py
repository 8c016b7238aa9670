import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.webhooks.addresses import Reach
from api.webhooks.destinations import addresses_of, destination_of, unreachable
from store.errors import BadInput

OUTSIDE, LAPTOP = Reach(), Reach(private=True)

# Refused by their form or by the address that they are, before anything is resolved.
TABLE = """
http://example.com/
https://
https:///path
https:example.com
https:/example.com
//example.com/
ftp://example.com/
file:///etc/passwd
gopher://example.com/
javascript:alert(1)
https://user@example.com/
https://user:word@example.com/
https://@example.com/
https://example.com@127.0.0.1/
https://127.0.0.1#@example.com/
https://127.0.0.1\\@example.com/
https://example.com\\.127.0.0.1/
https://example.com/#part
https://example.com:/
https://example.com:22/
https://example.com:80/
https://example.com:0/
https://example.com:65536/
https://example.com:443:443/
https://example.com:+443/
https://exa mple.com/
https://example.com/a b
https://example..com/
https://.example.com/
https://example.com../
https://-example.com/
https://example-.com/
https://exam_ple.com/
https://%65xample.com/
https://127.0.0.1%2eexample.com/
https://localhost/
https://LOCALHOST/
https://localhost./
https://a.localhost/
https://hooks/
https://printer.local/
https://db.internal/
https://api.svc.cluster.local/
https://kubernetes.default.svc/
https://router.home.arpa/
https://metadata.google.internal/computeMetadata/v1/
https://METADATA.GOOGLE.INTERNAL./
https://metadata.goog/
https://127.0.0.1/
https://127.0.0.1./
https://127.1/
https://127.0.1/
https://127.255.255.254/
https://2130706433/
https://017700000001/
https://0x7f000001/
https://0x7f.0.0.1/
https://0x7f.1/
https://0177.0.0.1/
https://0177.0.0.01/
https://127.0.0.01/
https://127.0.0.0x1/
https://0/
https://0x/
https://0.0.0.0/
https://10.0.0.1/
https://172.16.0.1/
https://172.31.255.255/
https://192.168.1.1/
https://100.64.0.1/
https://100.127.255.255/
https://100.100.100.200/latest/meta-data/
https://169.254.169.254/latest/meta-data/
https://2852039166/
https://0xa9fea9fe/
https://0251.0376.0251.0376/
https://168.63.129.16/
https://192.0.0.192/
https://192.0.2.1/
https://192.88.99.1/
https://198.18.0.1/
https://198.51.100.1/
https://203.0.113.1/
https://224.0.0.1/
https://239.255.255.250/
https://240.0.0.1/
https://255.255.255.255/
https://256.1.1.1/
https://1.2.3.4.5/
https://[::]/
https://[::1]/
https://[0:0:0:0:0:0:0:1]/
https://[::127.0.0.1]/
https://[::ffff:127.0.0.1]/
https://[::ffff:7f00:1]/
https://[::ffff:8.8.8.8]/
https://[::ffff:0:127.0.0.1]/
https://[64:ff9b::127.0.0.1]/
https://[64:ff9b::a9fe:a9fe]/
https://[64:ff9b:1::7f00:1]/
https://[2002:7f00:1::]/
https://[2002:808:808::]/
https://[2001:0:7f00:1::]/
https://[2001:db8::1]/
https://[2a00:1450::5efe:7f00:1]/
https://[2a00:1450::200:5efe:a9fe:a9fe]/
https://[3fff::1]/
https://[5f00::1]/
https://[100::1]/
https://[fc00::1]/
https://[fd00:ec2::254]/
https://[fd20:ce::254]/
https://[fe80::1]/
https://[fe80::1%25eth0]/
https://[fe80::1%eth0]/
https://[fec0::1]/
https://[ff02::1]/
https://[127.0.0.1]/
https://[::1/
https://::1/
https://[]/
https://[example.com]/
"""
REFUSED = TABLE.strip().splitlines()

# Written with characters that look like others, or like nothing.
REFUSED += [
    "https://１２７.０.０.１/",  # full width digits
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",  # ideographic full stops
    "https://example。com/",
    "https://exa\u200bmple.com/",  # zero width space
    "https://exa\u200dmple.com/",
    "https://exa\u00admple.com/",  # soft hyphen
    "https://\u2060localhost/",
    "https://ｌocalhost/",
    "https://ⓛocalhost.example/",
    "https://\ufeffexample.com/",
    "https://example.com\u202e/",
    "https://xn--/",
    "https://xn--a\u00e9.example/",
    "https://example.com/\r\nHost: 127.0.0.1",
    "https://example.com\t/",
    "https://example.com\x00.127.0.0.1/",
    "https://example.com/\ud800",
    " https://example.com/",
    "https://example.com/\n",
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 127 + "com/",
    "https://example.com/" + "a" * 2000,
    "",
]


def _resolve_nothing(host: str, port: int) -> list[str]:
    raise AssertionError("nothing is to be resolved here")


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_a_url_that_does_not_lead_outside_is_refused_unresolved(url: str):
    with pytest.raises(BadInput) as refusal:
        destination_of(url, OUTSIDE)
    host = url.split("/")[2] if url.count("/") > 2 else ""
    assert len(host) < 5 or host not in str(refusal.value)  # what was given is not echoed


def test_there_are_many_forms_in_that_table():
    assert len(set(REFUSED)) == len(REFUSED) >= 60


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "kept"),
    [
        ("https://example.com", "example.com", 443, "/", "https://example.com/"),
        ("HTTPS://Example.COM./a/B?c=D", "example.com", 443, "/a/B?c=D", "https://example.com/a/B?c=D"),
        ("https://example.com:443/", "example.com", 443, "/", "https://example.com/"),
        ("https://example.com:8443/x", "example.com", 8443, "/x", "https://example.com:8443/x"),
        ("https://example.com/@me:80//x", "example.com", 443, "/@me:80//x", "https://example.com/@me:80//x"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/", "https://8.8.8.8/"),
        ("https://[2A00:1450:0::1]/", "2a00:1450::1", 443, "/", "https://[2a00:1450::1]/"),
        ("https://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808", 443, "/", "https://[64:ff9b::808:808]/"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "/", "https://xn--bcher-kva.example/"),
        (
            "https://xn--bcher-kva.example/",
            "xn--bcher-kva.example",
            443,
            "/",
            "https://xn--bcher-kva.example/",
        ),
        ("https://0x7f.example.com/", "0x7f.example.com", 443, "/", "https://0x7f.example.com/"),
    ],
)
def test_a_url_that_leads_outside_is_kept_in_one_form(url: str, host: str, port: int, target: str, kept: str):
    reached = destination_of(url, OUTSIDE)
    assert (reached.host, reached.port, reached.target, reached.url) == (host, port, target, kept)
    assert destination_of(reached.url, OUTSIDE) == reached


INSIDE = [
    *("127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fd00:ec2::254"),
    *("ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::", "2001:0:1::1", "64:ff9b::10.0.0.1", "no address"),
]


@pytest.mark.parametrize("inside", INSIDE)
def test_one_inner_address_among_those_of_a_name_is_enough_to_refuse_it(inside: str):
    reached = destination_of("https://example.com/", OUTSIDE)
    for found in ([inside], ["8.8.8.8", inside], [inside, "8.8.8.8"]):
        with pytest.raises(BadInput) as refusal:
            addresses_of(reached, OUTSIDE, lambda host, port, found=found: found)
        assert str(refusal.value) == str(unreachable())


def test_a_name_that_does_not_resolve_is_refused_in_the_same_words_as_one_that_leads_inside():
    def fails(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    for resolve in (fails, lambda host, port: [], lambda host, port: [f"8.8.8.{i}" for i in range(33)]):
        with pytest.raises(BadInput) as refusal:
            addresses_of(destination_of("https://example.com/", OUTSIDE), OUTSIDE, resolve)
        assert str(refusal.value) == str(unreachable())
    with pytest.raises(BadInput) as refusal:
        destination_of("https://127.0.0.1/", OUTSIDE)
    assert str(refusal.value) == str(unreachable())


def test_the_addresses_of_a_name_come_back_once_each_in_order():
    reached = destination_of("https://example.com/", OUTSIDE)
    found = ["8.8.8.8", "2a00:1450::1", "8.8.8.8"]
    assert addresses_of(reached, OUTSIDE, lambda host, port: found) == ["8.8.8.8", "2a00:1450::1"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000/", "http://[::1]:5000/", "https://127.0.0.1:5000/"])
def test_on_a_laptop_loopback_is_reached_on_any_port_above_1023(url: str):
    reached = destination_of(url, LAPTOP)
    assert addresses_of(reached, LAPTOP, lambda host, port: [host]) == [reached.host]


def test_on_a_laptop_other_ports_are_for_what_is_inside():
    reached = destination_of("https://example.com:5000/", LAPTOP)
    assert addresses_of(reached, LAPTOP, lambda host, port: ["10.0.0.1"]) == ["10.0.0.1"]
    with pytest.raises(BadInput):
        addresses_of(reached, LAPTOP, lambda host, port: ["8.8.8.8"])


def test_on_a_laptop_plain_http_leaves_the_machine_no_more_than_elsewhere():
    for url, found in [("http://10.0.0.1:5000/", "10.0.0.1"), ("http://example.com:5000/", "8.8.8.8")]:
        with pytest.raises(BadInput):
            addresses_of(destination_of(url, LAPTOP), LAPTOP, lambda host, port, found=found: [found])


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/",
        "https://[fd00:ec2::254]/",
        "https://metadata.google.internal/",
        "https://0.0.0.0/",
        "https://100.100.100.200/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://[::ffff:127.0.0.1]/",
        "http://127.0.0.1/",
        "http://127.0.0.1:22/",
        "https://0177.0.0.1/",
    ],
)
def test_on_a_laptop_the_metadata_of_a_cloud_and_odd_forms_stay_refused(url: str):
    with pytest.raises(BadInput):
        destination_of(url, LAPTOP)


@given(st.text(max_size=40))
def test_any_text_is_a_destination_or_a_refusal(text: str):
    for url in (text, f"https://{text}", f"https://{text}/", f"https://example.com/{text}"):
        try:
            reached = destination_of(url, OUTSIDE)
        except BadInput:
            continue
        assert (reached.authority + reached.target).isascii()
        assert reached.authority.isprintable()
        assert reached.target.isprintable()
