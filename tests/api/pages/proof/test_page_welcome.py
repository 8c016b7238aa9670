"""The first visit: examples that are really made, a file to try, and questions that are understood."""

import csv

import pytest

from agent.planner.planner import plan
from api.access.visit import Visit
from api.demo import making
from api.demo.customers import BROKEN, HEADER, ROWS, write_best_customers
from api.demo.progress import STEPS, Kept, is_making, making_lock, note_wanted, read_progress
from api.pages.welcome.suggestions import MOST, suggestions
from api.settings import Settings
from store.access import LOCAL_OWNER
from store.errors import BadInput
from store.identifiers import Malformed, normalise

BROWSER = {"Accept": "text/html"}


class Stub:
    """Steps that do nothing but be counted; `outcomes` is refused."""

    def __init__(self, house, settings, kept) -> None:
        self.done: list[str] = []
        self.steps = {name: self._step(name) for name in STEPS}

    def _step(self, name):
        def make(tell) -> None:
            tell(0.5)
            if name == "outcomes":
                raise BadInput("No room", where="disk")
            self.done.append(name)

        return make


def test_the_example_file_has_2_000_rows_of_which_40_have_a_broken_email(consumers, tmp_path):
    out = tmp_path / "best.csv"
    write_best_customers(consumers / "people" / "customers" / "golf_homeowners.csv", out, seed=1)
    header, *rows = csv.reader(out.read_text().splitlines())
    assert tuple(header) == HEADER
    assert (len(rows), sum(_is_broken(row[0]) for row in rows)) == (ROWS, BROKEN)
    assert len({row[0] for row in rows if not _is_broken(row[0])}) == ROWS - BROKEN


def _is_broken(email: str) -> bool:
    try:
        normalise("email", email)
    except Malformed:
        return True
    return False


def test_examples_are_wanted_until_they_are_made_and_never_beside_ones_own(house, load):
    settings = Settings(home=house.home)
    assert making.is_wanted(settings)
    load("id,city\n1,Austin\n", columns={"id": {"kind": "person_id"}, "city": {"kind": "category"}})
    assert not making.is_wanted(settings)
    note_wanted(house.home)
    assert making.is_wanted(settings)
    lock = making_lock(house.home)
    assert lock.taken()
    assert is_making(house.home)
    assert not making.is_wanted(settings)
    lock.let_go()


def test_a_refused_example_is_told_and_the_others_are_made(tmp_path, monkeypatch):
    monkeypatch.setattr("api.demo.steps.Making", Stub)
    kept = making.make_demo(Settings(home=tmp_path / "home"))
    assert kept is not None
    states = {step.name: step.state for step in kept.progress.steps}
    assert states == {name: "failed" if name == "outcomes" else "done" for name in STEPS}
    assert read_progress(tmp_path / "home") == kept.progress
    assert kept.progress.share == pytest.approx(1)
    assert not making.is_wanted(Settings(home=tmp_path / "home"))


def test_what_was_made_is_not_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr("api.demo.steps.Making", Stub)
    home = tmp_path / "home"
    before = Kept(home)
    before.move("people", "done")
    before.move("customers", "running")
    heard: list[str] = []
    making.make_demo(
        Settings(home=home),
        lambda kept: heard.extend(
            s.name for s in kept.progress.steps if s.state == "done" and s.name not in heard
        ),
    )
    assert making.make_demo(Settings(home=home)) is not None  # nothing is left, and nothing breaks
    assert heard[:2] == ["people", "customers"]


def test_two_makers_do_not_meet(tmp_path):
    lock = making_lock(tmp_path / "home")
    assert lock.taken()
    assert making.make_demo(Settings(home=tmp_path / "home")) is None
    lock.let_go()


def test_every_suggested_question_is_understood(us):
    visit = Visit(None, LOCAL_OWNER, Settings(home=us.home))  # type: ignore[arg-type]  # of which it asks who
    asked = suggestions(visit, us)
    assert len(asked) == MOST
    for question in asked:
        understood = plan(question, workspace=us)
        assert understood.steps, question
        assert understood.ask is None, question
        assert understood.decline is None, question


def test_the_first_screen_tells_how_far_the_examples_are(served, us):
    kept = Kept(us.home)
    kept.move("people", "running")
    kept.tell("people", 0.5)
    kept.write()
    assert "interrupted" in served.get("/welcome", headers=BROWSER).text  # nobody is at it
    lock = making_lock(us.home)
    assert lock.taken()
    shown = served.get("/welcome", headers=BROWSER).text
    assert 'data-follow="/welcome/events?waits=true"' in shown
    assert 'value="21"' in shown  # half of the first step, which takes 42 % of the time
    lock.let_go()
    for name in STEPS:
        kept.move(name, "done")
    told = served.get("/welcome/events").text
    assert "event: done" in told
    assert "<progress" not in told
