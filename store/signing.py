"""Links that need no other credential: signed, with an end."""

import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path


class Signer:
    """Signs and checks with the secret of one FIELDMARK_HOME, made at first use and readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _secret(self) -> bytes:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(f".{os.getpid()}")
            beside.touch(mode=0o600)
            beside.write_bytes(secrets.token_bytes(32))
            try:
                os.link(beside, self._path)  # the first process wins
            except FileExistsError:
                pass
            beside.unlink()
        return self._path.read_bytes()

    def sign(self, name: str, expires_at: datetime) -> str:
        """64 hex digits over the name and the second at which the link ends (HMAC-SHA256)."""
        return hmac.new(self._secret(), f"{name}\n{int(expires_at.timestamp())}".encode(), hashlib.sha256).hexdigest()

    def is_signed(self, name: str, expires_at: datetime, signature: str) -> bool:
        """Whether the signature is ours for this name and end."""
        return hmac.compare_digest(self.sign(name, expires_at), signature)
