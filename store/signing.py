"""Links that need no other credential: signed, with an end."""

import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path


class Signer:
    """Signs and checks with the secret of one FIELDMARK_HOME.

    The secret is made at first use, and readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def _secret(self) -> bytes:
        if not self._path.exists():
            self._make()
        return self._path.read_bytes()

    def _make(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # A file of its own for each thread and process, of mode 0600 from the start.
        number, beside = tempfile.mkstemp(prefix=self._path.name, dir=self._path.parent)
        try:
            with open(number, "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(beside, self._path)  # the first wins
        finally:
            Path(beside).unlink()

    def digest(self, content: bytes) -> str:
        """64 hex digits that tell two contents apart and, without the secret, nothing of what they are."""
        return hmac.new(self._secret(), b"digest\n" + content, hashlib.sha256).hexdigest()

    def sign(self, name: str, expires_at: datetime) -> str:
        """64 hex digits over the name and the second at which the link ends (HMAC-SHA256)."""
        signed = f"{name}\n{int(expires_at.timestamp())}".encode(errors="surrogatepass")
        return hmac.new(self._secret(), signed, hashlib.sha256).hexdigest()

    def is_signed(self, name: str, expires_at: datetime, signature: str) -> bool:
        """Whether the signature is ours for this name and end."""
        # As bytes: compare_digest refuses texts beyond ASCII.
        given = signature.encode(errors="surrogatepass")
        return hmac.compare_digest(self.sign(name, expires_at).encode(), given)
