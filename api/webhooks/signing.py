"""How does a receiver know that a message is ours, and how is the secret for that kept?

Messages are signed as Standard Webhooks 1.0.0 says (standardwebhooks.com, symmetric signatures).
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from store.signing import Signer

PREFIX, SECRET_BYTES = "whsec_", 32


def new_secret() -> str:
    """A secret for one endpoint: `whsec_` and the base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed_headers(secrets_in_use: list[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that a receiver checks; after a rotation they hold a signature of each secret."""
    timestamp = int(at.timestamp())
    signatures = (signature(secret, message_id, timestamp, body) for secret in secrets_in_use)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def sealed(secret: str, signer: Signer) -> str:
    """The secret as it is kept: whoever has the records alone cannot sign."""
    return _seal(signer).encrypt(secret.encode()).decode()


def opened(kept: str, signer: Signer) -> str:
    """The secret that was sealed. Raises ValueError when the house's key is another one."""
    from cryptography.fernet import InvalidToken

    try:
        return _seal(signer).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise ValueError("the secret of a webhook was sealed with another key of the house") from None


def _seal(signer: Signer):  # Fernet, which is imported when it is needed
    from cryptography.fernet import Fernet

    # 256 bits that are used for nothing else: HMAC-SHA256 of the house's secret over these words.
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(signer.digest(b"seal of webhook secrets"))))
