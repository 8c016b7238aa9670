"""Analyses and audiences for a terminal."""

from rich.markup import escape
from rich.table import Table

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.narration.wording import number, percent, phrases, ratio
from api.cli.terminal import add_row, stdout
from tools.declaration import ToolResult

SHOWN = 8


def show_result(found: ToolResult) -> None:
    """An analysis or an audience for a terminal."""
    if isinstance(found, Analysis):
        show_analysis(found)
    elif isinstance(found, AudienceResult):
        show_audience(found)


def show_analysis(analysis: Analysis) -> None:
    """The analysis for a terminal."""
    stdout.print(f"\n[bold]{escape(analysis.headline)}[/]\n", highlight=False)
    for sentence in analysis.summary:
        stdout.print(escape(sentence), highlight=False)
    table = Table(
        "trait",
        "customers",
        "population",
        "lift",
        "95 %",
        "q",
        box=None,
        title_justify="left",
        title="\nWhat sets them apart",
    )
    for one in analysis.lift.top_attributes[:SHOWN]:
        add_row(
            table,
            f"{one.trait.label}: {one.trait.value}",
            percent(one.frequency.value),
            percent(one.baseline_share),
            ratio(one.lift.value),
            f"{ratio(one.lift.low)}-{ratio(one.lift.high)}",
            f"{one.q_value:.1g}",
        )
    stdout.print(table)
    _show_marks(analysis)
    if analysis.segments:
        stdout.print("\n[bold]Segments[/]")
        for segment in analysis.segments:
            stdout.print(f"  [bold]{escape(segment.name)}[/]: {escape(segment.description)}", highlight=False)
    if analysis.strategies:
        ways = Table(
            "strategy",
            "people",
            "new",
            "recall",
            "lift",
            "95 %",
            box=None,
            title_justify="left",
            title="\nHow to reach more of them",
        )
        for way in analysis.strategies:
            add_row(
                ways,
                way.strategy,
                number(way.total),
                number(way.new_people),
                percent(way.recall.value),
                ratio(way.lift.value),
                f"{ratio(way.lift.low)}-{ratio(way.lift.high)}",
            )
        stdout.print(ways)
    for warning in analysis.warnings:
        stdout.print(f"[yellow]{escape(warning)}[/]", highlight=False)
    stdout.print(
        f"\nAnalysis {analysis.analysis_id}. Next: fieldmark audience --analysis {analysis.analysis_id} "
        "--strategy hybrid --format csv",
        highlight=False,
        soft_wrap=True,
    )


def _show_marks(analysis: Analysis) -> None:
    if not analysis.lift.field_marks:
        return
    marks = Table(
        "people who",
        "customers",
        "population",
        "lift",
        "so far",
        "found again",
        box=None,
        title_justify="left",
        title="\nTheir field marks",
    )
    for mark in analysis.lift.field_marks:
        add_row(
            marks,
            phrases(mark.traits),
            percent(mark.frequency.value),
            percent(mark.baseline_share),
            ratio(mark.lift.value),
            percent(mark.covered.value),
            "–" if mark.again is None else percent(mark.again),
        )
    stdout.print(marks)


def show_audience(found: AudienceResult) -> None:
    """The audience for a terminal."""
    stdout.print(
        f"\n[bold]{number(found.total)} people[/], {number(found.reachable)} of them reachable.",
        highlight=False,
    )
    stdout.print(f"{escape(found.why)}\n{escape(found.in_words)}", highlight=False)
    for step in found.relaxed:
        stdout.print(
            f"[yellow]Nobody was found, so it was relaxed: {escape(step.step)} → {number(step.total)}[/]",
            highlight=False,
        )
    if found.overlap:
        stdout.print(
            f"{number(found.overlap.in_audience)} of the {number(found.overlap.customers)} customers "
            "are in it.",
            highlight=False,
        )
    if found.export:
        stdout.print(
            f"{number(found.export.rows)} rows, {found.export.size_bytes / 1e6:.1f} MB, until "
            f"{found.export.expires_at:%H:%M} UTC (with `fieldmark serve`):\n{found.export.url}",
            highlight=False,
            soft_wrap=True,
        )
