"""refresh_standing: once, whatever happens; nothing by a dry run; the others when one fails."""

import threading
from typing import Any

import pytest

from store.destinations import Destinations
from store.errors import NotFound
from store.locks import Lock
from store.records.access.audit import entries_of
from store.records.standing import changes_of, last_change
from tests.tools.standing.conftest import Crowd, told
from tools.standing.files import writing
from tools.standing.keep_audience import pause_audience, remove_audience
from tools.standing.kept import refreshed as refreshing
from tools.standing.list_standing import list_standing
from tools.standing.people.then import PEOPLE
from tools.standing.queries import ListStanding, RefreshStanding
from tools.standing.refresh import refresh_standing

FIVE = {1: "Pro L", 2: "Pro L", 3: "Pro S", 4: "Free L", 5: "Free S"}
BEST = "plan=Pro AND size=L"


def test_nothing_is_written_by_a_dry_run(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    kept = crowd.keep(BEST, destination=crowd.has_destination())
    before = sorted(str(path) for path in workspace.home.rglob("*.people"))
    assert crowd.refresh("dry_run").rows == 2
    assert not list((crowd.folder / "ads").glob("*"))
    assert last_change(workspace.database, kept.standing.standing_id) is None
    assert sorted(str(path) for path in workspace.home.rglob("*.people")) == before
    assert told(workspace) == []


def test_a_refresh_that_was_killed_before_its_record_is_done_again_and_told_once(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd.are(FIVE)
    kept = crowd.keep(BEST, destination=crowd.has_destination())

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(refreshing, "_recorded", killed)
        with pytest.raises(KeyboardInterrupt):
            crowd.refresh()
    left = crowd.files()
    assert len(left) == 1
    assert told(crowd.workspace) == []
    done = crowd.refresh()
    assert crowd.files() == left  # the same name, not another one
    assert len(told(crowd.workspace)) == 1
    crowd.refresh()
    changes = changes_of(crowd.workspace.database, kept.standing.standing_id)
    assert [each.change_id for each in changes] == [done.change_id]


def test_a_change_that_was_told_and_is_kept_again_is_told_once(crowd: Crowd) -> None:
    """Killed after the record and before what follows it: asked again, it is unchanged."""
    crowd.are(FIVE)
    crowd.keep(BEST)
    crowd.refresh()
    crowd.refresh()
    assert len(told(crowd.workspace)) == 1


def test_two_refreshes_at_once_make_one_change(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    kept = crowd.keep(BEST, destination=crowd.has_destination())
    found: list[str] = []
    barrier = threading.Barrier(4)

    def one() -> None:
        barrier.wait()
        found.append(crowd.refresh().status)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) <= {"synced", "busy", "unchanged"}
    assert found.count("synced") == 1
    assert len(changes_of(workspace.database, kept.standing.standing_id)) == 1
    assert len(told(workspace)) == 1


def test_one_that_is_held_by_somebody_else_is_told_as_busy(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    kept = crowd.keep(BEST)
    lock = Lock(workspace.home / "locks" / f"{kept.standing.standing_id}.lock")
    assert lock.taken()
    assert crowd.refresh().status == "busy"
    lock.let_go()
    assert crowd.refresh().status == "synced"


def test_one_that_cannot_be_made_does_not_stop_the_others(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    crowd.keep("plan=Pro", name="a", destination=crowd.has_destination("gone"))
    crowd.keep("size=L", name="b")
    Destinations(workspace.home).remove("gone")
    found = refresh_standing(workspace, RefreshStanding(mode="yes")).audiences
    assert [(each.name, each.status) for each in found] == [("a", "refused"), ("b", "synced")]
    assert "no such destination" in found[0].refused
    assert last_change(workspace.database, found[0].standing_id) is None


def test_a_paused_one_rests_and_a_removed_one_is_gone_with_its_people(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    crowd.keep(BEST)
    first = crowd.refresh()
    assert pause_audience(workspace, "best", is_paused=True).is_paused
    crowd.are({1: "Pro L"})
    assert crowd.refresh().status == "paused"
    pause_audience(workspace, "best", is_paused=False)
    assert crowd.refresh("dry_run").status == "would_change"
    remove_audience(workspace, "best")
    assert list_standing(workspace, ListStanding()).audiences == []
    assert not workspace.artifacts.path(PEOPLE, first.change_id, "people").exists()
    with pytest.raises(NotFound, match="no such standing audience"):
        remove_audience(workspace, "best")
    noted = [entry.action for entry in entries_of(workspace.database, 20)]
    for action in ("kept", "synced", "paused", "resumed", "removed"):
        assert f"standing.{action}" in noted


@pytest.mark.parametrize("at", ["deliver", "_delivered"])
def test_a_refresh_that_was_killed_at_its_files_ends_with_the_same_files(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Killed after the first of three files had arrived, before or after that was noted."""
    crowd.are(FIVE)
    crowd.keep(BEST, destination=crowd.has_destination())
    crowd.refresh()
    crowd.are({1: "Pro L", 2: "Free L", 3: "Pro L"})
    real = getattr(writing, at)

    def killed(*given_: Any) -> None:
        real(*given_)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(writing, at, killed)
        with pytest.raises(KeyboardInterrupt):
            crowd.refresh()
    arrived = set(crowd.files())
    assert len(arrived) == 2
    crowd.refresh()
    files = crowd.files()
    assert arrived < set(files)
    assert len(files) == 4
    assert [each["counts"]["files"] for each in told(crowd.workspace)] == [1, 3]
