"""Is this the password?"""

import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from store.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 256  # characters; NIST SP 800-63B asks for a length and against rules of composition
# One hash takes 64 MiB: a flood of sign-ins must not take the machine's memory.
AT_ONCE = threading.BoundedSemaphore(4)


def password_hash(password: str) -> str:
    """The argon2id hash of a password (RFC 9106, its second choice). Raises BadInput for a short one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters", where="password", instead="Any will do."
        )
    with AT_ONCE:
        return _hasher().hash(_normal(password))


def is_password(kept: str | None, password: str) -> bool:
    """Whether the password is that of the hash; without a hash it takes as long, and is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        with AT_ONCE:
            right = _hasher().verify(kept or _nobodys(), _normal(password[: LONGEST + 1]))
    except (InvalidHashError, VerificationError):
        return False
    return right and kept is not None


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("the password of nobody")


def _normal(password: str) -> bytes:
    # A keyboard may send an accented letter as one character or as two.
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
