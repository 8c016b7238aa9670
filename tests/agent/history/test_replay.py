"""A run that is made again finds the same, whatever happened since; what is not as it was is told."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import func, select

from agent.analyze_customers import start_analysis
from agent.analyze_outcomes import OUTCOMES, resume_outcomes, start_outcomes
from agent.history import kept_ledgers
from agent.history.kept_ledgers import keep_ledger, ledger_folder
from agent.history.recipe import recipe_of
from agent.history.replaying import scratch
from agent.history.replaying.replay import replay
from agent.history.result_hash import result_hash
from agent.requests import AnalyzeOutcomes, AnalyzeQuery
from agent.state import Cancelled, RunContext
from store.errors import Expired, NotFound, TooFewCustomers
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.records import Export, KeptResult, Trace, UsageEntry
from store.records.learned import learned_models
from store.records.recipes import Recipe
from store.workspace import Workspace
from tests.agent.changes.conftest import first_members, people, with_wine_lovers
from tests.agent.history.conftest import Kept
from tests.agent.learning.planted_deals import TODAY, deals

ONE_AGAIN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from agent.history.replaying.replay import replay
from store.workspace import House
house = House(Path(sys.argv[1]), base_url="", now=lambda: datetime(2030, 1, 1, tzinfo=UTC), new_id=str)
for run_id in sys.argv[3:]:
    found = replay(house.workspace(sys.argv[2]), run_id)
    print(run_id, found.same, found.hash_now)
house.close()
"""


def files(home: Path) -> dict[str, int]:
    """Every file of a house but its database's, with when it was written."""
    found = (path for path in home.rglob("*") if path.is_file() and ".db" not in path.name)
    return {str(path.relative_to(home)): path.stat().st_mtime_ns for path in found}


def test_every_run_keeps_its_recipe_without_who_was_in_the_request(kept: Kept) -> None:
    for run_id in kept.run_ids:
        recipe = recipe_of(kept.workspace.database, run_id)
        assert recipe.made_from.snapshot_id == kept.workspace.warehouse.current_id
        assert recipe.made_from.ledger_hash == ledger_of(kept.workspace.warehouse).manifest.data_hash
        assert "numpy" in recipe.made_from.libraries
        assert "template/changes" in recipe.made_from.texts
    analysis = recipe_of(kept.workspace.database, kept.analysis_id).made_from
    assert (analysis.people, analysis.customers) == ("kept", 400)
    assert analysis.settings["person_ids"] == []
    outcomes = recipe_of(kept.workspace.database, kept.outcomes_id).made_from
    assert outcomes.seed == 3


def test_a_run_of_any_kind_finds_the_same_again(kept: Kept) -> None:
    for run_id in kept.run_ids:
        found = replay(kept.workspace, run_id)
        assert found.same, (run_id, found.why, found.differences)
        assert found.hash_now == found.hash_before
        assert found.differences == []


def test_after_newer_people_outcomes_and_a_newer_model_it_still_does(kept: Kept) -> None:
    rows = people(golf=0.35, wine=0.1)
    kept.club.week(rows, with_wine_lovers(rows, first_members(rows)))
    for week in range(4):  # the ledger itself keeps three versions
        kept.clock.advance(days=7)
        ledger_of(kept.workspace.warehouse).record(
            deals(60, 20 + week, begin=1_000 * (week + 1)), "account", kept.clock()
        )
    start_outcomes(kept.workspace, AnalyzeOutcomes())
    old = recipe_of(kept.workspace.database, kept.outcomes_id).made_from.ledger_version
    assert not (kept.workspace.warehouse.folder / "outcomes" / "versions" / old).exists()
    for run_id in kept.run_ids:
        found = replay(kept.workspace, run_id)
        assert found.same, (run_id, found.why, found.differences)


def test_the_model_in_use_then_is_the_one_that_a_later_run_is_tried_against(kept: Kept) -> None:
    """The second run is judged against the first one's model; the third one's must not stand in its place."""
    workspace, ledger = kept.workspace, ledger_of(kept.workspace.warehouse)
    kept.clock.advance(days=7)
    ledger.record(deals(140, 8, first=TODAY, last=kept.clock().date(), begin=2_000), "account", kept.clock())
    second = start_outcomes(workspace, AnalyzeOutcomes())
    kept.clock.advance(days=7)
    ledger.record(deals(140, 9, first=TODAY, last=kept.clock().date(), begin=3_000), "account", kept.clock())
    start_outcomes(workspace, AnalyzeOutcomes())
    before = {one.model_id: one.status for one in learned_models(workspace.database, "club")}
    found = replay(workspace, second.outcome_analysis_id)
    assert found.same, (found.why, found.differences)
    assert {one.model_id: one.status for one in learned_models(workspace.database, "club")} == before


def test_nothing_of_the_house_is_changed_by_a_replay(kept: Kept) -> None:
    workspace = kept.workspace
    tables = (Export, KeptResult, Trace, UsageEntry, Recipe)

    def rows() -> list[int]:
        with workspace.database.session() as session:
            return [session.exec(select(func.count()).select_from(table)).one() for table in tables]

    before, counted = files(workspace.home), rows()
    for run_id in kept.run_ids:
        replay(workspace, run_id)
    assert files(workspace.home) == before
    assert rows() == counted
    assert list((workspace.home / scratch.FOLDER).iterdir()) == []


def test_another_process_with_another_number_of_threads_finds_the_same(kept: Kept) -> None:
    threads = "2" if os.environ.get("OMP_NUM_THREADS") == "1" else "1"
    said = subprocess.run(
        [sys.executable, "-c", ONE_AGAIN, kept.workspace.home, "club", *kept.run_ids],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": threads},
    ).stdout
    for run_id, line in zip(kept.run_ids, said.splitlines(), strict=True):
        assert line == f"{run_id} True {recipe_of(kept.workspace.database, run_id).result_hash}"


def _changed(workspace: Workspace, run_id: str, **settings: object) -> None:
    recipe = workspace.database.get(Recipe, run_id)
    assert recipe is not None
    made_from = {**recipe.made_from, "settings": recipe.made_from["settings"] | settings}
    workspace.database.keep(recipe.model_copy(update={"made_from": made_from}))


def test_an_input_that_is_not_the_same_gives_another_result_and_its_places(kept: Kept) -> None:
    """The replay is no echo of what is kept: asked with another seed it finds something else."""
    run_id = kept.outcomes_id
    _changed(kept.workspace, run_id, seed=4)
    found = replay(kept.workspace, run_id)
    assert not found.same
    assert found.hash_now != found.hash_before
    paths = [each.path for each in found.differences]
    assert "seed" in paths
    assert found.differing >= len(paths)
    (seed,) = [each for each in found.differences if each.path == "seed"]
    assert (seed.before, seed.now) == (3, 4)


def test_people_of_an_audience_are_not_shown_among_the_differences(kept: Kept) -> None:
    run_id = kept.audience_id
    _changed(kept.workspace, run_id, target_size=7)
    found = replay(kept.workspace, run_id)
    samples = [each for each in found.differences if each.path.startswith("sample")]
    assert samples
    assert all("@" not in str(each) and "not shown" in str(each) for each in samples)


def test_other_code_and_words_are_told_and_the_run_is_made_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = kept.audience_id
    recipe = kept.workspace.database.get(Recipe, run_id)
    assert recipe is not None
    old = {"code_version": "0.0.9", "libraries": {**recipe.made_from["libraries"], "numpy": "1.0"}}
    texts = {**recipe.made_from["texts"], "template/changes": "0" * 12}
    kept.workspace.database.keep(
        recipe.model_copy(update={"made_from": {**recipe.made_from, **old, "texts": texts}})
    )
    found = replay(kept.workspace, run_id)
    assert found.same
    told = " ".join(found.why)
    assert "made by version 0.0.9" in told
    assert "numpy was 1.0" in told
    assert "template/changes" in told


def test_somebody_who_was_erased_since_is_told_and_stays_erased(kept: Kept) -> None:
    workspace = kept.workspace
    person = int(workspace.artifacts.people("customers", kept.analysis_id)[0])
    workspace.warehouse.erase(person, {})
    found = replay(workspace, kept.analysis_id)
    assert not found.same
    assert any("was erased since" in why for why in found.why)
    assert any(each.path.startswith("lift") for each in found.differences)


def test_a_snapshot_that_is_gone_is_refused_by_its_name(kept: Kept) -> None:
    rows = people()
    for _ in range(4):
        kept.club.week(rows, first_members(rows))
    with pytest.raises(Expired, match=r"made from the snapshot `.*`, which was removed since"):
        replay(kept.workspace, kept.analysis_id)


def test_outcomes_are_kept_for_the_last_runs_and_those_before_are_refused(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_ledgers, "MOST", 4)
    workspace = kept.workspace
    version = recipe_of(workspace.database, kept.outcomes_id).made_from.ledger_version
    folder = workspace.warehouse.folder / "outcomes" / "kept"
    assert [path.name for path in folder.iterdir()] == [version]
    os.utime(folder / version, ns=(0, 0))
    newest = version
    for number in range(6):
        kept.clock.advance(hours=1)
        ledger_of(workspace.warehouse).record(deals(1, 30, begin=5_000 + number), "account", kept.clock())
        newest = ledger_of(workspace.warehouse).manifest.version
        keep_ledger(workspace, newest)
    in_use = workspace.warehouse.folder / "outcomes" / "versions" / newest / "records.parquet"
    assert in_use.samefile(folder / newest / "records.parquet")  # a link: it takes no room
    assert len(list(folder.iterdir())) == 4
    assert ledger_folder(workspace.warehouse, version) is None
    with pytest.raises(Expired, match="made from the outcomes of"):
        replay(workspace, kept.outcomes_id)
    monkeypatch.setattr(kept_ledgers, "MOST_BYTES", 1)  # less than any takes: the last one stays all the same
    keep_ledger(workspace, newest)
    assert [path.name for path in folder.iterdir()] == [newest]


def test_a_run_without_a_recipe_or_of_another_warehouse_is_not_found(kept: Kept) -> None:
    with pytest.raises(NotFound, match="no recipe of this run"):
        replay(kept.workspace, "icp_none")
    other = kept.workspace.__class__(
        **{**vars(kept.workspace), "warehouse": type(kept.workspace.warehouse)(kept.workspace.home, "other")}
    )
    with pytest.raises(NotFound, match="no such run in `other`"):
        replay(other, kept.analysis_id)


def test_a_result_that_is_not_kept_any_more_is_compared_by_its_digest(kept: Kept) -> None:
    kept.workspace.artifacts.remove("audience", kept.audience_id, "json")
    found = replay(kept.workspace, kept.audience_id)
    assert found.same
    assert any("digests alone" in why for why in found.why)


def test_ids_times_and_links_are_not_a_part_of_what_was_found(kept: Kept) -> None:
    found = OUTCOMES.saved(kept.workspace, kept.outcomes_id)
    other = found.model_copy(update={"workflow_id": "w", "created_at": kept.workspace.now()})
    assert result_hash(found) == result_hash(other)
    assert result_hash(found) != result_hash(found.model_copy(update={"headline": "Something else."}))


def test_customers_of_an_outcome_are_found_again_from_the_snapshot(kept: Kept) -> None:
    analysis = kept.club.analysed(kept.workspace)
    recipe = recipe_of(kept.workspace.database, analysis.analysis_id).made_from
    assert recipe.people == "asked"
    found = replay(kept.workspace, analysis.analysis_id)
    assert found.same
    assert not any("identifiers" in why for why in found.why)
    assert np.array_equal(
        kept.workspace.artifacts.people("customers", analysis.analysis_id),
        kept.workspace.artifacts.people("customers", kept.analysis_id),
    )


def test_a_run_that_was_stopped_and_gone_on_with_keeps_what_it_began_with(kept: Kept) -> None:
    began, seen = kept.clock(), []
    context = RunContext(kept.workspace, is_cancelled=lambda: len(set(seen)) >= 3)
    with pytest.raises(Cancelled):
        start_outcomes(
            kept.workspace, AnalyzeOutcomes(seed=5), lambda step, done, of: seen.append(step), context
        )
    kept.clock.advance(minutes=30)
    (run_id,) = [path.stem for path in (kept.workspace.home / "artifacts" / "recipe").glob("*.json")]
    resume_outcomes(kept.workspace, run_id)
    assert recipe_of(kept.workspace.database, run_id).made_from.now == began
    assert not list((kept.workspace.home / "artifacts" / "recipe").iterdir())
    assert replay(kept.workspace, run_id).same


def test_a_refused_run_leaves_no_recipe(kept: Kept) -> None:
    with pytest.raises(TooFewCustomers):
        start_analysis(kept.workspace, AnalyzeQuery(person_ids=[1, 2, 3]))
    assert not list((kept.workspace.home / "artifacts" / "recipe").glob("*"))


def test_people_whose_outcomes_were_recorded_are_read_again_from_the_outcomes_of_then(kept: Kept) -> None:
    """300 people who won; later 50 more did: the replay has the 300."""
    won = first_members(people())[:300]
    records = [
        OutcomeRecord(record_id=f"p-{n}", unit_id=str(n), outcome="won", decided_at=TODAY)
        for n in won.tolist()
    ]
    workspace, ledger = kept.workspace, ledger_of(kept.workspace.warehouse)
    ledger.record(records, "person", kept.clock())
    analysis = start_analysis(workspace, AnalyzeQuery(recorded="won"))
    assert analysis.match.analysed == 300
    kept.clock.advance(days=1)
    more = [
        OutcomeRecord(record_id=f"q-{n}", unit_id=str(n), outcome="won", decided_at=TODAY) for n in range(50)
    ]
    ledger.record(more, "person", kept.clock())
    found = replay(workspace, analysis.analysis_id)
    assert found.same, (found.why, found.differences)
