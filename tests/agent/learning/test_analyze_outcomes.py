"""What is learned from outcomes holds on outcomes it has not seen, or is not used."""

import re
from datetime import timedelta

import numpy as np
import pytest

from agent.analyze_outcomes import OUTCOMES, resume_outcomes, start_outcomes
from agent.requests import AnalyzeOutcomes
from agent.state import Cancelled, RunContext
from store.errors import BadInput, NotFound
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.records.learned import learned_models
from tests.agent.learning.planted_deals import TODAY, deals, recorded
from tools.scoring.learned import published_scorer
from tools.scoring.population_features import population_features


def test_the_planted_rule_is_the_criterion_and_the_leak_takes_no_part(learned):
    found = learned.found
    assert found.criteria is not None
    (criterion,) = found.criteria.criteria
    assert criterion.scale.name == "employees"
    low, high = [float(text.replace(",", "")) for text in re.findall(r"[\d,]+", criterion.good)[:2]]
    assert 35 <= low <= 70
    assert 350 <= high <= 700
    assert [(leak.column, leak.verdict) for leak in found.leaks] == [("handover", "refused")]
    assert "handover" in " ".join(found.summary)


def test_the_figures_of_the_overview_are_counts_of_the_records(learned):
    records = deals(600, 1)
    won = sum(record.outcome == "won" for record in records)
    overview = learned.found.overview
    assert (overview.counts["won"], overview.counts["lost"], overview.records) == (won, 600 - won, 600)
    assert learned.found.headline.startswith(f"{won} of 600 decided deals were won")


def test_tiers_are_measured_on_deals_that_the_profile_has_not_seen(learned):
    """The newest 30 % of 600: everything scored there was decided after what the profile learned from."""
    measures = learned.found.measures
    assert measures is not None
    assert 150 <= measures.scored <= 200
    rates = {cell.tier: cell.win_rate for cell in measures.by_tier if cell.tier}
    assert rates["A"] is not None
    assert rates["D"] is not None
    assert rates["A"].low > rates["D"].high


def test_a_chance_is_published_with_what_it_reached_on_newer_deals(learned):
    (conversion,) = [each for each in learned.found.models if each.kind == "conversion"]
    assert conversion.in_use
    assert conversion.report.is_model
    assert conversion.report.split == "time"
    assert conversion.gate.rows >= 100
    assert published_scorer(learned.workspace).conversion is not None


def test_every_part_is_told_or_says_why_it_is_not(learned):
    found = learned.found
    parts = {"churn": found.churn, "expansion": found.expansion, "losses": found.losses}
    for name, part in parts.items():
        assert part is not None or any(reason.startswith(name) for reason in found.not_told)
    assert all(found.not_told.values())


def test_the_same_records_asked_the_same_give_what_is_kept(crm, learn):
    recorded(crm, deals(120, 2))
    first = learn(crm)
    second = learn(crm, about="losses")
    assert not first.from_cache
    assert second.from_cache
    assert second.about == "losses"
    assert second.outcome_analysis_id == first.outcome_analysis_id
    assert len({one.run_id for one in learned_models(crm.database, "crm")}) == 1


def test_with_few_new_deals_the_published_profile_stays(crm, learn):
    recorded(crm, deals(300, 3, last=TODAY - timedelta(60)))
    first = learn(crm)
    recorded(crm, deals(20, 4, first=TODAY - timedelta(50), begin=1_000))
    second = learn(crm)
    assert second.outcome_analysis_id != first.outcome_analysis_id
    assert "What was learned anew of fit" in " ".join(second.summary)
    fits = [one for one in learned_models(crm.database, "crm") if one.kind == "fit"]
    assert sorted(one.status for one in fits) == ["aside", "published"]
    assert published_scorer(crm).model_id == next(one.model_id for one in fits if one.status == "published")
    (aside,) = [one for one in fits if one.status == "aside"]
    assert "of 50 that are needed" in aside.why[0]


def test_with_enough_new_deals_a_profile_that_is_not_worse_takes_its_place(crm, learn):
    recorded(crm, deals(300, 5, last=TODAY - timedelta(300)))
    first = learn(crm)
    recorded(crm, deals(400, 6, first=TODAY - timedelta(290), begin=1_000))
    second = learn(crm)
    fits = {one.model_id: one.status for one in learned_models(crm.database, "crm") if one.kind == "fit"}
    assert sorted(fits.values()) == ["published", "retired"]
    assert published_scorer(crm).model_id.removeprefix("fit_") == second.outcome_analysis_id.removeprefix(
        "outcomes_"
    )
    assert first.drift is not None
    assert second.drift is not None
    assert not second.drift.customers_changed


def test_shuffled_outcomes_give_no_criteria_and_no_model(crm, learn):
    records = deals(300, 7)
    outcomes = [record.outcome for record in deals(300, 8)]
    for record, outcome in zip(records, outcomes, strict=True):
        record.outcome = outcome
        record.attributes["handover"] = "no"
    found = learn(recorded(crm, records))
    assert found.criteria is not None
    assert not found.criteria.criteria
    (conversion,) = [each for each in found.models if each.kind == "conversion"]
    assert not conversion.report.is_model
    auc = next(each.auc for each in conversion.report.candidates if each.kind == "linear")
    assert auc.low < 0.5 < auc.high
    assert "nothing that is known beforehand tells who" in found.headline
    assert "No model tells" in " ".join(found.summary)


def test_too_few_outcomes_are_counted_and_nothing_is_claimed(crm, learn):
    found = learn(recorded(crm, deals(12, 9)))
    assert found.criteria is None
    assert not found.models
    assert "are the fewest" in found.not_told["criteria"]
    assert found.overview.records == 12
    assert learned_models(crm.database, "crm") == []


def test_outcomes_without_attributes_say_so(crm, learn):
    records = deals(120, 10)
    for record in records:
        record.attributes = {}
    found = learn(recorded(crm, records))
    assert found.criteria is None
    assert "no attributes" in found.not_told["criteria"]


def test_a_name_of_something_known_afterwards_is_left_out_unless_it_is_kept(crm, learn):
    records = deals(200, 11)
    for record in records:
        record.attributes = {"duration": record.attributes["employees"]}
    recorded(crm, records)
    assert "criteria" in learn(crm).not_told
    kept = learn(crm, keep=["duration"])
    assert kept.criteria is not None
    assert [each.scale.name for each in kept.criteria.criteria] == ["duration"]
    with pytest.raises(BadInput, match="no such column"):
        learn(crm, keep=["handshakes"])


def test_a_run_that_was_cancelled_goes_on_and_ends_the_same(crm, learn, learned):
    recorded(crm, deals(600, 1))
    seen: list[str] = []
    context = RunContext(crm, is_cancelled=lambda: len(set(seen)) >= 3)
    with pytest.raises(Cancelled):
        start_outcomes(crm, AnalyzeOutcomes(), lambda step, done, of: seen.append(step), context)
    run_id = "outcomes_00000000-0000-4000-8000-000000000001"
    found = resume_outcomes(crm, run_id)
    same = {"headline", "summary", "criteria", "measures", "not_told", "data_hash"}
    assert found.model_dump(include=same) == learned.found.model_dump(include=same)
    assert OUTCOMES.saved(crm, run_id).headline == found.headline


def test_nothing_is_said_where_nothing_was_recorded(crm, learn):
    with pytest.raises(NotFound):
        learn(crm)


def test_outcomes_that_change_during_a_run_end_it(crm):
    recorded(crm, deals(120, 12))
    seen: list[str] = []
    context = RunContext(crm, is_cancelled=lambda: len(set(seen)) >= 2)
    with pytest.raises(Cancelled):
        start_outcomes(crm, AnalyzeOutcomes(), lambda step, done, of: seen.append(step), context)
    ledger_of(crm.warehouse).record(deals(5, 13, begin=900), "account", crm.now())
    with pytest.raises(Exception, match="since this run began"):
        resume_outcomes(crm, "outcomes_00000000-0000-4000-8000-000000000001")


def test_records_without_attributes_have_those_of_the_people_of_the_population(own_us, learn):
    """Won are those who have one trait, of people evenly spaced: as a column it tells the outcome alone."""
    population = own_us.population
    flags = [each for each in population.catalogue.clusters if each.value == "Yes" and each.mined]
    flag = min(flags, key=lambda each: abs(each.size / population.persons - 0.4))
    people = np.concatenate([np.asarray(shard.person_ids) for shard in population.shards])[::40][:400]
    table = population_features(population, people)
    column = table.find(flag.name)
    assert column is not None
    having = column.values == column.levels.index(flag.value)
    records = [
        OutcomeRecord(
            unit_id=str(person),
            outcome="won" if has_it else "lost",
            decided_at=TODAY - timedelta(at % 300),
        )
        for at, (person, has_it) in enumerate(zip(people.tolist(), having.tolist(), strict=True))
    ]
    ledger_of(own_us.warehouse).record(records, "person", own_us.now())
    found = learn(own_us)
    assert "have no attributes of their own" in " ".join(found.warnings)
    assert found.leaks
    assert flag.name in {leak.column for leak in found.leaks if leak.verdict == "refused"}
    assert found.measures is None or found.measures.market is not None


def test_what_is_learned_of_the_last_days_alone_is_not_put_in_use(crm, learn):
    found = learn(recorded(crm, deals(300, 14)), last_days=300)
    assert found.criteria is not None
    assert "a model is learned from all" in " ".join(found.summary)
    assert learned_models(crm.database, "crm") == []
