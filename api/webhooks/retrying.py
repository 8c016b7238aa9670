"""When is a message that was not taken sent again?"""

import hashlib
import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

S, MIN, H = 1, 60, 3600
# Seconds before each attempt; the first is made at once. After the last one a delivery is dead.
LADDER = (0, 5 * S, 5 * MIN, 30 * MIN, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H)
ATTEMPTS = len(LADDER)
LONGEST = timedelta(seconds=24 * H)  # that a receiver's Retry-After may put an attempt off
JITTER_SHARE = 0.1  # each way, so that what failed together does not come back together


def next_attempt(
    delivery_id: str, attempts: int, now: datetime, retry_after: str | None = None
) -> datetime | None:
    """When it is tried again after so many attempts; None when it is not.

    The wait is the ladder's, within a tenth of it, the same for the same delivery; or what the receiver
    asks for when that is longer, at most 24 hours.
    """
    if attempts >= ATTEMPTS:
        return None
    wait = LADDER[attempts] * (1 + JITTER_SHARE * (2 * _draw(delivery_id, attempts) - 1))
    return now + max(timedelta(seconds=wait), min(_asked(retry_after, now), LONGEST))


def _draw(delivery_id: str, attempts: int) -> float:
    """A number in 0..1 that is the same for the same attempt."""
    digest = hashlib.sha256(f"{delivery_id} {attempts}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def _asked(retry_after: str | None, now: datetime) -> timedelta:
    """What a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3); else nothing."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), LONGEST.total_seconds()))
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        seconds = (at - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return timedelta(seconds=max(0.0, seconds)) if math.isfinite(seconds) else timedelta()
