"""Analyses of outcomes, and models learned from them, for a terminal."""

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from agent.narration.wording import number, percent
from agent.outcome_analysis import LearnedChance, OutcomeAnalysis
from api.cli.terminal import add_row, stdout
from api.report.outcomes import words
from store.records.learned import LearnedModel
from tools.outcomes.measures.findings import OutcomeMeasures
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.told.sales_text import HEADINGS

MOST_TOLD = 6  # of one kind of finding; the report has all


def show_outcomes(found: OutcomeAnalysis) -> None:
    """The analysis for a terminal."""
    stdout.print(f"\n[bold]{escape(words.unmarked(found.headline))}[/]\n", highlight=False)
    for sentence in found.summary:
        stdout.print(escape(words.unmarked(sentence)), highlight=False)
    if found.criteria:
        _show_criteria(found.criteria)
    if found.models:
        _show_chances(found.models)
    if found.value:
        stdout.print(f"\nAmount if won: {escape(found.value.why)}", highlight=False)
    if found.measures:
        _show_tiers(found.measures)
    for heading, lines in _findings(found):
        _show_lines(heading, lines)
    _show_lines("What is not told, and why", [f"{words.part(k)}: {why}" for k, why in found.not_told.items()])
    for warning in [*found.warnings, *(each.sentence for each in found.overview.gates)]:
        stdout.print(f"[yellow]{escape(warning)}[/]", highlight=False)
    again = " Found again: the same records, asked the same." if found.from_cache else ""
    stdout.print(
        f"\nAnalysis {found.outcome_analysis_id}.{again} Next: fieldmark score LEADS.csv "
        f"--warehouse {escape(found.warehouse)}"
        if found.criteria
        else f"\nAnalysis {found.outcome_analysis_id}.{again}",
        highlight=False,
        soft_wrap=True,
    )


def _show_criteria(profile: FitProfile) -> None:
    if not profile.criteria:
        return
    ideal, others = profile.ideal_word, profile.others_word
    table = _table("Who to look for", "", "criterion", "look for", "weight", ideal, "95 %", others)
    for each in profile.criteria:
        mine, theirs = each.good_ideal_share, each.good_others_share
        add_row(
            table,
            HEADINGS[each.tier],
            each.scale.told,
            each.good,
            percent(each.weight),
            percent(mine.value),
            f"{percent(mine.low)}-{percent(mine.high)}",
            percent(theirs.value),
        )
    stdout.print(table)
    _show_lines(
        "Walk away if",
        [
            f"{each.scale.told}: {each.words} (at most {percent(each.ideal_share.high)} of the {ideal}, "
            f"{percent(each.others_share.value)} of the {others})"
            for each in profile.disqualifiers
        ],
    )


def _show_chances(models: list[LearnedChance]) -> None:
    table = _table("How sure are the chances?", "", "model", "AUC", "95 %", "off by, percentage points", "")
    for model in models:
        score = words.chosen_score(model)
        add_row(
            table,
            words.part(model.kind),
            words.candidate(model.report.chosen),
            f"{score.auc.value:.2f}",
            f"{score.auc.low:.2f}-{score.auc.high:.2f}",
            words.points(score.calibration_error),
            words.use(model),
        )
    stdout.print(table)
    for model in models:
        stdout.print(f"  {words.part(model.kind)}: {escape(model.gate.why)}", highlight=False)
        for warning in model.report.warnings:
            stdout.print(f"  [yellow]{escape(warning)}[/]", highlight=False)


def _show_tiers(measures: OutcomeMeasures) -> None:
    title = f"Does the score hold? On the newest {number(measures.scored)} deals, scored by the older ones"
    table = _table(title, "tier", "decided", "won", "win rate", "contract value", "days to win")
    for cell in measures.by_tier:
        add_row(
            table,
            cell.tier or "all",
            number(cell.won + cell.lost),
            number(cell.won),
            words.share(cell.win_rate),
            words.amounts(cell.contract_value, measures.currency),
            words.days(cell.cycle_days),
        )
    stdout.print(table)
    for sentence in measures.sentences:
        stdout.print(f"  {escape(sentence)}", highlight=False)


def _findings(found: OutcomeAnalysis) -> Iterable[tuple[str, list[str]]]:
    """Each kind of pattern that was found: a heading and its sentences."""
    if found.anti_patterns:
        told = [f"{each.sentence} {each.pursuit.sentence}" for each in found.anti_patterns.patterns]
        yield "Who to leave", told
    if found.losses:
        yield "Why deals are lost", [f"{each.pattern} {each.advice}" for each in found.losses.patterns]
    for heading, report in (("Who leaves", found.churn), ("Who grows", found.expansion)):
        if report:
            yield heading, [report.sentence, *(each.sentence for each in report.signals)]
    if found.emerging:
        told = [f"{each.sentence} {each.recommendation}" for each in found.emerging.segments]
        yield "Newly buying", told
    if found.drift:
        yield "What changed", found.drift.words
    yield (
        "Columns that may be known only afterwards",
        [f"{leak.column} {leak.verdict}: {leak.why}" for leak in found.leaks],
    )


def _show_lines(heading: str, lines: list[str]) -> None:
    if not lines:
        return
    stdout.print(f"\n[bold]{heading}[/]")
    for line in lines[:MOST_TOLD]:
        stdout.print(f"  {escape(line)}", highlight=False)
    if len(lines) > MOST_TOLD:
        stdout.print(f"  and {number(len(lines) - MOST_TOLD)} more; --report has them all", highlight=False)


def show_models(models: list[LearnedModel]) -> None:
    """The models of a warehouse, newest first, each with why it is in use or not."""
    if not models:
        stdout.print("No model was learned yet. `fieldmark outcomes learn` does it.", highlight=False)
        return
    table = _table("", "model", "of", "", "learned until", "why")
    table.columns[0].no_wrap = True
    used = {"published": "in use", "aside": "kept aside"}
    for each in models:
        add_row(
            table,
            each.model_id,
            "criteria" if each.kind == "fit" else words.part(each.kind),
            used.get(each.status, each.status),
            f"{each.learned_until:%Y-%m-%d}" if each.learned_until else "",
            " ".join(each.why),
        )
    stdout.print(table)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, box=None, title=f"\n{title}" if title else None, title_justify="left")
