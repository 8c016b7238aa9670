"""A briefing, the analysis that it began, and a model's words are made again without sending or asking."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import func, select

from agent.analyze_outcomes import start_outcomes
from agent.briefing_result import Briefing
from agent.history.comparing.compare import compare_runs
from agent.history.recipe import recipe_of
from agent.history.replaying.replay import replay
from agent.requests import AnalyzeOutcomes, RunBriefing
from agent.run_briefing import start_briefing
from store.model_access import ModelAccess
from store.outcomes.ledger import ledger_of
from store.records import BriefingDelivery, ModelCall
from store.workspace import Workspace
from tests.agent.changes.conftest import first_members, people, with_wine_lovers
from tests.agent.history.conftest import Kept
from tests.agent.learning.planted_deals import TODAY, deals
from tests.agent.narration.model_server import ModelServer, says


def next_week(kept: Kept) -> Workspace:
    """Members by their outcome, analysed; a week later there are more of them, in a newer snapshot."""
    kept.club.analysed(kept.workspace)
    rows = people()
    return kept.club.week(rows, with_wine_lovers(rows, first_members(rows)))


def briefed(workspace: Workspace, **asked: object) -> Briefing:
    return start_briefing(workspace, RunBriefing.model_validate(asked))


def rows(workspace: Workspace, table: type) -> int:
    with workspace.database.session() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_a_briefing_that_analysed_and_learned_anew_is_the_same_again(kept: Kept) -> None:
    workspace = next_week(kept)
    records = deals(60, 5, first=TODAY, last=TODAY + timedelta(6), begin=2_000)
    ledger_of(workspace.warehouse).record(records, "account", kept.clock())
    told = briefed(workspace)
    assert told.analysed_again
    found = replay(workspace, told.briefing_id)
    assert found.same, (found.why, found.differences)


def test_it_stays_the_same_after_another_week_and_another_briefing(kept: Kept) -> None:
    workspace = next_week(kept)
    first = briefed(workspace)
    kept.clock.advance(days=1)
    workspace = kept.club.week(people(golf=0.4), first_members(people(golf=0.4)))
    records = deals(60, 6, first=TODAY, last=TODAY + timedelta(6), begin=3_000)
    ledger_of(workspace.warehouse).record(records, "account", kept.clock())
    second = briefed(workspace)
    start_outcomes(workspace, AnalyzeOutcomes(seed=9))
    for told in (first, second):
        found = replay(workspace, told.briefing_id)
        assert found.same, (found.why, found.differences)
    compared = compare_runs(workspace, first.briefing_id, second.briefing_id)
    assert any(line.startswith("Not alike: the outcomes") for line in compared.inputs)


def test_a_briefing_that_was_sent_is_made_again_and_not_sent_again(kept: Kept) -> None:
    workspace = next_week(kept)
    told = briefed(workspace, send=True, recipients=["somebody@example.com"])
    assert told.recipients == 1
    recipe = recipe_of(workspace.database, told.briefing_id).made_from
    assert "example.com" not in recipe.model_dump_json()
    queued = rows(workspace, BriefingDelivery)
    found = replay(workspace, told.briefing_id)
    assert found.same, (found.why, found.differences)
    assert any("Nothing was sent" in why for why in found.why)
    assert rows(workspace, BriefingDelivery) == queued == 1


@pytest.fixture
def asking(kept: Kept) -> Iterator[tuple[Kept, ModelServer]]:
    """The house, with a model that says one thing of every segment."""
    server = ModelServer()
    words = {
        "name": "Golf and wine",
        "description": "People who play golf are more frequent here.",
        "action": "Write to them about golf.",
        "expected_impact": "A test has to show it.",
    }
    server.scripts = [says(words)]
    with closing(server):
        workspace = replace(kept.workspace, model=ModelAccess(server.url, "m"))
        yield kept._replace(workspace=workspace), server


def test_words_of_a_model_are_those_of_then_and_no_model_is_asked(asking: tuple[Kept, ModelServer]) -> None:
    kept, server = asking
    analysis = kept.club.analysed(kept.workspace)
    asked = len(server.requests)
    assert asked > 0
    recipe = recipe_of(kept.workspace.database, analysis.analysis_id).made_from
    assert (recipe.model, recipe.words) == ("m", rows(kept.workspace, ModelCall))
    found = replay(kept.workspace, analysis.analysis_id)
    assert found.same, (found.why, found.differences)
    assert any("The model was not asked" in why for why in found.why)
    assert len(server.requests) == asked


def test_without_the_kept_answers_the_template_speaks_and_that_is_told(
    asking: tuple[Kept, ModelServer],
) -> None:
    kept, server = asking
    analysis = kept.club.analysed(kept.workspace)
    asked = len(server.requests)
    with kept.workspace.database.session() as session:
        for call in session.exec(select(ModelCall)):
            session.delete(call)
    found = replay(kept.workspace, analysis.analysis_id)
    assert not found.same
    assert any("in the words of the template" in why for why in found.why)
    assert len(server.requests) == asked


def test_the_words_of_an_analysis_that_a_briefing_began_are_those_of_then(
    asking: tuple[Kept, ModelServer],
) -> None:
    kept, server = asking
    workspace = replace(next_week(kept), model=kept.workspace.model)
    told = briefed(workspace)
    assert told.analysed_again
    asked = len(server.requests)
    found = replay(workspace, told.briefing_id)
    assert found.same, (found.why, found.differences)
    assert len(server.requests) == asked
