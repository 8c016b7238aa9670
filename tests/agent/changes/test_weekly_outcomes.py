"""Weeks of deals: what changes is told in its week, goes on in the next, and never before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlmodel import select

from agent.analyze_outcomes import OUTCOMES
from agent.briefing_result import Briefing, ModelTold
from agent.changes.briefed import markdown
from agent.changes.briefing.advice import advice_of
from agent.changes.briefing.appendix import appendix_of
from agent.changes.briefing.checking import UngroundedText, sound_lines
from agent.changes.briefing.found import Found
from agent.changes.grounded import facts_of, strangers
from agent.nodes.briefing import comparing, keeping
from agent.outcome_analysis import OutcomeAnalysis
from agent.run_briefing import resume_briefing
from agent.state import Cancelled
from store.records.learned import LearnedModel, learned_models
from store.records.recipients import BriefingDelivery
from tests.agent.changes.planted_weeks import Weeks
from tools.mining.findings import Estimate
from tools.outcomes.measures.findings import OutcomeMeasures, PipelineCoverage, TierPipeline
from tools.scoring.learned import save_fit

PLANTED = "win_rate:sector=logistics:up"


class Story(NamedTuple):
    """Five Mondays: the first, one without news, two after logistics took off, one without sectors."""

    weeks: Weeks
    first: Briefing
    quiet: Briefing
    news: Briefing
    news_again: Briefing
    goes_on: Briefing
    unrecorded: Briefing  # its run was killed twice


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    weeks = Weeks(tmp_path_factory.mktemp("weeks"))
    first = weeks.brief()
    weeks.week()
    quiet = weeks.brief()
    weeks.week(count=60, logistics=0.9)
    news, news_again = weeks.brief(), weeks.brief()
    weeks.week(count=60, logistics=0.9)
    goes_on = weeks.brief()
    weeks.week(count=60, sector=False)
    yield Story(weeks, first, quiet, news, news_again, goes_on, killed_and_resumed(weeks))
    weeks.house.close()


def killed_and_resumed(weeks: Weeks) -> Briefing:
    """A briefing whose run ended once before outcomes were compared, and once before it was delivered."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparing, "compared_outcomes", _cancelled)
        with pytest.raises(Cancelled):
            weeks.brief(send=True, recipients=["ann@example.com"])
    (run_id,) = {path.stem for path in weeks.workspace.home.glob("artifacts/request/briefing_*")}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keeping, "_save", _cancelled)
        with pytest.raises(Cancelled):
            resume_briefing(weeks.workspace, run_id)
    return resume_briefing(weeks.workspace, run_id)


def test_a_first_briefing_of_a_ledger_alone_says_what_is_known(story: Story) -> None:
    found = story.first
    assert found.kind == "first"
    assert found.known
    assert found.action is not None
    assert "employees" in found.action
    assert found.analysis_id is None
    assert found.outcome_analysis_id is not None


def test_the_week_before_the_planted_one_is_quiet_and_short(story: Story) -> None:
    found = story.quiet
    assert (found.kind, found.changes, found.continuing, found.significant_keys) == ("unchanged", [], [], [])
    assert found.headline.startswith("Nothing significant changed since 2 March 2026")
    assert len(found.markdown) < 500
    assert (found.action, found.risk) == (None, None)


def test_what_is_planted_is_told_in_its_week_with_base_reference_and_sureness(story: Story) -> None:
    found = story.news
    assert found.kind == "changes"
    assert PLANTED in found.significant_keys
    (change,) = [each for each in found.changes if each.key == PLANTED]
    assert change.about == "outcomes"
    assert change.q_value is not None
    assert found.proof is not None
    assert change.q_value <= found.proof.level == pytest.approx(0.05 / 52)
    assert "logistics" in found.headline
    assert found.action == "Route deals in logistics first."
    assert found.expected_impact is not None
    assert change.link == f"/outcomes/{found.outcome_analysis_id}"


def test_asked_again_on_the_same_day_it_answers_the_same_and_learns_nothing_again(story: Story) -> None:
    again = story.news_again
    assert again.changes == story.news.changes
    assert again.markdown == story.news.markdown
    assert again.made_from.reused == ["outcomes"]
    assert again.outcome_analysis_id == story.news.outcome_analysis_id


def test_in_the_next_week_it_goes_on_and_is_no_news(story: Story) -> None:
    found = story.goes_on
    assert PLANTED in found.significant_keys
    assert PLANTED not in [each.key for each in found.changes]
    assert PLANTED in [each.key for each in found.continuing]
    assert "**Still so.**" in found.markdown


def test_a_column_that_is_not_recorded_any_more_is_told_as_data(story: Story) -> None:
    found = story.unrecorded
    (note,) = found.data_notes
    assert note.startswith("“Sector” is not filled in any more since 23 March 2026: ")
    assert not [each for each in found.changes if "sector" in each.key]
    assert "**Data.**" in found.markdown


def test_every_model_is_told_with_why(story: Story) -> None:
    assert ("fit", True) in [(each.kind, each.published) for each in story.first.models]
    for briefing in (story.first, story.quiet, story.news):
        assert briefing.models
        assert all(each.why for each in briefing.models)
    kept = {each.run_id for each in learned_models(story.weeks.workspace.database, "crm")}
    assert {story.first.outcome_analysis_id, story.news.outcome_analysis_id} <= kept


def test_charts_tiers_and_the_appendix_are_filled(story: Story) -> None:
    found = story.news
    assert [chart.key for chart in found.charts] == ["moved", "tiers"]
    assert found.charts[0].bars[0].before is not None
    assert {each.tier for each in found.tiers} <= {"A", "B", "C", "D"}
    assert any(each.win_rate for each in found.tiers)
    assert "Employees" in found.appendix.qualification
    assert found.appendix.battlecards
    assert found.currency == "EUR"


def test_what_it_was_made_from_is_told(story: Story) -> None:
    made = story.news.made_from
    assert made.outcomes_hash
    assert made.outcomes_hash != story.quiet.made_from.outcomes_hash
    assert made.outcome_analysis_id == story.news.outcome_analysis_id
    assert "template/briefing_outcomes" in made.prompts


@pytest.mark.parametrize("which", ["first", "quiet", "news", "goes_on", "unrecorded"])
def test_every_figure_of_every_text_is_a_fact(story: Story, which: str) -> None:
    """Of a change its own figures; of the headline the count, the day and those of the surest."""
    found: Briefing = getattr(story, which)
    artifacts = story.weeks.workspace.artifacts
    outcomes = artifacts.document("outcome_changes", found.briefing_id)
    learned = artifacts.document("outcome_analysis", found.outcome_analysis_id or "")
    moved = {each["key"]: each for each in outcomes["changes"]}
    for change in [*found.changes, *found.continuing]:
        facts = facts_of(_own(moved[change.key]), outcomes["tests"], [95])
        assert strangers(f"{change.sentence} {change.evidence}", facts) == []
    surest = [moved[change.key] for change in found.changes[:1]]
    day = [found.since.day, found.since.year] if found.since else []
    known = [learned["overview"], learned["criteria"]] if found.kind == "first" else []
    facts = facts_of(surest, day, found.significant, outcomes["tests"], _spans(outcomes), known)
    assert strangers(found.headline, facts) == []
    proof = found.proof.model_dump() if found.proof else {}
    facts = facts_of(surest, proof, outcomes["figures"], learned["criteria"], learned["measures"], [100])
    advised = f"{found.risk or ''} {found.action or ''}"
    assert strangers(advised, facts) == []


def _own(change: dict) -> dict:
    """The figures of a change, its difference as it is, and in points."""
    return {name: value for name, value in change.items() if value is not None}


def _spans(outcomes: dict) -> list[float | str]:
    """What a headline tells of a window: its days and how many were won, and the day it begins."""
    windows = [each for each in outcomes["windows"] if each["tested"]]
    return [
        figure
        for each in windows
        for figure in (
            each["days"],
            each["first"],
            each["decided"],
            each["won"] / each["decided"],
            each["before_won"] / each["before_decided"],
        )
    ]


@pytest.mark.parametrize("which", ["first", "quiet", "news", "goes_on", "unrecorded"])
def test_every_figure_of_the_markdown_is_one_of_the_briefing(story: Story, which: str) -> None:
    found: Briefing = getattr(story, which)
    assert found.markdown == markdown(found)  # no line was left out
    with pytest.warns(UngroundedText):
        assert "7,919" not in sound_lines(found, f"{found.markdown}\nA: 7,919 of 7,927 won")


def test_a_figure_that_was_altered_is_found(story: Story) -> None:
    change = story.news.changes[0]
    outcomes = story.weeks.workspace.artifacts.document("outcome_changes", story.news.briefing_id)
    facts = facts_of(_own(next(each for each in outcomes["changes"] if each["key"] == change.key)))
    assert strangers("They close at 31.7 % now.", facts) == ["31.7"]


def test_a_run_that_was_killed_goes_on_and_does_nothing_twice(story: Story) -> None:
    """Killed after it had learned: it was given to its recipient once, and learned once."""
    killed = story.unrecorded
    assert killed.recipients == 1
    assert killed.outcome_analysis_id == f"outcomes_{killed.briefing_id.partition('_')[2]}"
    database = story.weeks.workspace.database
    with database.session() as session:
        sent = list(session.exec(select(BriefingDelivery)))
    assert [each.briefing_id for each in sent] == [killed.briefing_id]
    learned = [
        each.kind for each in learned_models(database, "crm") if each.run_id == killed.outcome_analysis_id
    ]
    assert sorted(learned) == sorted(set(learned))


def test_a_model_that_was_tried_and_kept_aside_is_told_with_why(story: Story) -> None:
    worse = ModelTold(
        kind="fit", published=False, why="On the 212 deals decided since, it ranked them worse."
    )
    told = markdown(story.quiet.model_copy(update={"models": [worse]}))
    assert (
        "**Kept aside.** The new profile was not published: on the 212 deals decided since, it ranked them "
        "worse." in told
    )
    untried = worse.model_copy(update={"tested": False})
    assert "Kept aside" not in markdown(story.quiet.model_copy(update={"models": [untried]}))


def _cancelled(*_: object) -> None:
    raise Cancelled


def test_without_a_criterion_in_use_there_is_no_tier_and_nothing_to_do_by_one(story: Story) -> None:
    learned = OUTCOMES.saved(story.weeks.workspace, story.first.outcome_analysis_id or "")
    assert learned.criteria is not None
    outcomes = learned.model_copy(update={"measures": _with_open_deals(learned)})
    by_tier = advice_of([], None, outcomes, None, learned.criteria, again=True)
    assert by_tier is not None
    assert by_tier.action == "Call the 13 open deals of tier A first."
    assert advice_of([], None, outcomes, None, None, again=True) is None
    assert appendix_of(learned, None).qualification == ""


def _with_open_deals(learned: OutcomeAnalysis) -> OutcomeMeasures:
    """As if thirteen deals of tier A were open."""
    assert learned.measures is not None
    rate = Estimate(value=0.24, low=0.1, high=0.4)
    top = TierPipeline.model_construct(tier="A", open_deals=13, win_rate=rate, expected_amount=None)
    pipeline = PipelineCoverage.model_construct(tiers=[top])
    return learned.measures.model_copy(update={"pipeline": pipeline})


def test_who_qualifies_is_told_by_the_profile_in_use(story: Story) -> None:
    """A newer one was kept aside; a newer one still found no criterion: with that in use, there is none."""
    later = story.weeks.workspace.now() + timedelta(hours=1)
    workspace = replace(story.weeks.workspace, now=lambda: later)
    found = Found(workspace, {})  # type: ignore[typeddict-item]  # only the profile is asked for
    used = found.fit
    assert used is not None
    for status, expected in (("aside", used), ("published", None)):
        empty = used.model_copy(update={"criteria": [], "disqualifiers": [], "knots": used.knots[:1]})
        save_fit(workspace, f"fit_{status}", empty)
        record = LearnedModel(
            model_id=f"fit_{status}",
            run_id=f"run_{status}",
            warehouse="crm",
            kind="fit",
            status=status,
            data_hash="",
            created_at=later,
        )
        with workspace.database.session() as session:
            session.add(record)
        assert Found(workspace, {}).fit == expected  # type: ignore[typeddict-item]
    with workspace.database.session() as session:
        for name in ("fit_aside", "fit_published"):
            session.delete(session.get(LearnedModel, name))
