"""What goes on in this process, told to whoever watches: requests, calls, steps, questions to a model."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from store.errors import ToolRefused

Kind = Literal["request", "call", "job", "step", "model_call", "delivery"]
Told = str | int | float


@dataclass(eq=False)
class Happening:
    """Something that began and will end. What is told of it are names, ids and figures: nobody's values."""

    kind: Kind
    name: str  # of a tool, a step, a text; of a request its method and the template of its route
    about: dict[str, Told] = field(default_factory=dict)
    within: "Happening | None" = None
    outcome: str = "ok"  # or refused, failed, and what else its kind knows
    seconds: float = 0.0
    carried: dict[str, str] = field(default_factory=dict, repr=False)  # headers that name the caller's trace
    marks: dict[Any, Any] = field(default_factory=dict, repr=False)  # what a watcher keeps until the end

    def note(self, **about: Told) -> None:
        """Tell more of it."""
        self.about.update(about)

    def note_around(self, **about: Told) -> None:
        """Tell this of it and of all it happens in, where they do not say it themselves."""
        one: Happening | None = self
        while one is not None:
            one.about = about | one.about
            one = one.within

    def known(self, name: str) -> Told | None:
        """What is told under this name of it, or of the nearest that it happens in."""
        one: Happening | None = self
        while one is not None:
            if name in one.about:
                return one.about[name]
            one = one.within
        return None


class Watcher(Protocol):
    """Hears of a beginning and of its end, in the thread in which it happens."""

    def began(self, happening: Happening) -> None: ...

    def ended(self, happening: Happening) -> None: ...


_watchers: tuple[Watcher, ...] = ()
_current: ContextVar[Happening | None] = ContextVar("happening", default=None)


def watch(watcher: Watcher) -> Callable[[], None]:
    """Let this watcher hear of all that begins from now on; what comes back ends that."""
    global _watchers
    _watchers = (*_watchers, watcher)

    def leave() -> None:
        global _watchers
        _watchers = tuple(one for one in _watchers if one is not watcher)

    return leave


def current() -> Happening | None:
    """What happens here: the innermost."""
    return _current.get()


@contextmanager
def happening(
    kind: Kind, name: str, carried: dict[str, str] | None = None, **about: Told
) -> Iterator[Happening]:
    """Something that happens within the block. An error is its outcome, and goes on."""
    one = begin(kind, name, carried, **about)
    try:
        yield one
    except BaseException as error:
        one.outcome = outcome_of(error)
        raise
    finally:
        end(one)


def begin(kind: Kind, name: str, carried: dict[str, str] | None = None, **about: Told) -> Happening:
    """Something that begins in this thread and that `end` ends: where no block can hold it."""
    one = Happening(kind, name, about, _current.get(), carried=carried or {})
    watchers = _watchers
    one.marks[end] = watchers, time.perf_counter()
    for watcher in watchers:
        watcher.began(one)
    _current.set(one)
    return one


def end(one: Happening) -> None:
    """Tell the end of it to those who heard it begin; what happens next here, happens around it."""
    watchers, began = one.marks.pop(end)
    one.seconds = time.perf_counter() - began
    _current.set(one.within)
    for watcher in reversed(watchers):
        watcher.ended(one)


def outcome_of(error: BaseException) -> str:
    """How something ended that an error ended: `refused`, `cancelled`, `waiting` or `failed`."""
    if isinstance(error, ToolRefused):
        return "refused"
    # Two that are no errors, and are defined above this layer.
    return {"Cancelled": "cancelled", "NeedsApproval": "waiting", "GraphInterrupt": "waiting"}.get(
        type(error).__name__, "failed"
    )
