"""What a profile held while it was private stays with whoever made it."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import Changed, NotFound
from store.workspace import Workspace
from tests.tools.profiles.shop import opened_shop
from tests.tools.profiles.test_profile_tools import ask
from tools.profiles.reading import revisions

NAME = "Enterprise"


def edit(workspace: Workspace, revision: int, **changes: Any) -> Any:
    return ask(workspace, "update_icp_profile", icp_profile=NAME, revision=revision, changes=changes)


def share(workspace: Workspace, visibility: str) -> Any:
    return ask(workspace, "share_icp_profile", icp_profile=NAME, visibility=visibility)


def numbers(workspace: Workspace, **more: Any) -> list[int]:
    found = ask(workspace, "icp_profile_history", icp_profile=NAME, **more)
    return [each.number for each in found.revisions]


@pytest.fixture
def mine(shop: Workspace) -> Workspace:
    """Written (1), edited (2), shared (3), edited (4), made private (5), edited (6), shared again (7)."""
    ask(shop, "create_icp_profile", name=NAME, industries=["Secret plans"])
    edit(shop, 1, industries=["Software"])
    share(shop, "shared")
    edit(shop, 3, roles=["CTO"])
    share(shop, "private")
    edit(shop, 5, signals=["hiring"])
    share(shop, "shared")
    return shop


@pytest.fixture
def colleague(mine: Workspace) -> Workspace:
    return replace(mine, actor="key_2")


def test_its_creator_reads_the_whole_history(mine):
    assert numbers(mine) == [7, 6, 5, 4, 3, 2, 1]
    assert ask(mine, "get_icp_profile", icp_profile=NAME, number=1).profile.document.industries == [
        "Secret plans"
    ]


def test_a_colleague_reads_only_what_was_shared(colleague):
    assert numbers(colleague) == [7, 4, 3]
    assert numbers(colleague, limit=2) == [7, 4]
    assert numbers(colleague, before=4) == [3]
    found = ask(colleague, "icp_profile_history", icp_profile=NAME)
    assert "Secret" not in found.model_dump_json()


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("get_icp_profile", {"number": 1}),
        ("compare_icp_profiles", {"revision": 1}),
        ("compare_icp_profiles", {"revision": 7, "other_revision": 6}),
        ("clone_icp_profile", {"number": 2}),
        ("restore_icp_profile", {"number": 5}),
    ],
)
def test_no_tool_gives_a_colleague_a_private_revision(colleague, tool, given):
    """In the words that are said of a revision that never was."""
    refusals = []
    for more in (given, dict.fromkeys(given, 99)):
        with pytest.raises(NotFound) as refusal:
            ask(colleague, tool, icp_profile=NAME, **more)
        refusals.append(str(refusal.value))
    assert refusals[0] == refusals[1]


def test_a_long_history_is_read_in_steps(mine, colleague, monkeypatch):
    monkeypatch.setattr(revisions, "STEP", 2)
    assert numbers(mine) == [7, 6, 5, 4, 3, 2, 1]
    assert numbers(colleague) == [7, 4, 3]


def test_a_revision_is_told_by_its_own_number_and_day(mine):
    found = ask(mine, "get_icp_profile", icp_profile=NAME, number=2).profile
    assert (found.revision, found.document.roles) == (2, [])
    assert ask(mine, "get_icp_profile", icp_profile=NAME).profile.revision == 7


@settings(max_examples=15)
@given(states=st.lists(st.sampled_from(["shared", "private", "edit"]), max_size=8))
def test_whatever_was_done_a_colleague_sees_the_shared_revisions(states):
    """Against the visibility that the creator's own history tells of each."""
    with opened_shop() as shop:
        ask(shop, "create_icp_profile", name=NAME, industries=["Software"])
        for at, state in enumerate(states):
            if state == "edit":
                newest = ask(shop, "get_icp_profile", icp_profile=NAME).profile.revision
                edit(shop, newest, description=f"Edit {at}")
            else:
                share(shop, state)
        share(shop, "shared")
        history = ask(shop, "icp_profile_history", icp_profile=NAME).revisions
        seen = numbers(replace(shop, actor="key_2"))
        assert seen == [each.number for each in history if each.visibility == "shared"]


def test_of_two_who_edit_at_once_one_wins_and_the_other_is_told(shop):
    ask(shop, "create_icp_profile", name=NAME, industries=["Software"])
    together, came = threading.Barrier(2, timeout=20), []

    def change(role: str) -> None:
        together.wait()
        try:
            came.append(edit(shop, 1, roles=[role]).profile.document.roles)
        except Changed:
            came.append("changed")

    threads = [threading.Thread(target=change, args=(role,)) for role in ("CTO", "CFO")]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert len(came) == 2
    assert came.count("changed") == 1
    (won,) = [each for each in came if each != "changed"]
    assert ask(shop, "get_icp_profile", icp_profile=NAME).profile.document.roles == won
    assert numbers(shop) == [2, 1]
