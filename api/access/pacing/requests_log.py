"""When did each of them ask? The moving windows of this process, on a clock that is given."""

import threading
from collections import deque
from collections.abc import Callable

from limits.storage import MovingWindowSupport, Storage

SWEPT_AT = 10_000  # askers after which those who asked long ago are forgotten


class RequestsLog(Storage, MovingWindowSupport):
    """Storage for `limits`, whose own reads the wall clock and starts threads."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock, self._lock = clock, threading.Lock()
        self._times: dict[str, deque[float]] = {}
        self._sweep_at = SWEPT_AT

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether there was room in the window; then it is taken."""
        with self._lock:
            times, now = self._within(key, expiry)
            if len(times) + amount > limit:
                return False
            times.extend([now] * amount)
            if len(self._times) > self._sweep_at:
                self._sweep(now - expiry)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest entry of the window was made, now where there is none; and how many there are."""
        with self._lock:
            times, now = self._within(key, expiry)
            return (times[0] if times else now), len(times)

    def give_back(self, key: str) -> None:
        """Take the newest entry back."""
        with self._lock:
            times = self._times.get(key)
            if times:
                times.pop()

    def _within(self, key: str, expiry: int) -> tuple[deque[float], float]:
        now, times = self._clock(), self._times.setdefault(key, deque())
        while times and times[0] <= now - expiry:
            times.popleft()
        return times, now

    def _sweep(self, before: float) -> None:
        self._times = {key: times for key, times in self._times.items() if times and times[-1] > before}
        self._sweep_at = max(SWEPT_AT, 2 * len(self._times))  # else a crowd would be swept at every request

    def reset(self) -> int:
        """Forget everything; how many were known."""
        with self._lock:
            known = len(self._times)
            self._times.clear()
            return known

    def clear(self, key: str) -> None:
        """Forget one."""
        with self._lock:
            self._times.pop(key, None)

    def check(self) -> bool:
        """Memory is there."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not kept here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not kept here."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not kept here."""
        raise NotImplementedError
