"""Scores of leads, and forecasts of value, for a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from agent.conversation.answers.people import several
from agent.narration.wording import number, percent
from api.cli.terminal import add_row, stdout
from api.report.outcomes import words
from tools.scoring.leads.findings import LeadScore
from tools.scoring.score_leads import ScoredLeads
from tools.scoring.value.report import ValueReport

NAMED_REASONS = 3


def show_scores(found: ScoredLeads) -> None:
    """How the leads divide into tiers, and the best of them with their reasons."""
    tiers = ", ".join(f"{letter} {number(count)}" for letter, count in found.tiers.items())
    stdout.print(f"\n[bold]{number(found.scored)} leads scored[/]: {tiers}.", highlight=False)
    if found.total != found.scored:
        stdout.print(f"{number(found.total)} of them pass.", highlight=False)
    stdout.print(f"Against {escape(_profiles(found))}.\n", highlight=False)
    chances = any(lead.win_chance for lead in found.sample)
    worth = any(lead.expected_value for lead in found.sample)
    raised = any(lead.to_next_tier for lead in found.sample)
    heads = ["lead", "score", "tier", *(["win chance"] if chances else []), *(["if won"] if worth else [])]
    table = Table(*heads, "why", *(["a tier up with"] if raised else []), box=None)
    for lead in found.sample:
        cells = [lead.lead, f"{lead.score:.1f}", lead.tier[:1]]
        cells += [words.share(lead.win_chance)] if chances else []
        cells += [words.amounts(lead.expected_value)] if worth else []
        add_row(table, *cells, _why(lead), *([_next(lead)] if raised else []))
    stdout.print(table)
    for note in found.notes:
        stdout.print(f"  {escape(note)}", highlight=False)


def _profiles(found: ScoredLeads) -> str:
    """`Mid-market (revision 3, 5 criteria); beside it …`: the first one sorts."""
    first, *others = [
        f"{each.name} ("
        + (f"revision {each.revision}, " if each.revision else "")
        + f"{several(each.criteria, 'criterion', 'criteria')})"
        for each in found.profiles
    ]
    return f"{first}; beside it {', '.join(others)}" if others else first


def _why(lead: LeadScore) -> str:
    if lead.disqualifier:
        return f"ruled out: {lead.disqualifier}"
    reasons = sorted(
        (*lead.reasons_for, *lead.reasons_against), key=lambda reason: abs(reason.points), reverse=True
    )
    told = [f"{each.points:+.0f} {each.dimension} {each.value}" for each in reasons[:NAMED_REASONS]]
    return "; ".join(told) or lead.reasoning


def _next(lead: LeadScore) -> str:
    if lead.to_next_tier is None:
        return words.UNKNOWN
    changes = ", ".join(f"{each.dimension} {each.to}" for each in lead.to_next_tier.changes)
    return f"{changes} → {lead.to_next_tier.tier[:1]}"


def show_forecast(report: ValueReport, notes: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """How the candidates did on what they had not seen, the one chosen, and what it foretells in all."""
    total = sum(row["value"] for row in rows)
    stdout.print(
        f"\n[bold]{number(len(rows))} customers will spend {number(total)} in {report.horizon_days} days[/], "
        f"by a model learned from {number(report.customers)} customers.",
        highlight=False,
    )
    table = Table(
        "model",
        "mean error / mean spend",
        "rank correlation",
        "of the top tenth",
        "total off by",
        "",
        box=None,
        title=f"\nHeld out: {escape(report.validation)}",
        title_justify="left",
    )
    for each in report.candidates:
        ranks = words.UNKNOWN if each.rank_correlation is None else f"{each.rank_correlation:.2f}"
        used = "chosen" if each.name == report.chosen else "" if each.eligible else "total too far off"
        add_row(
            table,
            each.name,
            f"{each.error:.3f}",
            ranks,
            percent(each.top_tenth_share),
            f"{each.total_bias * 100:+.1f} %",
            used,
        )
    stdout.print(table)
    stdout.print(f"\n{escape(report.why)}", highlight=False)
    held = report.coverage
    stdout.print(
        f"{words.share(held)} of the held-out customers spent "
        f"within their interval; {percent(report.coverage_asked)} were asked for.",
        highlight=False,
    )
    for note in notes:
        stdout.print(f"  {escape(note)}", highlight=False)
    for warning in report.warnings:
        stdout.print(f"[yellow]{escape(warning)}[/]", highlight=False)
