"""What happens is told to whoever watches, with what it happens in and how it ended."""

import contextvars
import threading

import pytest

from store.errors import BadInput
from store.watching import Happening, current, happening, watch


class Told:
    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []

    def began(self, happening: Happening) -> None:
        self.said.append(("began", happening.kind, happening.name))

    def ended(self, happening: Happening) -> None:
        self.said.append(("ended", happening.name, happening.outcome))


@pytest.fixture
def told():
    watcher = Told()
    leave = watch(watcher)
    yield watcher.said
    leave()


def test_a_beginning_and_its_end_are_told_in_order(told) -> None:
    with happening("call", "outer"), happening("step", "inner"):
        pass
    assert told == [
        ("began", "call", "outer"),
        ("began", "step", "inner"),
        ("ended", "inner", "ok"),
        ("ended", "outer", "ok"),
    ]


@pytest.mark.parametrize(
    ("error", "outcome"), [(BadInput("no"), "refused"), (ValueError("x"), "failed"), (SystemExit(), "failed")]
)
def test_an_error_is_the_outcome_and_goes_on(told, error: BaseException, outcome: str) -> None:
    with pytest.raises(type(error)), happening("call", "c"):
        raise error
    assert told[-1] == ("ended", "c", outcome)
    assert current() is None


def test_what_is_known_is_of_the_nearest_that_says_it() -> None:
    with happening("request", "r", request_id="q", actor="a"):
        with happening("call", "c", actor="b") as call:
            call.note_around(workflow_id="w", actor="c")
            assert [call.known(name) for name in ("request_id", "actor", "workflow_id", "other")] == [
                "q",
                "b",
                "w",
                None,
            ]
        around = current()
        assert around is not None
        assert around.about == {"request_id": "q", "actor": "a", "workflow_id": "w"}


def test_a_thread_knows_what_it_happens_in_where_it_is_given_the_context(told) -> None:
    seen: list[object] = []
    with happening("request", "r") as request:
        for run in (contextvars.copy_context().run, lambda work: work()):
            thread = threading.Thread(target=run, args=(lambda: seen.append(current()),))
            thread.start()
            thread.join()
    assert seen == [request, None]


def test_who_came_late_or_left_hears_nothing_of_what_was_going_on(told) -> None:
    late = Told()
    with happening("call", "c"):
        leave = watch(late)
    leave()
    with happening("call", "d"):
        pass
    assert late.said == []
