"""The real bank's subscribers, analysed with a real model's words: replayed from a cassette."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from vcr.cassette import Cassette

from agent.analysis import Analysis
from agent.analyze_customers import start_analysis
from agent.grounding import problems
from agent.nodes.narration import facts_in
from agent.requests import AnalyzeQuery, OutcomeSet
from store.examples import write_bank_contacts
from store.population.mapping import read_mapping
from store.workspace import House, Workspace
from tests.agent.narration.recorded import recorded_model
from tests.conftest import silent

pytestmark = [pytest.mark.vcr, pytest.mark.block_network]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("bank")
    contacts, mapping = write_bank_contacts(folder)
    house = House(
        folder / "home",
        base_url="",
        now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
        new_id=lambda: "00000000-0000-4000-8000-000000000001",
        model=recorded_model(budget_tokens=200_000),
    )
    workspace = house.workspace("bank")
    workspace.warehouse.load([contacts], read_mapping(mapping), house.now(), progress=silent, processes=1)
    yield workspace
    house.close()


@pytest.fixture(autouse=True)
def every_recorded_call_is_played(vcr: Cassette) -> Iterator[None]:
    yield
    assert vcr.record_mode.value != "none" or vcr.all_played


def test_the_words_are_the_models_and_every_figure_is_the_runs(bank: Workspace) -> None:
    learning = bank.population.catalogue.valued("used_for", "learning")
    assert learning is not None
    query = AnalyzeQuery(outcome=OutcomeSet(attribute="subscribed", value="Yes"), among=learning.cluster_hash)
    told: list[str] = []
    analysis = start_analysis(bank, query, lambda step, done, of: told.append(step))

    assert analysis.narrated_by == "model"
    narration = analysis.narration
    assert narration is not None
    assert 0 < narration.kept <= narration.asked
    assert narration.tokens_in > 0
    assert any(step.startswith("narrate segment-") for step in told)
    for call in bank.database.model_calls(analysis.analysis_id):
        if call.outcome == "kept":
            assert problems(said_in(analysis, call.told), facts_in(call.facts)) == []


def said_in(analysis: Analysis, told: str) -> dict[str, str]:
    """The model's words as they stand in the analysis."""
    kind, at = told.split("-")
    if kind == "anti_pattern":
        return {"explanation": analysis.anti_patterns[int(at)].description}
    segment = next(s for s in analysis.segments if s.segment_id == int(at))
    return {"name": segment.name, "description": segment.description}
