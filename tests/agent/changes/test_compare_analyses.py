"""Two analyses of one club, compared: what moved is told, what did not is not, and nobody is named."""

import re

import numpy as np
import pytest

from agent import CATALOGUE
from agent.changes.result import Changes
from store.errors import BadInput, NotFound
from store.workspace import Workspace
from tests.agent.changes.conftest import Club, first_members, people, with_wine_lovers
from tools.calls import call, tool_named


def compared(workspace: Workspace, **arguments: object) -> Changes:
    found = call(tool_named(CATALOGUE, "compare_analyses"), workspace, arguments)
    assert isinstance(found, Changes)
    return found


def test_customers_who_took_to_wine_moved_and_golfers_did_not(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    before = club.analysed(workspace, members)
    after = club.analysed(workspace, with_wine_lovers(rows, members))
    found = compared(workspace)
    assert (found.before.analysis_id, found.after.analysis_id) == (before.analysis_id, after.analysis_id)
    assert (found.joined, found.left) == (150, 0)
    (wine,) = [moved for moved in found.traits if moved.trait.name == "wine"]
    assert wine.moved == "customers"
    assert wine.trait.value == "Yes"
    assert wine.after.value == pytest.approx((rows["wine"][members].sum() + 150) / 550)
    assert wine.baseline_before == wine.baseline_after == pytest.approx(rows["wine"].mean())
    assert not [moved for moved in found.traits if moved.trait.name in ("pet", "region")]
    assert "enjoy wine" in found.headline
    assert any("one snapshot" in note for note in found.notes)


def test_a_population_that_took_to_golf_is_told_from_customers_who_did(club: Club) -> None:
    """Everybody is asked anew: twice as many play golf, and the members are the same 400."""
    rows, later = people(), people(golf=0.5)
    members = first_members(rows)
    before = club.analysed(club.week(rows, members), members)
    workspace = club.week(later, members)
    after = club.analysed(workspace, members)
    found = compared(workspace, before=before.analysis_id, after=after.analysis_id)
    (golf,) = [moved for moved in found.traits if moved.trait.name == "golf"]
    assert golf.lift_before > golf.lift_after
    assert golf.baseline_after == pytest.approx(later["golf"].mean())
    assert (found.joined, found.left) == (0, 0)
    assert not any("one snapshot" in note for note in found.notes)


def test_members_of_two_snapshots_are_known_by_their_own_ids(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    club.analysed(club.week(rows, members), members)
    more = with_wine_lovers(rows, members, more=60)
    workspace = club.week(rows, more)
    club.analysed(workspace, more)
    found = compared(workspace)
    assert (found.joined, found.left) == (60, 0)
    assert "wine" in [moved.trait.name for moved in found.traits]


def test_the_same_customers_analysed_twice_have_not_changed(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    club.analysed(workspace, members)
    club.analysed(workspace, members)
    found = compared(workspace)
    assert found.told == []
    assert re.fullmatch(
        r"Nothing significant changed since 9 March 2026: \d+ traits, \d+ segments? and 1 figure "
        r"were compared\.",
        found.headline,
    )
    assert {segment.change for segment in found.segments} <= {"kept"}


def test_without_the_lists_of_people_the_two_are_taken_for_strangers_and_it_is_said(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    before = club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members, more=60))
    workspace.artifacts.remove("customers", before.analysis_id, "people")
    found = compared(workspace)
    assert (found.joined, found.left) == (None, None)
    assert found.matched_by == "traits"
    assert any("different people" in note for note in found.notes)


def test_without_the_counts_the_traits_that_both_analyses_show_are_compared(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    before = club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members))
    everything = compared(workspace).compared["traits"]
    workspace.artifacts.remove("counts", before.analysis_id, "json")
    assert 0 < compared(workspace).compared["traits"] < everything


def test_a_base_rate_that_rose_is_a_figure_that_changed(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    club.analysed(club.week(rows, members))
    workspace = club.week(rows, with_wine_lovers(rows, members, more=300))
    club.analysed(workspace)
    (figure,) = compared(workspace).figures
    assert figure.figure == "base_rate"
    assert figure.difference.value == pytest.approx(300 / 3_000)
    assert figure.q_value < 0.001


def test_every_change_comes_with_its_interval_and_q_value(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members))
    found = compared(workspace)
    assert found.told
    for told in found.told:
        assert re.search(r"q [<=] ", told.evidence)
        assert f"over {found.tests} tests" in told.evidence
        assert "$" not in told.sentence + told.evidence
        assert "  " not in told.sentence


def test_one_analysis_is_refused_and_an_unknown_one_not_found(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    with pytest.raises(BadInput, match="Two analyses are needed"):
        compared(workspace)
    only = club.analysed(workspace, members)
    with pytest.raises(BadInput, match="Two analyses are needed"):
        compared(workspace)
    with pytest.raises(BadInput, match="Two analyses are needed"):
        compared(workspace, before=only.analysis_id, after=only.analysis_id)
    with pytest.raises(NotFound, match="no such analysis in `club`"):
        compared(workspace, before="icp_of_another_house")


def test_the_one_before_is_the_one_before_the_one_that_was_named(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    ids = [club.analysed(workspace, np.delete(members, at)).analysis_id for at in range(3)]
    found = compared(workspace, after=ids[1])
    assert (found.before.analysis_id, found.after.analysis_id) == (ids[0], ids[1])
    back = compared(workspace, before=ids[2], after=ids[0])
    assert (back.before.analysis_id, back.after.analysis_id) == (ids[2], ids[0])
