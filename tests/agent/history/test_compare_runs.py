"""Two runs of a kind: what they were not alike made from, and which figures differ."""

import pytest

from agent.analyze_outcomes import start_outcomes
from agent.generate_audience import start_audience
from agent.history.comparing.compare import compare_runs
from agent.requests import AnalyzeOutcomes, AudienceQuery
from store.errors import BadInput, NotFound
from store.outcomes.ledger import ledger_of
from store.records.recipes import Recipe
from tests.agent.changes.conftest import first_members, people, with_wine_lovers
from tests.agent.history.conftest import Kept
from tests.agent.learning.planted_deals import TODAY, deals


def figures(found: object) -> dict[str, tuple[str | None, str | None]]:
    return {each.what: (each.before, each.after) for each in found.figures if not each.same}  # type: ignore[attr-defined]


def test_newer_outcomes_are_told_as_other_inputs_and_as_other_counts(kept: Kept) -> None:
    """160 deals and 40 more make 200 records."""
    kept.clock.advance(days=1)
    ledger = ledger_of(kept.workspace.warehouse)
    ledger.record(deals(40, 5, last=TODAY, begin=2_000), "account", kept.clock())
    later = start_outcomes(kept.workspace, AnalyzeOutcomes(seed=3)).outcome_analysis_id
    found = compare_runs(kept.workspace, kept.outcomes_id, later)
    assert any(told.startswith("Not alike: the outcomes, ") for told in found.inputs)
    assert not any("`seed`" in told for told in found.inputs)
    assert figures(found)["records"] == ("160", "200")
    assert not found.same_result
    assert found.kind == "analyze_outcomes"
    assert any("other days" in note for note in found.notes)


def test_another_seed_is_told_as_a_setting(kept: Kept) -> None:
    again = start_outcomes(kept.workspace, AnalyzeOutcomes(seed=4)).outcome_analysis_id
    found = compare_runs(kept.workspace, kept.outcomes_id, again)
    assert "Not alike: `seed`, 3 before and 4 after." in found.inputs


def test_two_audiences_differ_in_what_was_asked_and_in_their_size(kept: Kept) -> None:
    asked = {"analysis_id": kept.analysis_id, "strategy": "ranked", "target_size": 50, "format": "csv"}
    smaller = start_audience(
        kept.workspace, AudienceQuery.model_validate({**asked, "exclude": ["customers"]})
    )
    found = compare_runs(kept.workspace, kept.audience_id, smaller.audience_id)
    assert "Not alike: `target_size`, none before and 50 after." in found.inputs
    assert figures(found)["people"][1] == "50"


def test_two_runs_made_from_the_same_found_the_same(kept: Kept) -> None:
    asked = {"analysis_id": kept.analysis_id, "strategy": "ranked", "exclude": ["customers"], "format": "csv"}
    first, second = (start_audience(kept.workspace, AudienceQuery.model_validate(asked)) for _ in range(2))
    found = compare_runs(kept.workspace, first.audience_id, second.audience_id)
    assert found.same_result
    assert (found.inputs, figures(found), found.notes) == ([], {}, [])


def test_of_customers_it_tells_what_moved_beyond_chance_too(kept: Kept) -> None:
    rows = people()
    more = with_wine_lovers(rows, first_members(rows))
    later = kept.club.analysed(kept.club.week(rows, more), more).analysis_id
    found = compare_runs(kept.workspace, kept.analysis_id, later)
    assert found.changes is not None
    assert found.changes.joined == 150
    assert "Not alike: the customers, 400 before and 550 after." in found.inputs
    assert any(told.startswith("Not alike: the people, ") for told in found.inputs)
    assert figures(found)["customers"] == ("400", "550")


def test_runs_of_two_kinds_are_refused(kept: Kept) -> None:
    with pytest.raises(BadInput, match="The first is an analysis and the second an audience"):
        compare_runs(kept.workspace, kept.analysis_id, kept.audience_id)


def test_a_run_and_itself_are_refused(kept: Kept) -> None:
    with pytest.raises(BadInput, match="same as itself"):
        compare_runs(kept.workspace, kept.analysis_id, kept.analysis_id)


def test_runs_of_two_warehouses_are_refused(kept: Kept) -> None:
    again = start_outcomes(kept.workspace, AnalyzeOutcomes(seed=4)).outcome_analysis_id
    recipe = kept.workspace.database.get(Recipe, again)
    assert recipe is not None
    made_from = {**recipe.made_from, "warehouse": "other"}
    kept.workspace.database.keep(recipe.model_copy(update={"made_from": made_from}))
    with pytest.raises(BadInput, match="the warehouse `club` and the second in `other`"):
        compare_runs(kept.workspace, kept.outcomes_id, again)


@pytest.mark.parametrize("run_id", ["icp_none", "job_1", "audience_none"])
def test_a_run_that_is_not_kept_is_not_found(kept: Kept, run_id: str) -> None:
    with pytest.raises(NotFound, match="There is no such"):
        compare_runs(kept.workspace, run_id, kept.analysis_id)


def test_a_run_older_than_recipes_is_compared_by_its_result(kept: Kept) -> None:
    again = start_outcomes(kept.workspace, AnalyzeOutcomes(seed=4)).outcome_analysis_id
    with kept.workspace.database.session() as session:
        session.delete(session.get(Recipe, kept.outcomes_id))
    found = compare_runs(kept.workspace, kept.outcomes_id, again)
    assert found.inputs == []
    assert found.notes == [
        f"Run `{kept.outcomes_id}` is older than recipes, so it is not known what it was made from."
    ]
    assert (found.before.result_hash, found.same_result) == ("", False)
