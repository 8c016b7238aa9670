import base64
import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.webhooks.signing import new_secret, opened, sealed, signature, signed_headers
from store.signing import Signer

AT = datetime(2026, 3, 2, 8, 0, 0, 700_000, tzinfo=UTC)  # 1772438400 seconds


def _verified(secret: str, headers: dict[str, str], body: bytes) -> None:
    """Whether the reference library takes it, at the time that the headers tell."""
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
    expected = Webhook(secret).sign(headers["webhook-id"], at, body.decode())
    if expected not in headers["webhook-signature"].split(" "):
        raise WebhookVerificationError


def test_a_secret_is_32_random_bytes_behind_its_prefix():
    secrets = {new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert all(len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32 for one in secrets)


def test_a_signature_is_the_hmac_of_id_time_and_body():
    """Worked out with the standard library: key `b"k" * 32` over `msg_1.1772438400.{"a":1}`."""
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    by_hand = hmac.new(b"k" * 32, b'msg_1.1772438400.{"a":1}', hashlib.sha256).digest()
    assert signature(secret, "msg_1", 1772438400, b'{"a":1}') == "v1," + base64.b64encode(by_hand).decode()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_the_reference_library_takes_what_is_signed(text: str):
    secret, body = new_secret(), text.encode()
    headers = signed_headers([secret], "msg_7", AT, body)
    assert headers["webhook-timestamp"] == "1772438400"
    _verified(secret, headers, body)


def test_the_reference_library_takes_a_message_of_now_whole():
    secret = new_secret()
    now = datetime.now(UTC)  # the library reads the clock itself
    headers = signed_headers([new_secret(), secret], "msg_8", now, b'{"type":"webhook.test"}')
    assert Webhook(secret).verify(b'{"type":"webhook.test"}', headers) == {"type": "webhook.test"}


def test_the_reference_library_refuses_another_body_id_time_or_secret():
    secret = new_secret()
    headers = signed_headers([secret], "msg_9", AT, b"{}")
    for other in (
        (secret, headers, b"{ }"),
        (secret, headers | {"webhook-id": "msg_10"}, b"{}"),
        (secret, headers | {"webhook-timestamp": "1772438401"}, b"{}"),
        (new_secret(), headers, b"{}"),
    ):
        with pytest.raises(WebhookVerificationError):
            _verified(*other)


def test_while_two_secrets_hold_each_of_them_verifies():
    old, new = new_secret(), new_secret()
    headers = signed_headers([new, old], "msg_1", AT, b"{}")
    _verified(old, headers, b"{}")
    _verified(new, headers, b"{}")


def test_a_sealed_secret_is_opened_by_its_house_only(tmp_path: Path):
    ours, theirs, secret = Signer(tmp_path / "a.key"), Signer(tmp_path / "b.key"), new_secret()
    kept = sealed(secret, ours)
    assert secret not in kept
    assert secret.removeprefix("whsec_") not in kept
    assert opened(kept, ours) == secret
    with pytest.raises(ValueError, match="another key"):
        opened(kept, theirs)
