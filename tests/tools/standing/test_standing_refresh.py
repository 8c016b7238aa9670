"""refresh_standing: who came, who went and why; the files; once, whatever happens."""

import csv
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.destinations import Destination, Destinations, Keys
from store.errors import BadInput, Conflict, NotFound
from store.locks import Lock
from store.records import OutboxMessage
from store.records.access.audit import entries_of
from store.records.newest import newest
from store.records.standing import changes_of, last_change
from store.workspace import House, Workspace
from tests.store.destinations.conftest import KEY, SECRET, bucket, opened, s3_server
from tests.tools.standing.conftest import COLUMNS, Crowd, reasons
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson
from tools.standing.keep_audience import keep_audience, pause_audience, remove_audience
from tools.standing.kept import refreshed as refreshing
from tools.standing.list_standing import list_standing
from tools.standing.people.definition import Definition
from tools.standing.people.members import ids_of, members
from tools.standing.people.now import Now
from tools.standing.people.then import EVERYONE, PEOPLE
from tools.standing.queries import KeepAudience, ListStanding, RefreshStanding
from tools.standing.refresh import refresh_standing

__all__ = ["bucket", "s3_server"]  # fixtures

FIVE = {1: "Pro L", 2: "Pro L", 3: "Pro S", 4: "Free L", 5: "Free S"}
BEST = "plan=Pro AND size=L"


def told(workspace: Workspace) -> list[dict[str, Any]]:
    """What was told of synced audiences, oldest first."""
    rows = newest(
        workspace.database,
        OutboxMessage,
        OutboxMessage.created_at,
        OutboxMessage.message_id,
        100,
        event="audience.synced",
    )
    return [row.payload["data"] for row in reversed(rows)]


def test_a_first_refresh_writes_everybody_and_the_same_data_does_nothing(crowd: Crowd) -> None:
    crowd.are(FIVE)
    kept = crowd.keep(BEST, destination=crowd.has_destination())
    assert (kept.people, kept.standing.people) == (2, None)
    first = crowd.refresh()
    assert (first.status, first.people, first.people_before) == ("synced", 2, None)
    assert (first.entered, first.left, first.synced, first.rows) == ([], [], "ads", 2)
    (lines,) = crowd.files().values()
    assert lines == [
        "person_id,email1,email2,email3",
        "1,person1@example.org,,",
        "2,person2@example.org,,",
    ] or [line.split(",")[0] for line in lines] == ["person_id", "1", "2"]
    again = crowd.refresh()
    assert (again.status, again.people, again.change_id) == ("unchanged", 2, first.change_id)
    assert [each["counts"]["people"] for each in told(crowd.workspace)] == [2]
    (shown,) = list_standing(crowd.workspace, ListStanding()).audiences
    assert (shown.people, shown.delivered_to, shown.is_paused) == (2, "ads", False)


def test_who_came_and_who_went_has_one_reason_each_exactly_counted(crowd: Crowd) -> None:
    """Pro and large were 1, 2, 6, 7, 8. Then: 1 stays, 2 became Free, 6 left the population, 7 became small
    and Free, 8 was erased; 3 became large, 9 is new, 4 became Pro.
    """
    crowd.are({**FIVE, 6: "Pro L", 7: "Pro L", 8: "Pro L"})
    crowd.keep(BEST, destination=crowd.has_destination())
    crowd.refresh()
    erase_person(crowd.workspace, AboutPerson(person_id=8))
    crowd.are(
        {1: "Pro L", 2: "Free L", 3: "Pro L", 4: "Pro L", 5: "Free S", 7: "Free S", 8: "Pro L", 9: "Pro L"}
    )
    dry = crowd.refresh("dry_run")
    done = crowd.refresh()
    assert (dry.status, done.status) == ("would_change", "synced")
    assert dry.model_dump(exclude={"status", "is_dry_run", "synced", "files"}) == done.model_dump(
        exclude={"status", "is_dry_run", "synced", "files"}
    )
    assert (done.people, done.people_before) == (4, 5)
    assert reasons(done.entered) == {"trait": 2, "new_in_population": 1}
    assert reasons(done.left) == {"trait": 2, "left_population": 1, "erased": 1}
    (came,) = [each for each in done.entered if each.reason == "trait"]
    (went,) = [each for each in done.left if each.reason == "trait"]
    # 3 was small, 4 was Free; 2 is Free now, 7 is Free and small now.
    assert list(came.clauses.values()) == [1, 1]
    assert sorted(went.clauses.values()) == [1, 2]
    files = {name.rpartition("-")[2]: lines for name, lines in crowd.files().items()}
    ids = {part: [line.split(",")[0] for line in lines[1:]] for part, lines in files.items()}
    assert ids["entered.csv"] == ["3", "4", "9"]
    assert ids["left.csv"] == ["2", "7"]  # 6 and 8 are nobody's any more


def test_an_erased_person_leaves_with_that_reason_though_nothing_was_loaded(crowd: Crowd) -> None:
    crowd.are(FIVE)
    crowd.keep(BEST, destination=crowd.has_destination())
    crowd.refresh()
    erase_person(crowd.workspace, AboutPerson(person_id=2))
    done = crowd.refresh()
    assert (done.status, done.people, reasons(done.left)) == ("synced", 1, {"erased": 1})
    for lines in list(crowd.files().values())[1:]:
        assert not any("person2@" in line for line in lines)
    kept = crowd.workspace.artifacts.people(PEOPLE, done.change_id)
    assert kept.tolist() == [1]


def test_a_changed_expression_of_a_newer_analysis_is_told_as_the_criteria(crowd: Crowd) -> None:
    """Of the newest analysis: first Pro, then Pro or large. 4 enters by the criteria; 3 stays Pro."""
    crowd.are(FIVE)
    analysed(crowd, "icp_1", "plan=Pro")
    keep_audience(crowd.workspace, KeepAudience(name="newest", analysis_id="newest"))
    assert crowd.refresh().people == 3
    analysed(crowd, "icp_2", "plan=Pro OR size=L")
    done = crowd.refresh()
    assert (done.people, reasons(done.entered), done.left) == (4, {"definition": 1}, [])
    analysed(crowd, "icp_3", "plan=Pro AND size=S")
    assert reasons(crowd.refresh().left) == {"definition": 3}


def analysed(crowd: Crowd, analysis_id: str, expression: str) -> None:
    from store.records import Analysis

    workspace = crowd.workspace
    way = {"strategy": "precision", "expression": crowd.clusters(expression), "in_words": expression}
    workspace.artifacts.save_document(
        "analysis", analysis_id, {"warehouse": "crowd", "strategies": [way], "segments": []}
    )
    at = workspace.now().replace(minute=int(analysis_id[-1]))
    workspace.database.add(
        Analysis(
            analysis_id=analysis_id,
            workflow_id="",
            warehouse="crowd",
            snapshot_id=workspace.population.snapshot_id,
            created_at=at,
            customers=1,
            headline="",
        )
    )


def test_what_a_snapshot_forgot_long_ago_was_is_told_as_far_as_it_is_known(crowd: Crowd) -> None:
    """Three newer snapshots push the first out: who is new is still known, which clause it was is not."""
    crowd.are(FIVE)
    crowd.keep(BEST)
    crowd.refresh()
    for _ in range(3):
        crowd.are({**FIVE, 3: "Pro L", 6: "Pro L"})
    done = crowd.refresh()
    assert reasons(done.entered) == {"trait": 1, "new_in_population": 1}
    assert [each.clauses for each in done.entered] == [{}, {}]


def test_people_without_ids_of_their_own_cannot_be_followed_through_a_load(
    load: Callable[..., Workspace],
) -> None:
    columns = {name: kind for name, kind in COLUMNS.items() if name != "id"}
    rows = "plan,size,email\nPro,L,a@example.org\nFree,S,b@example.org\n"
    workspace = load(rows, columns, warehouse="nameless")
    (pro,) = [each for each in workspace.population.catalogue.named("plan") if each.value == "Pro"]
    keep_audience(workspace, KeepAudience(name="pro", expression=pro.cluster_hash))
    refresh_standing(workspace, RefreshStanding(mode="yes"))
    load(rows, columns, warehouse="nameless")
    (done,) = refresh_standing(workspace, RefreshStanding(mode="yes")).audiences
    assert (done.status, done.people, done.entered, done.left) == ("synced", 1, [], [])
    assert "no ids of their own" in done.note


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


def test_customers_leave_when_they_are_won(crowd: Crowd, won: Callable[..., None]) -> None:
    crowd.are(FIVE)
    crowd.keep(BEST)
    assert crowd.refresh().people == 2
    won(crowd.workspace, [2])
    done = crowd.refresh()
    assert (done.people, reasons(done.left)) == (1, {"customer": 1})


def test_the_same_ones_stay_of_a_size_that_nothing_ranks(crowd: Crowd) -> None:
    """100 of 200; when 20 others are added, those who stay are the lowest by hash: nobody is swapped in vain."""
    crowd.are({number: "Pro L" for number in range(1, 201)})
    crowd.keep("plan=Pro", target_size=100)
    crowd.refresh()
    crowd.are({number: "Pro L" for number in range(1, 221)})
    done = crowd.refresh()
    assert done.people == done.people_before == 100
    assert set(reasons(done.left)) <= {"rank"}
    assert reasons(done.entered).get("new_in_population", 0) == sum(reasons(done.entered).values())
    assert sum(reasons(done.entered).values()) == sum(reasons(done.left).values()) <= 20


def test_ids_of_a_population_that_no_audience_needs_are_removed(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    crowd.keep(BEST)
    crowd.refresh()
    crowd.are({**FIVE, 6: "Pro L"})
    crowd.refresh()
    folder = workspace.artifacts.path(EVERYONE, "any", "people").parent
    assert [path.stem.partition("-")[2] for path in folder.iterdir()] == [workspace.population.snapshot_id]


def test_a_platform_form_goes_to_the_destination_and_consent_stops_it(
    load: Callable[..., Workspace], tmp_path: Path
) -> None:
    columns = {**COLUMNS, "has_diabetes": {"kind": "flag", "domain": "lifestyle"}}
    rows = "id,plan,size,email,has_diabetes\n1,Pro,L,a@example.org,Yes\n2,Pro,L,b@example.org,No\n"
    workspace = load(rows, columns, warehouse="care")
    out = tmp_path / "out"
    made = Destination(name="ads", url=f"file://{out}", created_at=workspace.now())
    Destinations(workspace.home).add(made, Keys(), [tmp_path])
    catalogue = workspace.population.catalogue
    (sick,) = [each.cluster_hash for each in catalogue.named("has_diabetes") if each.value == "Yes"]
    (pro,) = [each.cluster_hash for each in catalogue.named("plan") if each.value == "Pro"]
    form = {"platform": "meta", "destination": "ads"}
    with pytest.raises(Conflict, match="Special category"):
        keep_audience(workspace, KeepAudience(name="x", expression=sick, **form))
    keep_audience(workspace, KeepAudience(name="x", expression=pro, **form))
    (done,) = refresh_standing(workspace, RefreshStanding(mode="yes")).audiences
    assert (done.rows, done.synced) == (2, "ads")
    assert "below_minimum" in [each.code for each in done.warnings]
    (file,) = out.glob("*.csv")
    header, *body = csv.reader(file.read_text("utf-8").splitlines())
    assert len(body) == 2
    assert not any("@" in cell for row in body for cell in row)  # hashed


def test_a_bucket_gets_the_files(
    crowd: Crowd,
    s3_server: str,
    bucket: str,  # fixtures
) -> None:
    workspace = crowd.are(FIVE)
    made = Destination(name="s3", url=f"s3://{bucket}/daily", endpoint=s3_server, created_at=workspace.now())
    Destinations(workspace.home).add(made, Keys.model_validate({"key": KEY, "secret": SECRET}))
    crowd.keep(BEST, destination="s3")
    done = crowd.refresh()
    (file,) = done.files
    with opened(s3_server).open_input_stream(file.url.removeprefix("s3://")) as stream:
        assert stream.read().decode().splitlines()[1].startswith("1,")


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"platform": "meta"}, "of use only at a destination"),
        ({"destination": "nowhere"}, "no such destination"),
    ],
)
def test_what_can_not_be_kept_is_refused(crowd: Crowd, given_: dict[str, str], says: str) -> None:
    crowd.are(FIVE)
    with pytest.raises((BadInput, NotFound), match=says):
        crowd.keep(BEST, **given_)


def test_a_name_is_kept_once(crowd: Crowd) -> None:
    crowd.are(FIVE)
    crowd.keep(BEST)
    with pytest.raises(Conflict, match="of this name"):
        crowd.keep("plan=Pro")


plans = st.dictionaries(
    st.integers(1, 12), st.sampled_from(["Pro L", "Pro S", "Free L", "Free S"]), min_size=1
)


@given(before=plans, after=plans)
@settings(max_examples=12)
def test_every_movement_adds_up_whatever_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, before: dict[int, str], after: dict[int, str]
) -> None:
    """people now = people before + entered - left, and the reasons are those of a count by hand."""
    house = _house(tmp_path_factory.mktemp("moved"))
    everybody = {**before, 13: "Pro L", 14: "Free S"}
    then = {**after, 13: "Pro L", 14: "Free S"}
    crowd = Crowd(_loader(house), house.home)
    crowd.are(everybody)
    crowd.keep(BEST)
    crowd.refresh()
    crowd.are(then)
    done = crowd.refresh()
    were = {number for number, traits in everybody.items() if traits == "Pro L"}
    are = {number for number, traits in then.items() if traits == "Pro L"}
    entered = {
        "new_in_population": len((are - were) - set(everybody)),
        "trait": len((are - were) & set(everybody)),
    }
    left = {"left_population": len((were - are) - set(then)), "trait": len((were - are) & set(then))}
    assert reasons(done.entered) == {name: many for name, many in entered.items() if many}
    assert reasons(done.left) == {name: many for name, many in left.items() if many}
    assert done.people == len(are)
    house.close()


def _house(home: Path) -> House:
    import itertools
    from datetime import UTC, datetime

    ids = itertools.count(1)
    return House(
        home, base_url="", now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC), new_id=lambda: str(next(ids))
    )


def _loader(house: House) -> Callable[..., Workspace]:
    from store.population.mapping import Mapping

    def load_rows(text: str, columns: dict[str, Any], warehouse: str) -> Workspace:
        file = house.home / "rows.csv"
        file.write_text(text)
        workspace = house.workspace(warehouse)
        workspace.warehouse.load(
            [file],
            Mapping.model_validate({"columns": columns}),
            house.now(),
            progress=lambda *_: None,
            processes=1,
        )
        return workspace

    return load_rows


def test_no_two_ids_have_one_hash_and_the_lowest_are_taken(crowd: Crowd) -> None:
    crowd.are({number: "Pro L" for number in range(1, 1001)})
    now = Now(crowd.workspace)
    for most in (1, 10, 999, 1000, 5000):
        people = members(now, Definition(in_words="", most=most))
        ids = ids_of(now.population, people)
        assert len(ids) == min(most, 1000)
        assert len(np.unique(ids)) == len(ids)
