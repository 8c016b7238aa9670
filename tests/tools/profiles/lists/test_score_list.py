"""A kept list is scored with reasons that add up, again after an edit, by whoever sent it alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from store.errors import BadFile, Conflict, NotFound
from store.records.usage import credits_since
from store.scored_lists.asking import RowsQuery, found_rows, one_row
from store.scored_lists.kept import KeptList, KeptLists, until
from store.workspace import Workspace
from tools.calls import call
from tools.profiles import catalogue
from tools.profiles.lists.row_reasons import lead_reasons, row_reasons

NOBODY = np.empty(0, dtype=np.int64)
WANTED = {
    "industries": ["Software"],
    "company_size": "50-200 employees",
    "geography": ["DACH"],
    "roles": ["VP Sales"],
    "disqualifiers": ["agencies"],
}
ROWS = """id,industry,employees,country,title
Account 1,SaaS,120,DE,VP Sales
Account 2,SaaS,120,US,VP Sales
Account 3,,,,
Account 4,Agencies,120,DE,VP Sales
Account 5,Retail,9000,US,Clerk
"""


@pytest.fixture
def small(load) -> Workspace:
    return load("id,age\n1,30\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}})


def sent(workspace: Workspace, text: str, folder: Path, names: list[str]) -> str:
    """The id of a list with these rows."""
    source = folder / "sent.csv"
    source.write_text(text)
    now = workspace.now()
    kept = KeptList(
        list_id=f"list_{workspace.new_id()}",
        name="",
        warehouse=workspace.warehouse.name,
        creator=workspace.actor,
        created_at=now,
        expires_at=until(now, 30),
        profiles=names,
    )
    return KeptLists(workspace.home).add(kept, "sent.csv", source, now).list_id


def rows(workspace: Workspace, list_id: str, **query: object) -> list[dict]:
    lists = KeptLists(workspace.home)
    path = lists.rows(lists.named(list_id, workspace.now()))
    return found_rows(path, RowsQuery.model_validate(query), NOBODY).rows


def test_rows_are_kept_best_first_with_score_tier_and_place(small, tmp_path):
    """Four dimensions of 12.5 points each: 4 matched 100; 3 and a miss 75; nothing known 50.

    Account 4 misses its industry (75) and is an agency, which caps it at 39; Account 5 misses all: 0.
    """
    call(catalogue.CREATE, small, {"name": "P", **WANTED})
    list_id = sent(small, ROWS, tmp_path, ["P"])
    found = call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    assert (found.scored, found.tiers) == (5, {"A": 1, "B": 1, "C": 1, "D": 2})
    told = [(row["lead"], row["score_0"], row["tier_0"], row["place"]) for row in rows(small, list_id)]
    assert told == [
        ("Account 1", 100.0, "A", 1),
        ("Account 2", 75.0, "B", 2),
        ("Account 3", 50.0, "C", 3),
        ("Account 4", 39.0, "D", 4),
        ("Account 5", 0.0, "D", 5),
    ]
    assert credits_since(small.database, small.now()) == 2.5


def test_the_reasons_of_every_row_add_up_to_its_score(small, tmp_path):
    call(catalogue.CREATE, small, {"name": "P", **WANTED})
    call(catalogue.CREATE, small, {"name": "Q", "industries": ["Retail"], "weights": {"geography": 3}})
    list_id = sent(small, ROWS, tmp_path, ["P", "Q"])
    call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    lists = KeptLists(small.home)
    kept = lists.named(list_id, small.now())
    for at in range(5):
        row = one_row(lists.rows(kept), at, NOBODY)
        for place in range(2):
            told = row_reasons(lists, kept, row, place)
            points = told.start + sum(each.points for each in told.reasons_for + told.reasons_against)
            assert round(min(points, 39.0) if told.disqualifier else points, 1) == row[f"score_{place}"]
            assert (told.tier[0], told.match_confidence) == (row[f"tier_{place}"], row[f"confidence_{place}"])
            assert bool(told.disqualifier) is (row[f"disqualifier_{place}"] is not None)


def test_a_list_is_scored_again_by_the_newest_revision_and_explained_by_the_one_it_was_scored_by(
    small, tmp_path
):
    made = call(catalogue.CREATE, small, {"name": "P", "industries": ["Retail"]})
    list_id = sent(small, ROWS, tmp_path, ["P"])
    call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    profile = made.icp_profile_id
    changed = {"icp_profile": profile, "revision": 1, "changes": {"industries": ["Software"]}}
    call(catalogue.UPDATE, small, changed)
    lists = KeptLists(small.home)
    kept = lists.named(list_id, small.now())
    assert row_reasons(lists, kept, one_row(lists.rows(kept), 0, NOBODY), 0).score == 100
    assert rows(small, list_id)[0]["lead"] == "Account 5"
    call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    assert rows(small, list_id)[0]["lead"] == "Account 1"
    assert lists.named(list_id, small.now()).against[0].revision == 2


def test_only_whoever_sent_a_list_scores_it(small, tmp_path):
    call(catalogue.CREATE, small, {"name": "P", "visibility": "shared", **WANTED})
    list_id = sent(small, ROWS, tmp_path, ["P"])
    with pytest.raises(NotFound):
        call(catalogue.SCORE_LIST, replace(small, actor="member_2"), {"list_id": list_id})
    with pytest.raises(NotFound):
        call(catalogue.SCORE_LIST, small, {"list_id": "list_9"})
    with pytest.raises(NotFound):
        call(catalogue.SCORE_LIST, small, {"list_id": "../warehouses"})


def test_a_scoring_that_was_stopped_keeps_the_scores_there_were(small, tmp_path):
    call(catalogue.CREATE, small, {"name": "P", **WANTED})
    list_id = sent(small, ROWS, tmp_path, ["P"])
    call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    lists = KeptLists(small.home)
    lists.ask_to_stop(list_id)
    with pytest.raises(Conflict):
        call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    assert len(rows(small, list_id)) == 5
    lists.go_on(list_id)
    assert call(catalogue.SCORE_LIST, small, {"list_id": list_id}).scored == 5


@pytest.mark.parametrize(("text", "many"), [("id,industry\n", 0), ("id,industry\nAccount 1,SaaS\n", 1)])
def test_a_list_of_none_or_of_one_is_scored_or_refused_in_words(small, tmp_path, text, many):
    call(catalogue.CREATE, small, {"name": "P", **WANTED})
    list_id = sent(small, text, tmp_path, ["P"])
    if not many:
        with pytest.raises(BadFile):
            call(catalogue.SCORE_LIST, small, {"list_id": list_id})
        return
    assert call(catalogue.SCORE_LIST, small, {"list_id": list_id}).scored == many
    assert len(rows(small, list_id)) == many


def test_one_lead_scores_as_it_does_in_a_list(small, tmp_path):
    call(catalogue.CREATE, small, {"name": "P", **WANTED})
    list_id = sent(small, ROWS, tmp_path, ["P"])
    call(catalogue.SCORE_LIST, small, {"list_id": list_id})
    values = {"industry": "SaaS", "employees": 120.0, "country": "US", "title": "VP Sales"}
    told, notes = lead_reasons(small, "P", values)
    assert told.score == rows(small, list_id, sort="place")[1]["score_0"]
    assert any("industry from industry" in note for note in notes)
