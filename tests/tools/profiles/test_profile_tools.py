"""Profiles are made, changed under a lock, shared, compared, restored and deleted; each sees their own."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store.errors import BadInput, Changed, Conflict, NotAllowed, NotFound
from store.records.profiles import revisions_of
from store.workspace import House, Workspace
from tools.declaration import tool
from tools.profiles.catalogue import PROFILE_TOOLS
from tools.scoring.score_leads import score_leads

WRITTEN = {"name": "Enterprise", "industries": ["Software"], "company_size": "1000+"}


@pytest.fixture
def workspace(tmp_path: Path):
    ids = itertools.count(1)
    house = House(
        tmp_path,
        base_url="http://127.0.0.1",
        now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        new_id=lambda: str(next(ids)),
    )
    yield house.workspace("w")
    house.close()


def ask(workspace: Workspace, name: str, /, **given: Any) -> Any:
    tools: tuple[Any, ...] = (*PROFILE_TOOLS, tool(score_leads))
    found = next(each for each in tools if each.name == name)
    return found.run(workspace, found.query.model_validate(given))


def test_a_profile_is_found_by_its_id_and_by_its_name(workspace):
    made = ask(workspace, "create_icp_profile", **WRITTEN)
    assert made.profile.revision == 1
    assert made.profile.visibility == "private"
    for name in (made.icp_profile_id, "enterprise"):
        found = ask(workspace, "get_icp_profile", icp_profile=name)
        assert found.profile.document.company_size.min_employees == 1000


def test_a_second_profile_of_the_same_name_is_refused(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    with pytest.raises(Conflict):
        ask(workspace, "create_icp_profile", **WRITTEN)


def test_an_empty_profile_is_refused(workspace):
    with pytest.raises(BadInput, match="says nothing"):
        ask(workspace, "create_icp_profile", name="Nothing")


def test_an_edit_makes_a_revision_that_says_what_changed(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    edit = {"icp_profile": "Enterprise", "revision": 1, "changes": {"industries": ["Fintech"]}}
    assert ask(workspace, "update_icp_profile", **edit).profile.revision == 2
    history = ask(workspace, "icp_profile_history", icp_profile="Enterprise")
    assert [each.number for each in history.revisions] == [2, 1]
    assert history.revisions[0].what_changed == "industries: added `Fintech` and removed `Software`"
    assert history.revisions[0].changes[0].path == "industries"


def test_an_edit_of_an_old_revision_is_refused_and_changes_nothing(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    edit = {"icp_profile": "Enterprise", "revision": 1}
    ask(workspace, "update_icp_profile", **edit, changes={"roles": ["CTO"]})
    with pytest.raises(Changed):
        ask(workspace, "update_icp_profile", **edit, changes={"roles": ["CFO"]})
    assert ask(workspace, "get_icp_profile", icp_profile="Enterprise").profile.document.roles == ["CTO"]


def test_an_edit_that_changes_nothing_makes_no_revision(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    same = {"icp_profile": "Enterprise", "revision": 1, "changes": {"industries": ["Software"]}}
    assert ask(workspace, "update_icp_profile", **same).profile.revision == 1


@pytest.mark.parametrize("changes", [{"colour": "red"}, {"industries": [""]}, {"weights": {"roles": -1}}])
def test_a_change_that_does_not_fit_names_fields_not_values(workspace, changes):
    ask(workspace, "create_icp_profile", **WRITTEN)
    with pytest.raises(BadInput) as refusal:
        ask(workspace, "update_icp_profile", icp_profile="Enterprise", revision=1, changes=changes)
    assert "red" not in str(refusal.value)


def test_restoring_and_comparing_go_by_number(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    changes = {"company_size": None, "geography": ["US"]}
    ask(workspace, "update_icp_profile", icp_profile="Enterprise", revision=1, changes=changes)
    compared = ask(workspace, "compare_icp_profiles", icp_profile="Enterprise", revision=1)
    assert {each.path for each in compared.differences} == {"company_size.min_employees", "geography"}
    back = ask(workspace, "restore_icp_profile", icp_profile="Enterprise", number=1)
    assert back.profile.revision == 3
    assert back.profile.document.geography == []
    same = ask(workspace, "compare_icp_profiles", icp_profile="Enterprise", revision=1, other_revision=3)
    assert same.differences == []


def test_a_private_profile_of_a_colleague_is_as_if_it_never_was(workspace):
    made = ask(workspace, "create_icp_profile", **WRITTEN)
    colleague = replace(workspace, actor="key_2")
    for name in (made.icp_profile_id, "Enterprise", "profile_never"):
        with pytest.raises(NotFound) as refusal:
            ask(colleague, "get_icp_profile", icp_profile=name)
        assert refusal.value.what == "There is no such profile"
    assert ask(colleague, "list_icp_profiles").icp_profiles == []


def test_a_shared_profile_is_used_and_edited_by_all_and_deleted_by_its_creator(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    ask(workspace, "share_icp_profile", icp_profile="Enterprise")
    colleague = replace(workspace, actor="key_2")
    edit = {"icp_profile": "Enterprise", "revision": 2, "changes": {"signals": ["hiring"]}}
    assert ask(colleague, "update_icp_profile", **edit).profile.is_mine is False
    with pytest.raises(NotAllowed):
        ask(colleague, "delete_icp_profile", icp_profile="Enterprise")
    copy = ask(colleague, "clone_icp_profile", icp_profile="Enterprise").profile
    assert (copy.document.name, copy.visibility, copy.is_mine) == ("Copy of Enterprise", "private", True)
    ask(workspace, "share_icp_profile", icp_profile="Enterprise", visibility="private")
    with pytest.raises(NotFound):
        ask(colleague, "get_icp_profile", icp_profile="Enterprise")


def test_what_is_deleted_is_gone_and_its_revisions_are_kept(workspace):
    made = ask(workspace, "create_icp_profile", **WRITTEN)
    ask(workspace, "delete_icp_profile", icp_profile="Enterprise")
    with pytest.raises(NotFound):
        ask(workspace, "get_icp_profile", icp_profile=made.icp_profile_id)
    assert len(revisions_of(workspace.database, made.icp_profile_id, 10)) == 1
    ask(workspace, "create_icp_profile", **WRITTEN)  # its name is free again


def test_the_profiles_of_another_organisation_are_not_there(workspace, tmp_path):
    made = ask(workspace, "create_icp_profile", **WRITTEN)
    other = replace(workspace, database=workspace.database.of("org_2"))
    with pytest.raises(NotFound):
        ask(other, "get_icp_profile", icp_profile=made.icp_profile_id)


def test_the_list_goes_on_where_it_ended(workspace):
    for at in range(5):
        ask(workspace, "create_icp_profile", **WRITTEN | {"name": f"Profile {at}"})
    first = ask(workspace, "list_icp_profiles", limit=3)
    rest = ask(workspace, "list_icp_profiles", limit=3, cursor=first.next_cursor)
    names = [each.name for each in (*first.icp_profiles, *rest.icp_profiles)]
    assert sorted(names) == [f"Profile {at}" for at in range(5)]
    assert rest.next_cursor is None


def test_scores_follow_an_edit_and_say_which_revision(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    asked = {"icp_profiles": ["Enterprise"], "rows": [{"id": "a", "industry": "Retail", "employees": 5000}]}
    before = ask(workspace, "score_leads", **asked)
    edit = {"icp_profile": "Enterprise", "revision": 1, "changes": {"industries": ["Retail"]}}
    ask(workspace, "update_icp_profile", **edit)
    after = ask(workspace, "score_leads", **asked)
    assert (before.sample[0].score, before.profiles[0].revision) == (50.0, 1)
    assert (after.sample[0].score, after.profiles[0].revision) == (100.0, 2)


def test_of_several_profiles_the_best_is_named(workspace):
    ask(workspace, "create_icp_profile", **WRITTEN)
    shops = ask(workspace, "create_icp_profile", name="Shops", industries=["Retail"]).icp_profile_id
    rows = [
        {"id": "a", "industry": "Retail", "employees": 3},
        {"id": "b", "industry": "SaaS", "employees": 2000},
    ]
    found = ask(workspace, "score_leads", icp_profiles=["Enterprise", "Shops"], rows=rows)
    assert {one.lead: one.best_profile for one in found.sample} == {"a": "Shops", "b": "Enterprise"}
    assert {one.lead: one.other_scores[shops] for one in found.sample} == {"a": 100, "b": 0}


def test_best_customers_make_a_proposal_with_evidence_that_is_not_saved(workspace):
    """40 of 50 customers are software and 10 are spread; of 50 others 10 are: 80 % against 20 %."""
    rows = [{"industry": "Software" if at < 40 else f"Line {at}", "employees": 100 + at} for at in range(50)]
    found = ask(workspace, "propose_icp_profile", rows=rows)
    assert found.document.industries == ["Software"]
    line = found.evidence[0]
    assert (line.customers, line.known, line.share.value) == (40, 50, 0.8)
    assert line.share.low == pytest.approx(0.670, abs=0.001)  # Wilson
    assert found.document.company_size.min_employees == 104
    assert found.document.company_size.max_employees == 144
    assert ask(workspace, "list_icp_profiles").icp_profiles == []
    saved = ask(workspace, "create_icp_profile", document=found.document.model_dump())
    assert saved.profile.document.industries == ["Software"]


def test_customers_beside_others_give_weighted_criteria_that_score(workspace):
    rows = [{"plan": "pro" if at % 10 else "free", "spend": 100 + at % 7} for at in range(200)]
    others = [{"plan": "free" if at % 10 else "pro", "spend": 100 + at % 7} for at in range(200)]
    found = ask(workspace, "propose_icp_profile", rows=rows, others=others)
    assert [each.column for each in found.document.criteria] == ["plan"]
    ask(workspace, "create_icp_profile", document=found.document.model_dump() | {"name": "Pro"})
    scored = ask(workspace, "score_leads", icp_profiles=["Pro"], rows=[{"plan": "pro"}, {"plan": "free"}])
    assert [one.score for one in scored.sample] == [100.0, 0.0]


def test_criteria_that_were_learned_nowhere_are_refused(workspace):
    origin = {"kind": "outcomes", "fit_id": "icpfit_0", "made_at": "2026-03-01T00:00:00Z"}
    origin |= {"ideal_rows": 1, "others_rows": 1}
    criterion = {"label": "Plan", "column": "plan", "tier": 1, "weight": 1}
    with pytest.raises(BadInput, match="not learned here"):
        ask(workspace, "create_icp_profile", name="Made up", criteria=[criterion], origin=origin)
