"""May they ask once more?"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from limits import RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter

from api.access.pacing.requests_log import RequestsLog
from store.errors import TooFast


@dataclass(frozen=True)
class Taken:
    """What came of asking."""

    granted: bool
    limit: int  # requests in the window
    window: int  # seconds
    remaining: int
    reset: int  # seconds until one more may be made, where none remains

    def headers(self) -> dict[str, str]:
        """What remains, in the fields of draft-ietf-httpapi-ratelimit-headers: up to its 06, and since."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
            "RateLimit-Policy": f'"default";q={self.limit};w={self.window}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset}',
        }

    def refusal(self, what: str, where: str) -> TooFast:
        """The refusal of who was not granted one, with the seconds to wait."""
        refusal = TooFast(what, where=where, instead=f"Ask again in {self.reset} seconds.")
        refusal.retry_seconds = self.reset
        return refusal


class Pace:
    """At most so many in any window of so many seconds, for each of who asks.

    It is kept in the process: a house that is served by several processes grants as many times more.
    """

    def __init__(self, most: int, seconds: int, now: Callable[[], datetime]) -> None:
        self._item = RateLimitItemPerSecond(most, seconds)
        self._clock = lambda: now().timestamp()
        self._log = RequestsLog(self._clock)
        self._limiter = MovingWindowRateLimiter(self._log)

    def take(self, who: str) -> Taken:
        """One more, if there is room for it."""
        granted = self._limiter.hit(self._item, who)
        reset_at, remaining = self._limiter.get_window_stats(self._item, who)
        wait = max(1, math.ceil(reset_at - self._clock()))
        return Taken(granted, self._item.amount, self._item.get_expiry(), max(0, remaining), wait)

    def give_back(self, who: str) -> None:
        """What was taken last does not count."""
        self._log.give_back(self._item.key_for(who))
