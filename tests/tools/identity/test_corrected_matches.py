"""Splitting a wrong match and merging two persons, worked out on eight people, and taken back again."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.errors import BadInput, Conflict, NotFound
from store.records import Feedback
from store.records.access.audit import entries_of
from store.records.corrections import Correction, active_corrections, add_correction
from store.records.feedback import decide, deciding
from store.workspace import Workspace
from tests.conftest import Clock
from tools.calls import call
from tools.declaration import tool
from tools.feedback.submit_feedback import submit_feedback
from tools.identity.corrections.keeping import UndoCorrection, undo_correction
from tools.identity.corrections.list_corrections import ListCorrections, list_corrections
from tools.identity.corrections.merge_persons import MergePersons, merge_persons
from tools.identity.corrections.overlay import corrections_on
from tools.identity.corrections.split_match import SplitMatch, split_match
from tools.identity.resolve_identities import ResolveQuery, resolve_identities
from tools.outcomes.persons_by_email import persons_by_email
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson

COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email"},
    "second": {"kind": "identifier", "identifier": "email"},
    "phone": {"kind": "identifier", "identifier": "phone"},
    "address": {"kind": "identifier", "identifier": "address"},
    "plan": {"kind": "category"},
    "pet": {"kind": "category", "domain": "lifestyle"},
}
ROWNUMBERED = {name: column for name, column in COLUMNS.items() if name != "id"}
# Four share one phone, 1 and 2 one address but for the unit; 3 and 4 have one e-mail.
ROWS = [
    (1, "person1@example.com", "other1@example.com", "2125550001", "1 Main St Apt 1 Springfield IL 62701"),
    (2, "person2@example.com", "", "2125550001", "1 Main St Apt 2 Springfield IL 62701"),
    (3, "shared@example.com", "person3@example.com", "2125550001", ""),
    (4, "shared@example.com", "", "2125550001", ""),
    (5, "person5@example.com", "", "2125550005", ""),
    (6, "person6@example.com", "", "", ""),
    (7, "person7@example.com", "", "", ""),
    (8, "", "", "2125550008", ""),
]
PETS = {1: "cat", 2: "cat", 3: "dog", 4: "dog", 5: "cat", 6: "dog", 7: "cat", 8: "dog"}
SMALL = {"shard_persons": 3}


def written(rows: list[tuple[Any, ...]], with_id: bool = True) -> str:
    names = [name for name in COLUMNS if with_id or name != "id"]
    lines = [",".join(names)]
    for row in rows:
        cells = [*row, "Pro" if row[0] % 2 else "Free", PETS[row[0]]]
        lines.append(",".join(str(cell) for cell in (cells if with_id else cells[1:])))
    return "\n".join(lines) + "\n"


@pytest.fixture
def eight(load: Callable[..., Workspace]) -> Workspace:
    return load(written(ROWS), COLUMNS, **SMALL)


def found(workspace: Workspace, kind: str, *values: str, hashed: str = "plaintext") -> dict[int, float]:
    given: Any = [{"id_type": kind, "hash_type": hashed, "values": list(values)}]
    answer = resolve_identities(workspace, ResolveQuery(multi_identifiers=given))
    assert answer.stats.resolved == len(answer.identities)
    return {each["person_id"]: each["overall_quality_score"] for each in answer.identities}


def split(workspace: Workspace, person_id: int, **what: Any) -> str:
    return split_match(workspace, SplitMatch(person_id=person_id, **what)).correction_id


def merge(workspace: Workspace, kept: int, other: int, **more: Any) -> str:
    query = MergePersons(person_id=kept, other_person_id=other, **more)
    return merge_persons(workspace, query).correction_id


def undone(workspace: Workspace, correction_id: str) -> None:
    undo_correction(workspace, UndoCorrection(correction_id=correction_id))


def test_a_split_match_falls_to_the_next_candidate_who_shares_it_with_nobody_now(eight: Workspace) -> None:
    """An e-mail of two people says 0.95 / sqrt(2) = 0.6718 of each; of one alone it says 0.95."""
    assert found(eight, "email", "shared@example.com") == {3: 0.6718, 4: 0.6718}
    made = split_match(
        eight, SplitMatch(person_id=3, id_type="email", value="Shared@Example.com", dry_run=True)
    )
    assert [(each.which, each.shared_by) for each in made.identifiers] == [
        ("email1", 1),
        ("email2", 0),
        ("phone1", 3),
    ]
    assert [(each.person_id, each.quality_score) for each in made.candidates] == [(4, 0.95)]
    assert (made.which, made.others, made.correction_id) == ("email1", 1, "")
    assert found(eight, "email", "shared@example.com") == {3: 0.6718, 4: 0.6718}  # a dry run
    correction = split(eight, 3, id_type="email", value="shared@example.com")
    assert found(eight, "email", "shared@example.com") == {4: 0.95}
    assert found(eight, "email", "person3@example.com") == {3: 0.9}
    undone(eight, correction)
    assert found(eight, "email", "shared@example.com") == {3: 0.6718, 4: 0.6718}


@pytest.mark.parametrize("hashed", ["md5", "sha1", "sha256"])
def test_a_split_holds_however_the_identifier_is_given(eight: Workspace, hashed: str) -> None:
    value = hashlib.new(hashed, b"person1@example.com").hexdigest()
    assert found(eight, "email", value, hashed=hashed) == {1: 0.95}
    split(eight, 1, id_type="email", value=value, hash_type=hashed)
    assert found(eight, "email", value, hashed=hashed) == {}
    assert found(eight, "email", "PERSON1@example.com") == {}
    assert persons_by_email(eight.population, ["person1@example.com"], corrections_on(eight)) == [None]


def test_an_address_that_was_split_off_does_not_find_them_by_its_building_either(eight: Workspace) -> None:
    """Without a unit the building says 0.55 / sqrt(2) = 0.3889 of each of its two; of one alone 0.55."""
    building = "1 Main St, Springfield, IL 62701"
    assert found(eight, "address", building) == {1: 0.3889, 2: 0.3889}
    split(eight, 1, which="address1")
    assert found(eight, "address", building) == {2: 0.55}
    assert found(eight, "address", "1 Main St Apt 1 Springfield IL 62701") == {2: 0.55}


def test_merged_persons_are_one_whose_evidence_is_united(eight: Workspace) -> None:
    """The phone of four is one of three once two are merged: 0.85 / sqrt(3) = 0.4907.

    Two e-mails of one person in the end: 1 - 0.05 x 0.05 = 0.9975; the same one given twice stays one.
    """
    assert set(found(eight, "phone", "2125550001")) == {1, 2, 3, 4}
    correction = merge(eight, 1, 2)
    assert found(eight, "phone", "2125550001") == {1: 0.4907, 3: 0.4907, 4: 0.4907}
    assert found(eight, "email", "person2@example.com") == {1: 0.95}
    assert found(eight, "email", "person1@example.com", "person2@example.com") == {1: 0.9975}
    assert found(eight, "email", "person2@example.com", "Person2@example.com") == {1: 0.95}
    undone(eight, correction)
    assert set(found(eight, "phone", "2125550001")) == {1, 2, 3, 4}
    assert found(eight, "email", "person1@example.com", "person2@example.com") == {1: 0.95, 2: 0.95}


def test_an_identifier_that_both_had_counts_once_for_the_one_they_are(eight: Workspace) -> None:
    merge(eight, 3, 4)
    assert found(eight, "email", "shared@example.com") == {3: 0.95}
    digest = hashlib.sha256(b"shared@example.com").hexdigest()
    both: Any = [
        {"id_type": "email", "values": ["shared@example.com"]},
        {"id_type": "email", "hash_type": "sha256", "values": [digest]},
    ]
    answer = resolve_identities(eight, ResolveQuery(multi_identifiers=both))
    [identity] = answer.identities
    assert (identity["overall_quality_score"], len(identity["matches"])) == (0.95, 2)
    assert (answer.stats.requested, answer.stats.resolved, answer.stats.rate) == (2, 1, 0.5)


def test_merges_of_merges_lead_to_the_one_who_was_kept_and_are_taken_back_one_by_one(
    eight: Workspace,
) -> None:
    first, second = merge(eight, 1, 2), merge(eight, 2, 5)
    assert found(eight, "email", "person5@example.com") == {1: 0.95}
    overlay = corrections_on(eight)
    assert overlay is not None
    assert overlay.one_each(np.array([1, 2, 5, 6])).tolist() == [1, 1, 1, 6]
    for pair in ((5, 1), (1, 5), (2, 1)):
        with pytest.raises(Conflict, match="one person already"):
            merge(eight, *pair)
    undone(eight, first)
    assert found(eight, "email", "person5@example.com") == {2: 0.95}
    undone(eight, second)
    assert found(eight, "email", "person5@example.com") == {5: 0.95}
    assert corrections_on(eight) is None


def test_the_evidence_of_a_merge_names_what_is_shared_and_what_chance_would_share(eight: Workspace) -> None:
    """1 and 2: a phone, a building, the same pet of two (chance 1/2); Pro and Free are not the same.

    Of two attributes with chance 1/2 each, at least one agrees in 3 of 4 pairs.
    """
    shown = merge_persons(eight, MergePersons(person_id=1, other_person_id=2, dry_run=True))
    likeness = shown.evidence
    assert (likeness.shared, likeness.same_building) == ({"phone": 1}, True)
    assert (likeness.compared, likeness.agreeing, likeness.expected) == (2, 1, 1.0)
    assert likeness.p == pytest.approx(0.75)
    assert shown.state == "dry_run"
    assert active_corrections(eight.database, "small") == []


def test_a_correction_keeps_digests_and_counts_and_nobodys_values(eight: Workspace) -> None:
    split(eight, 3, id_type="email", value="shared@example.com")
    merge(eight, 1, 2)
    kept = [each.model_dump_json() for each in active_corrections(eight.database, "small")]
    assert not any("example.com" in each or "2125550001" in each for each in kept)
    [first, _] = active_corrections(eight.database, "small")
    assert first.digests == [f"email:{hashlib.sha256(b'shared@example.com').hexdigest()}"]
    done = {entry.action for entry in entries_of(eight.database, 10)}
    assert done == {"match.split", "match.merged"}


@pytest.mark.parametrize(
    ("query", "error", "says"),
    [
        ({"person_id": 1, "id_type": "email", "value": "nobody@example.com"}, NotFound, "Theirs are: email1"),
        ({"person_id": 1, "which": "maid1"}, NotFound, "no such identifier"),
        ({"person_id": 1}, BadInput, "has 4 identifiers"),
        ({"person_id": 99, "which": "email1"}, NotFound, "Nobody in this population"),
        ({"person_id": 1, "id_type": "email", "value": "no address"}, BadInput, "no well-formed email"),
        ({"feedback_id": "feedback_none"}, NotFound, "no such feedback"),
    ],
)
def test_what_cannot_be_split_is_refused_without_a_value(
    eight: Workspace, query: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as refusal:
        split_match(eight, SplitMatch(**query))
    assert "example.com" not in str(refusal.value)
    assert "no address" not in str(refusal.value)


def test_a_person_with_one_identifier_is_split_from_it_without_naming_it(eight: Workspace) -> None:
    split(eight, 8)
    assert found(eight, "phone", "2125550008") == {}
    with pytest.raises(Conflict, match="split already"):
        split(eight, 8)


def test_a_wrong_match_is_accepted_by_its_correction_and_open_again_without_it(eight: Workspace) -> None:
    said = call(
        tool(submit_feedback),
        eight,
        {"workflow_id": "w", "kind": "wrong_match", "message": "Not them", "person_id": 6},
    )
    feedback_id: str = said.feedback_id  # type: ignore[attr-defined]  # a FeedbackResult
    made = split_match(eight, SplitMatch(feedback_id=feedback_id))
    kept = eight.database.get(Feedback, feedback_id)
    assert kept is not None
    assert (kept.status, kept.effect) == (
        "accepted",
        {"kind": "corrected", "correction_ids": [made.correction_id]},
    )
    back = undo_correction(eight, UndoCorrection(correction_id=made.correction_id))
    assert back.feedback_reopened == feedback_id
    kept = eight.database.get(Feedback, feedback_id)
    assert kept is not None
    assert (kept.status, kept.effect, kept.decided_at) == ("new", {}, None)
    with pytest.raises(Conflict, match="taken back already"):
        undone(eight, made.correction_id)


def test_corrections_come_in_pages_newest_first(eight: Workspace, clock: Clock) -> None:
    made = []
    for number in (5, 6, 7):
        clock.advance(minutes=1)
        made.append(split(eight, number, which="email1"))
    undone(eight, made[1])
    first = list_corrections(eight, ListCorrections(limit=2))
    assert [each.correction_id for each in first.corrections] == [made[2], made[1]]
    assert first.corrections[1].undone_by == "local"
    rest = list_corrections(eight, ListCorrections(limit=2, cursor=first.next_cursor))
    assert ([each.correction_id for each in rest.corrections], rest.next_cursor) == ([made[0]], None)
    holding = list_corrections(eight, ListCorrections(limit=1, holding=True))
    assert [each.correction_id for each in holding.corrections] == [made[2]]
    rest = list_corrections(eight, ListCorrections(limit=1, holding=True, cursor=holding.next_cursor))
    assert ([each.correction_id for each in rest.corrections], rest.next_cursor) == ([made[0]], None)
    assert list_corrections(eight, ListCorrections(kind="merge")).corrections == []
    with pytest.raises(BadInput, match="cursor"):
        list_corrections(eight, ListCorrections(cursor="correction_none"))


def test_corrections_are_carried_over_to_a_later_snapshot_by_person_id(
    eight: Workspace, load: Callable[..., Workspace], clock: Clock
) -> None:
    split(eight, 3, id_type="email", value="shared@example.com")
    merge(eight, 1, 2)
    clock.advance(days=7)
    later = load(written([*ROWS[::-1]]), COLUMNS, **SMALL)
    assert found(later, "email", "shared@example.com") == {4: 0.95}
    assert found(later, "email", "person2@example.com") == {1: 0.95}


def test_corrections_of_row_numbers_are_carried_over_by_the_other_identifiers(
    load: Callable[..., Workspace], clock: Clock
) -> None:
    before = load(written(ROWS, with_id=False), ROWNUMBERED, **SMALL)

    def row_of(workspace: Workspace, email: str) -> int:
        [row] = found(workspace, "email", email)
        return row

    third, one, two = (row_of(before, f"person{n}@example.com") for n in (3, 1, 2))
    split(before, third, id_type="email", value="shared@example.com")
    merge(before, one, two)
    clock.advance(days=7)
    later = load(written(ROWS[::-1], with_id=False), ROWNUMBERED, **SMALL)
    assert row_of(later, "person3@example.com") != third
    assert row_of(later, "shared@example.com") != row_of(later, "person3@example.com")
    assert row_of(later, "person2@example.com") == row_of(later, "person1@example.com")


def test_who_is_erased_takes_the_corrections_along_and_nobody_who_had_the_same_identifier(
    eight: Workspace,
) -> None:
    split(eight, 3, id_type="email", value="shared@example.com")
    merge(eight, 5, 3)
    gone = merge(eight, 1, 2)
    undone(eight, gone)
    merge(eight, 6, 7)
    erase_person(eight, AboutPerson(person_id=3))
    assert [
        (each.person_id, each.other_person_id) for each in active_corrections(eight.database, "small")
    ] == [(6, 7)]
    assert found(eight, "email", "shared@example.com") == {4: 0.95}
    assert found(eight, "email", "person3@example.com") == {}
    assert found(eight, "email", "person5@example.com") == {}  # who was the same person
    erase_person(eight, AboutPerson(person_id=2))
    assert eight.database.get(Correction, gone) is None


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("split"),
            st.integers(1, 8),
            st.sampled_from(["email1", "email2", "phone1", "address1"]),
        ),
        st.tuples(st.just("merge"), st.integers(1, 8), st.integers(1, 8)),
    ),
    max_size=6,
)


def everything(workspace: Workspace) -> dict[str, Any]:
    emails = sorted({each for row in ROWS for each in row[1:3] if each})
    phones = sorted({row[3] for row in ROWS if row[3]})
    asked: Any = [{"id_type": "email", "values": emails}, {"id_type": "phone", "values": phones}]
    answer = resolve_identities(workspace, ResolveQuery(multi_identifiers=asked))
    assert answer.stats.resolved == len({each["person_id"] for each in answer.identities})
    for each in answer.identities:
        given = [(match["criterion_type"], match["criterion_value"]) for match in each["matches"]]
        assert len(given) == len(set(given))  # no identifier counts twice for one person
        assert 0 < each["overall_quality_score"] <= 1
    return answer.model_dump(exclude={"workflow_id", "tool_trace_id"}, warnings=False)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_any_corrections_taken_back_in_any_order_leave_every_match_as_it_was(
    eight: Workspace, steps: list[tuple[str, int, Any]], order: Any
) -> None:
    before, made = everything(eight), []
    for kind, person, what in steps:
        try:
            if kind == "split":
                made.append(split(eight, person, which=what))
            elif person != what:
                made.append(merge(eight, person, what))
        except (Conflict, NotFound):
            continue
        everything(eight)
    order.shuffle(made)
    for correction in made:
        undone(eight, correction)
        everything(eight)
    assert everything(eight) == before


def test_a_correction_is_not_kept_where_its_feedback_was_decided_in_the_meantime(eight: Workspace) -> None:
    said = call(
        tool(submit_feedback),
        eight,
        {"workflow_id": "w", "kind": "wrong_match", "message": "x", "person_id": 6},
    )
    seen = eight.database.get(Feedback, said.feedback_id)  # type: ignore[attr-defined]  # a FeedbackResult
    assert seen is not None
    decide(eight.database, seen, status="declined", reason="It is right.")
    made = Correction(
        correction_id="correction_1", warehouse="small", kind="split", person_id=6, created_at=eight.now()
    )
    with pytest.raises(Conflict, match="in the meantime"):
        add_correction(eight.database, made, deciding(seen, status="accepted"))
    assert active_corrections(eight.database, "small") == []
