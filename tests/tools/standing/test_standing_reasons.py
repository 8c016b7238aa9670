"""refresh_standing: who came and who went, for which one reason each."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.workspace import House, Workspace
from tests.tools.standing.conftest import COLUMNS, Crowd, reasons, told
from tools.audience.selection import Location
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson
from tools.standing.keep_audience import keep_audience
from tools.standing.kept.forgetting import forget_in_standing
from tools.standing.list_standing import list_standing
from tools.standing.people.then import EVERYONE, PEOPLE
from tools.standing.queries import KeepAudience, ListStanding, RefreshStanding
from tools.standing.refresh import refresh_standing

FIVE = {1: "Pro L", 2: "Pro L", 3: "Pro S", 4: "Free L", 5: "Free S"}
BEST = "plan=Pro AND size=L"


def test_a_first_refresh_writes_everybody_and_the_same_data_does_nothing(crowd: Crowd) -> None:
    crowd.are(FIVE)
    kept = crowd.keep(BEST, destination=crowd.has_destination())
    assert (kept.people, kept.standing.people) == (2, None)
    first = crowd.refresh()
    assert (first.status, first.people, first.people_before) == ("synced", 2, None)
    assert (first.entered, first.left, first.synced, first.rows) == ([], [], "ads", 2)
    (lines,) = crowd.files().values()
    assert [cells[:2] for cells in csv.reader(lines)] == [
        ["person_id", "email1"],
        ["1", "person1@example.org"],
        ["2", "person2@example.org"],
    ]
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


def test_one_who_was_taken_out_of_what_is_kept_is_still_counted_as_erased(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    crowd.keep(BEST)
    first = crowd.refresh()
    erase_person(workspace, AboutPerson(person_id=2))
    forget_in_standing(workspace, lambda _: [2])  # again changes nothing, if the erasure did it already
    assert workspace.artifacts.people(PEOPLE, first.change_id).tolist() == [1]
    assert forget_in_standing(workspace, lambda _: [2]) == 0
    done = crowd.refresh()
    assert (done.people_before, done.people, reasons(done.left)) == (2, 1, {"erased": 1})


def test_who_moves_away_leaves_by_the_place(load: Callable[..., Workspace]) -> None:
    """2 moves from 10 km to 100 km north of the place; 3 comes from 100 km."""
    columns = {**COLUMNS, "lat": {"kind": "latitude"}, "lon": {"kind": "longitude"}}

    def loaded(two: float, three: float) -> Workspace:
        rows = f"1,Pro,L,,40.0,-100\n2,Pro,L,,{two},-100\n3,Pro,L,,{three},-100\n"
        return load("id,plan,size,email,lat,lon\n" + rows, columns, warehouse="near")

    workspace = loaded(40.09, 40.9)
    pro = workspace.population.catalogue.valued("plan", "Pro")
    assert pro is not None
    place = Location(latitude=40, longitude=-100, radius=20, unit="km")
    keep_audience(workspace, KeepAudience(name="near", expression=pro.cluster_hash, location=place))
    refresh_standing(workspace, RefreshStanding(mode="yes"))
    loaded(40.9, 40.09)
    (done,) = refresh_standing(workspace, RefreshStanding(mode="yes")).audiences
    for moved in (done.entered, done.left):
        assert [(each.reason, each.clauses) for each in moved] == [
            ("trait", {"within 20 km of the place": 1})
        ]


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


def test_customers_leave_when_they_are_won(crowd: Crowd, won: Callable[..., None]) -> None:
    crowd.are(FIVE)
    crowd.keep(BEST)
    assert crowd.refresh().people == 2
    won(crowd.workspace, [2])
    done = crowd.refresh()
    assert (done.people, reasons(done.left)) == (1, {"customer": 1})


def test_ids_of_a_population_that_no_audience_needs_are_removed(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    crowd.keep(BEST)
    crowd.refresh()
    crowd.are({**FIVE, 6: "Pro L"})
    crowd.refresh()
    folder = workspace.artifacts.path(EVERYONE, "any", "people").parent
    assert [path.stem.partition("-")[2] for path in folder.iterdir()] == [workspace.population.snapshot_id]


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
