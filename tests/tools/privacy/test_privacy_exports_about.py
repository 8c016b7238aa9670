"""Which exports a person was in, and how an erasure ends them: journey by journey on a few plain rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.destinations import Destination, Destinations, Keys
from store.errors import Conflict, Expired, NotFound
from store.records.access.audit import entries_of
from store.workspace import Workspace
from tests.conftest import Clock
from tools.activation.export_audience import export_audience
from tools.activation.queries import ExportAudience
from tools.calls import call
from tools.declaration import tool
from tools.identity.get_person import PersonQuery, get_person
from tools.identity.resolve_identities import ResolveQuery, resolve_identities
from tools.privacy.erase_person import erase_person
from tools.privacy.exports_about_person import ExportsAbout, ExportsAboutPerson, exports_about_person
from tools.privacy.person import AboutPerson
from tools.scoring.score_leads import ScoreLeads

COLUMNS = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email", "domain": "email"},
    "plan": {"kind": "category"},
}
ROWNUMBERED = {name: column for name, column in COLUMNS.items() if name != "id"}


def rows(numbers: range, without: tuple[str, ...] = ()) -> str:
    """Generated people: 1 is person1@example.com."""
    header = [name for name in ("id", "email", "plan") if name not in without]
    cells = [
        {"id": n, "email": f"person{n}@example.com", "plan": "Pro" if n % 2 else "Free"} for n in numbers
    ]
    return (
        "\n".join([",".join(header), *(",".join(str(each[name]) for name in header) for each in cells)])
        + "\n"
    )


@pytest.fixture
def ten(load: Callable[..., Workspace]) -> Workspace:
    return load(rows(range(1, 11)), COLUMNS)


def about(workspace: Workspace, **whom: Any) -> ExportsAbout:
    return exports_about_person(workspace, ExportsAboutPerson(**whom))


def by_email(number: int) -> dict[str, Any]:
    return {"multi_identifiers": [{"id_type": "email", "values": [f"person{number}@example.com"]}]}


def profile_file(workspace: Workspace, ids: list[int], format: Any = "csv") -> str:
    link = get_person(workspace, PersonQuery(person_ids=ids, format=format)).export
    assert link is not None
    return workspace.exports.path(link).stem


def test_every_way_out_keeps_who_was_in_it(ten: Workspace, clock: Clock) -> None:
    """Persons 1 and 3 as profiles, 3 and 4 by identifiers, 1, 3, 5, 7, 9 for a platform: 3 is in all."""
    first = profile_file(ten, [1, 3])
    clock.advance(minutes=1)
    groups = [{"id_type": "email", "values": ["person3@example.com", "person4@example.com"]}]
    second = resolve_identities(
        ten, ResolveQuery.model_validate({"multi_identifiers": groups, "format": "jsonl"})
    )
    assert second.export is not None
    clock.advance(minutes=1)
    pro = ten.population.catalogue.valued("plan", "Pro")
    assert pro is not None
    query = ExportAudience(destination="meta", expression=pro.cluster_hash, split=2)
    third = export_audience(ten, query)
    assert [file.export.rows for file in third.files] == [2, 2, 1]
    held = {
        number: [each.export_id for each in about(ten, person_id=number).exports] for number in range(1, 11)
    }
    resolved = ten.exports.path(second.export).stem
    assert held[3][1:] == [resolved, first]
    assert held[3][0] in {file.export_id for file in third.files}
    assert held[4] == [resolved]
    assert held[2] == held[6] == []
    assert sum(len(each) for each in held.values()) == 2 + 2 + 5
    newest = about(ten, person_id=3).exports[0]
    assert (newest.platform, newest.actor, newest.delivered_to) == ("meta", "local", "")
    assert about(ten, **by_email(3)).exports == about(ten, person_id=3).exports


def test_what_is_not_a_person_is_in_no_list(ten: Workspace) -> None:
    """A file of leads given as rows has no people, though a row is called 3."""
    link = ten.exports.write(
        "leads_1", "csv", ["lead"], [[{"lead": "3"}]], warehouse="small", workflow_id="", now=ten.now()
    )
    assert link.rows == 1
    found = about(ten, person_id=3)
    assert (found.exports, found.looked_at, found.unknown) == ([], 1, 0)


def test_scored_persons_are_kept_by_their_ids(us: Workspace) -> None:
    from tools.scoring.leads.given import leads_of_persons

    ids = us.population.shards[0].person_ids[:3].tolist()
    leads = leads_of_persons(us, ids)
    assert leads.persons is not None
    assert leads.persons.tolist() == ids
    assert ScoreLeads(person_ids=ids).sources() == ["person_ids"]


def test_the_answer_stays_when_the_file_is_gone(ten: Workspace, clock: Clock) -> None:
    made = profile_file(ten, [1])
    clock.advance(hours=2)
    other = profile_file(ten, [2])  # removes files whose hour is over
    assert [path.stem for path in (ten.home / "exports").iterdir()] == [other]
    assert [each.export_id for each in about(ten, person_id=1).exports] == [made]


def test_the_newest_are_told_first_and_that_there_are_more(ten: Workspace, clock: Clock) -> None:
    made = []
    for _ in range(3):
        made.append(profile_file(ten, [1]))
        clock.advance(minutes=1)
    found = about(ten, person_id=1, most=2)
    assert [each.export_id for each in found.exports] == made[:0:-1]
    assert found.has_more
    assert not about(ten, person_id=1, most=3).has_more


def test_rows_of_another_snapshot_are_found_by_who_they_are(
    load: Callable[..., Workspace], clock: Clock
) -> None:
    """Without ids of their own people are rows: person 2 of ten is row 1, and row 0 of those from 2 on."""
    workspace = load(rows(range(1, 11), ("id",)), ROWNUMBERED)
    (was,) = exports_known(workspace, 2)
    made = profile_file(workspace, [was])
    clock.advance(hours=1)
    load(rows(range(2, 11), ("id",)), ROWNUMBERED)
    (now,) = exports_known(workspace, 2)
    assert now != was
    assert [each.export_id for each in about(workspace, person_id=now).exports] == [made]
    assert about(workspace, person_id=was).exports == []  # somebody else now
    for _ in range(3):  # until the first snapshot is forgotten
        clock.advance(hours=1)
        load(rows(range(2, 11), ("id",)), ROWNUMBERED)
    (now,) = exports_known(workspace, 2)
    found = about(workspace, person_id=now)
    assert (found.exports, found.unknown) == ([], 1)


def exports_known(workspace: Workspace, number: int) -> list[int]:
    found = resolve_identities(workspace, ResolveQuery.model_validate(by_email(number)))
    return [identity["person_id"] for identity in found.identities]


def test_export_ask_erase_ask_again_load_again(load: Callable[..., Workspace], clock: Clock) -> None:
    """The whole way of a wish to be forgotten, of person 3 of ten."""
    ten = load(rows(range(1, 11)), COLUMNS)
    made, other = profile_file(ten, [3, 4]), profile_file(ten, [4])
    link = next(row for row in ten.database.exports("") if row.export_id == made)
    assert link.people == 2
    erased = erase_person(ten, AboutPerson(**by_email(3)))
    assert (erased.known, erased.identifiers, erased.exports_revoked) == (True, 1, [made])
    assert erased.out_of_reach == []
    assert [path.stem for path in (ten.home / "exports").iterdir()] == [other]
    with pytest.raises(NotFound):
        about(ten, **by_email(3))
    assert [each.revoked_at for each in about(ten, person_id=3).exports] == [clock()]
    clock.advance(hours=1)
    load(rows(range(1, 11)), COLUMNS)
    assert get_person(ten, PersonQuery(person_ids=[3])).not_found == ["3"]
    assert [each.export_id for each in about(ten, person_id=3).exports] == [made]
    again = erase_person(ten, AboutPerson(person_id=3))
    assert (again.known, again.exports_revoked) == (False, [])


def test_what_was_fetched_or_delivered_is_told(ten: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    destination = Destination(name="box", url=folder.as_uri(), created_at=ten.now())
    Destinations(ten.home).add(destination, Keys(), [tmp_path])
    fetched = profile_file(ten, [3])
    ten.exports.count_download(f"{fetched}.csv")
    made = export_audience(ten, ExportAudience(destination="meta", person_ids=[3, 4], delivery="box"))
    [file] = made.files
    assert file.delivered is not None
    [told] = [each for each in about(ten, person_id=3).exports if each.delivered_to]
    assert (told.delivered_to, told.delivered_url) == ("box", file.delivered.url)
    erased = erase_person(ten, AboutPerson(person_id=3))
    assert {(each.export_id, each.downloads, each.delivered_to) for each in erased.out_of_reach} == {
        (fetched, 1, ""),
        (file.export_id, 0, "box"),
    }
    assert list(folder.iterdir())  # it lies there still


def test_somebody_erased_while_an_export_is_written_is_not_in_a_file_that_opens(ten: Workspace) -> None:
    """The rows are read, then the person is erased, then the file is done: it is revoked at once."""

    def batches():
        yield [{"person_id": 3}]
        ten.warehouse.erase(3, {})

    given = {"warehouse": "small", "workflow_id": "", "now": ten.now()}
    with pytest.raises(Conflict):
        ten.exports.write("e1", "csv", ["person_id"], batches(), **given)
    assert not list((ten.home / "exports").iterdir())
    with pytest.raises(Expired):
        ten.exports.write("e1", "csv", ["person_id"], [[{"person_id": 4}]], **given)


def test_identifiers_of_two_people_erase_neither(load: Callable[..., Workspace]) -> None:
    shared = "id,email,plan\n1,both@example.com,Pro\n2,both@example.com,Pro\n"
    workspace = load(shared, COLUMNS)
    groups = [{"id_type": "email", "values": ["both@example.com"]}]
    with pytest.raises(Conflict, match="2 people"):
        erase_person(workspace, AboutPerson.model_validate({"multi_identifiers": groups}))
    assert not workspace.warehouse.erasures.person_ids


def test_the_audit_holds_counts_and_nobody(ten: Workspace) -> None:
    made = profile_file(ten, [3])
    erase_person(ten, AboutPerson(**by_email(3)))
    entries = entries_of(ten.database, 50)
    assert {(each.action, each.about) for each in entries} == {
        ("export.written", made),
        ("export.revoked", made),
        ("person.erased", "small"),
    }
    (erasure,) = [each for each in entries if each.action == "person.erased"]
    assert erasure.detail == {
        "known": True,
        "identifiers": 1,
        "exports_revoked": 1,
        "out_of_reach": 0,
        "artifacts": 0,
    }
    assert "person3" not in str([each.model_dump() for each in entries])


def test_asking_leaves_a_trace_of_counts(ten: Workspace) -> None:
    profile_file(ten, [3])
    found = call(tool(exports_about_person, needs=("people",)), ten, by_email(3))
    assert isinstance(found, ExportsAbout)
    (trace,) = ten.database.traces(found.workflow_id)
    assert trace.tool == "exports_about_person"
    assert "person3" not in str(trace.model_dump())


def test_one_way_to_say_who(ten: Workspace) -> None:
    for given in ({}, {"person_id": 1, **by_email(1)}):
        with pytest.raises(ValueError, match="either"):
            AboutPerson(**given)
