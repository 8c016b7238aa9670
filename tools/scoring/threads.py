"""How many threads may boosting use on a few thousand rows?"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


@contextmanager
def one_thread() -> Iterator[None]:
    """Boosting within the block runs in the thread that calls it.

    Trees of a few thousand rows give each thread microseconds of work: on a machine that does anything else
    the threads wait for each other, and a score took seconds in the place of milliseconds.
    """
    with _controller().limit(limits=1, user_api="openmp"):
        yield


@cache
def _controller() -> "ThreadpoolController":
    import sklearn.ensemble  # noqa: F401  # only a library that is loaded can be held
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
