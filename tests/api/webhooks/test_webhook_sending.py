import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest

from api.webhooks.addresses import Reach
from api.webhooks.sending import Answer, Sender
from tests.api.webhooks.conftest import BOUND_S, Receiver, answer

LAPTOP = Reach(private=True)


def _never(host: str, port: int) -> list[str]:
    raise AssertionError("nothing is to be resolved")


@pytest.fixture
def sender() -> Sender:
    return Sender(LAPTOP, resolve=lambda host, port: [host], seconds=5)


def test_a_message_arrives_as_it_is(receiver: Receiver, sender: Sender):
    got = sender.post(receiver.url + "?a=%20b", {"webhook-id": "msg_1"}, b'{"a": "\xc3\xa9"}')
    assert got == Answer(204)
    ((headers, body),) = receiver.got
    assert body == b'{"a": "\xc3\xa9"}'
    assert receiver.paths == ["/hook?a=%20b"]
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert (headers["content-type"], headers["webhook-id"]) == ("application/json", "msg_1")
    assert headers["user-agent"].startswith("Fieldmark/")


@pytest.mark.parametrize("status", [200, 204, 400, 404, 410, 429, 500, 503])
def test_the_status_and_retry_after_come_back(receiver: Receiver, sender: Sender, status: int):
    receiver.answering = lambda handler, _: answer(handler, status, retry_after="7")
    assert sender.post(receiver.url, {}, b"{}") == Answer(status, "7")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(
    make_receiver: Callable[[], Receiver], sender: Sender, status: int
):
    outer, inner = make_receiver(), make_receiver()
    outer.answering = lambda handler, _: answer(handler, status, location=inner.url)
    assert sender.post(outer.url, {}, b"{}").status == status
    assert len(outer.got) == 1
    assert inner.got == []


def test_a_receiver_that_hangs_is_given_up(receiver: Receiver):
    def hang(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        receiver.released.wait(BOUND_S)

    receiver.answering = hang
    began = time.monotonic()
    got = Sender(LAPTOP, resolve=lambda host, port: [host], seconds=0.3).post(receiver.url, {}, b"{}")
    assert got == Answer()
    assert time.monotonic() - began < 5


def test_a_receiver_that_drips_is_given_up_although_each_byte_comes_in_time(receiver: Receiver):
    def drip(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        while not receiver.released.wait(0.05):
            handler.wfile.write(b"a")
            handler.wfile.flush()

    receiver.answering = drip
    began = time.monotonic()
    got = Sender(LAPTOP, resolve=lambda host, port: [host], seconds=0.5).post(receiver.url, {}, b"{}")
    assert got == Answer()
    assert time.monotonic() - began < 5


def test_of_a_flood_no_more_than_64_kb_is_read_and_its_status_counts(receiver: Receiver, sender: Sender):
    written = []

    def flood(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(2000):
            handler.wfile.write(b"a" * 65_536)
            written.append(65_536)

    receiver.answering = flood
    assert sender.post(receiver.url, {}, b"{}") == Answer(200)
    receiver.close()
    assert sum(written) < 2000 * 65_536  # 131 MB: the rest was hung up on


def test_a_flood_of_headers_is_no_answer(receiver: Receiver, sender: Sender):
    def flood(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            handler.wfile.write(b"x-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" % number)

    receiver.answering = flood
    assert sender.post(receiver.url, {}, b"{}") == Answer()


@pytest.mark.parametrize(
    "junk",
    [b"", b"\x00" * 50, b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 999999 x\r\n\r\n", b"220 smtp ready\r\n"],
)
def test_what_is_no_http_is_no_answer(receiver: Receiver, sender: Sender, junk: bytes):
    receiver.answering = lambda handler, _: handler.wfile.write(junk) and None
    assert sender.post(receiver.url, {}, b"{}") == Answer()


def test_inside_refused_unresolved_and_not_listening_look_the_same(receiver: Receiver):
    def fails(host: str, port: int) -> list[str]:
        raise OSError

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        answers = [
            Sender(LAPTOP, resolve=lambda host, port: [host]).post(closed, {}, b"{}"),
            Sender(Reach(), resolve=_never).post(receiver.url, {}, b"{}"),
            Sender(Reach(), resolve=fails).post("https://example.com/", {}, b"{}"),
            Sender(Reach(), resolve=lambda host, port: ["10.0.0.1"]).post("https://example.com/", {}, b"{}"),
            Sender(LAPTOP, resolve=lambda host, port: ["127.0.0.1"]).post(
                f"https://example.com:{receiver.port}/", {}, b"{}"
            ),  # no TLS there
        ]
    assert answers == [Answer()] * 5
    assert receiver.got == []


def test_a_name_that_changes_its_address_after_the_check_is_called_where_it_was_checked(receiver: Receiver):
    """DNS rebinding: the second resolution, which would lead elsewhere, never happens."""
    told = iter([["127.0.0.1"]])
    sender = Sender(LAPTOP, resolve=lambda host, port: next(told), seconds=5)
    # No such name is in any DNS: were it resolved by whoever connects, the call would fail.
    got = sender.post(f"http://rebound.example.com:{receiver.port}/", {}, b"{}")
    assert got == Answer(204)
    ((headers, _),) = receiver.got
    assert headers["host"] == f"rebound.example.com:{receiver.port}"


def test_the_next_address_is_tried_where_the_first_does_not_listen(receiver: Receiver):
    sender = Sender(LAPTOP, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"], seconds=5)
    assert sender.post(f"http://example.com:{receiver.port}/", {}, b"{}") == Answer(204)


def test_a_name_with_an_inner_address_among_outer_ones_is_not_called(receiver: Receiver):
    sender = Sender(LAPTOP, resolve=lambda host, port: ["127.0.0.1", "169.254.169.254"], seconds=5)
    assert sender.post(f"http://example.com:{receiver.port}/", {}, b"{}") == Answer()
    assert receiver.got == []


Behind = tuple[Receiver, ssl.SSLContext, list[str | None]]


def _certificate(folder: Path, *names: str) -> Path:
    """A certificate of these names, signed by itself, and its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    kinds = [x509.IPAddress(ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))  # TLS reads the clock itself
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(kinds), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / "receiver.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def tls_receiver(receiver: Receiver, tmp_path: Path) -> Behind:
    """The receiver behind TLS as hooks.example.com, what trusts it, and the names it was asked for."""
    file, asked = _certificate(tmp_path, "hooks.example.com"), []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    receiver.server.socket = context.wrap_socket(
        receiver.server.socket, server_side=True, do_handshake_on_connect=False
    )
    return receiver, ssl.create_default_context(cafile=str(file)), asked


def test_through_tls_the_pinned_address_is_asked_for_the_name(
    tls_receiver: Behind,
):
    receiver, trusting, asked = tls_receiver
    sender = Sender(LAPTOP, resolve=lambda host, port: ["127.0.0.1"], tls=trusting, seconds=5)
    assert sender.post(f"https://hooks.example.com:{receiver.port}/x", {}, b"{}") == Answer(204)
    assert asked == ["hooks.example.com"]
    ((headers, _),) = receiver.got
    assert headers["host"] == f"hooks.example.com:{receiver.port}"


def test_a_certificate_of_another_name_or_of_nobody_known_is_no_answer(
    tls_receiver: Behind,
):
    receiver, trusting, _ = tls_receiver
    to_loopback = {"resolve": lambda host, port: ["127.0.0.1"], "seconds": 5}
    other_name = f"https://other.example.com:{receiver.port}/"
    assert Sender(LAPTOP, tls=trusting, **to_loopback).post(other_name, {}, b"{}") == Answer()
    unknown = f"https://hooks.example.com:{receiver.port}/"
    assert Sender(LAPTOP, **to_loopback).post(unknown, {}, b"{}") == Answer()
    assert receiver.got == []


def test_a_tls_handshake_that_hangs_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        sender = Sender(LAPTOP, resolve=lambda host, port: ["127.0.0.1"], seconds=0.3)
        began = time.monotonic()
        assert sender.post(f"https://hooks.example.com:{port}/", {}, b"{}") == Answer()
        assert time.monotonic() - began < 5
