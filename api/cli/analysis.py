"""Commands that run the workflows: analyze, audience, analyses, resume."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from agent.analysis import Analysis
from agent.analyze_customers import analyze_customers, resume_analysis, start_analysis
from agent.audience_result import AudienceResult
from agent.generate_audience import generate_audience, start_audience
from agent.wording import number, percent, ratio
from api.cli.terminal import JsonOption, WarehouseOption, opened, print_json, progress_bar, refusals, stderr, stdout
from api.report import write_report
from store.customer_file import read_customers
from store.errors import BadInput
from store.workspace import Workspace
from tools.calls import checked, traced
from tools.declaration import tool

SHOWN = 8


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(analyze)
    app.command()(analyses)
    app.command()(resume)
    app.command()(audience)


def analyze(
    file: Annotated[Path | None, typer.Argument(help="Identifiers or rows of the customers: CSV, Parquet, JSON Lines.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Instead of a file: `attribute=value`, those with this outcome.")] = None,
    among: Annotated[str | None, typer.Option(help="Compare only people for whom this expression holds.")] = None,
    warehouse: WarehouseOption = None,
    report: Annotated[Path | None, typer.Option(help="Write the report here: .html, .md or .json.")] = None,
    sensitive: Annotated[bool, typer.Option(help="Look at sensitive attributes too.")] = False,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Find the ideal customer profile of customers, proven against the population."""
    with refusals(as_json), opened(warehouse) as workspace:
        given = _customers(workspace, file, outcome) | {"among": among, "include_sensitive": sensitive, "seed": seed}
        query = checked(tool(analyze_customers), given)
        with progress_bar() as progress:
            found = traced("analyze_customers", workspace, query, lambda: start_analysis(workspace, query, progress))
        if report:
            write_report(found, report)
    if as_json:
        print_json(found)
    else:
        show_analysis(found)
        stderr.print(f"Report: {report}" if report else "`--report profile.html` writes this as a page.")


def _customers(workspace: Workspace, file: Path | None, outcome: str | None) -> dict[str, object]:
    if (file is None) == (outcome is None):
        raise BadInput("Give the customers either as a file or with --outcome", where="analyze")
    if outcome is not None:
        attribute, _, value = outcome.partition("=")
        return {"outcome": {"attribute": attribute, "value": value or "Yes"}}
    assert file is not None
    customers = read_customers(file)
    for note in customers.notes:
        stderr.print(note, highlight=False)
    if customers.groups:
        return {"multi_identifiers": [group._asdict() for group in customers.groups]}
    return {"person_ids": customers.person_ids}


def show_analysis(analysis: Analysis) -> None:
    """The analysis for a terminal."""
    stdout.print(f"\n[bold]{analysis.headline}[/]\n", highlight=False)
    for sentence in analysis.summary:
        stdout.print(sentence, highlight=False)
    table = Table("trait", "customers", "population", "lift", "95 %", "q", box=None, title_justify="left",
                  title="\nWhat sets them apart")  # fmt: skip
    for one in analysis.lift.top_attributes[:SHOWN]:
        table.add_row(
            f"{one.trait.label}: {one.trait.value}", percent(one.frequency.value), percent(one.baseline_share),
            ratio(one.lift.value), f"{ratio(one.lift.low)}-{ratio(one.lift.high)}", f"{one.q_value:.1g}",
        )  # fmt: skip
    stdout.print(table)
    if analysis.segments:
        stdout.print("\n[bold]Segments[/]")
        for segment in analysis.segments:
            stdout.print(f"  [bold]{segment.name}[/]: {segment.description}", highlight=False)
    if analysis.strategies:
        ways = Table("strategy", "people", "new", "recall", "lift", "95 %", box=None, title_justify="left",
                     title="\nHow to reach more of them")  # fmt: skip
        for way in analysis.strategies:
            ways.add_row(way.strategy, number(way.total), number(way.new_people), percent(way.recall.value),
                         ratio(way.lift.value), f"{ratio(way.lift.low)}-{ratio(way.lift.high)}")  # fmt: skip
        stdout.print(ways)
    for warning in analysis.warnings:
        stdout.print(f"[yellow]{warning}[/]", highlight=False)
    stdout.print(f"\nAnalysis {analysis.analysis_id}. Next: fieldmark audience --analysis {analysis.analysis_id} "
                 "--strategy hybrid --format csv", highlight=False, soft_wrap=True)  # fmt: skip


def analyses(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the analyses of a warehouse."""
    with refusals(as_json), opened(warehouse) as workspace:
        kept = workspace.database.analyses(workspace.warehouse.name)
    if as_json:
        print_json([record.model_dump(mode="json") for record in kept])
        return
    table = Table("analysis", "when", "customers", "headline", box=None)
    for record in kept:
        table.add_row(record.analysis_id, f"{record.created_at:%Y-%m-%d %H:%M}", number(record.customers), record.headline)
    stdout.print(table)


def resume(
    run_id: Annotated[str, typer.Argument(help="The analysis that was killed or cancelled.")],
    warehouse: WarehouseOption = None,
    report: Annotated[Path | None, typer.Option(help="Write the report here: .html, .md or .json.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with an analysis at the step it was in."""
    with refusals(as_json), opened(warehouse) as workspace:
        with progress_bar() as progress:
            found = resume_analysis(workspace, run_id, progress)
        if report:
            write_report(found, report)
    if as_json:
        print_json(found)
    else:
        show_analysis(found)


def audience(
    analysis: Annotated[str | None, typer.Option(help="An analysis id; the newest when no other source is given.")] = None,
    segment: Annotated[str | None, typer.Option(help="A segment of the analysis, by name or number.")] = None,
    expression: Annotated[str | None, typer.Option(help="Cluster hashes or ids with AND, OR, NOT.")] = None,
    trait: Annotated[list[str] | None, typer.Option(help="A trait: `name=value`, a hash, or words. Repeat it.")] = None,
    strategy: Annotated[str, typer.Option(help="precision, hybrid, reach or ranked.")] = "precision",
    size: Annotated[int | None, typer.Option(min=1, help="Keep so many people at most, the likest first.")] = None,
    near: Annotated[str | None, typer.Option(help="`latitude,longitude,radius` with `mi` or `km`: 30.27,-97.74,40km.")] = None,
    among: Annotated[str | None, typer.Option(help="An expression that everyone in it satisfies.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="`customers`, or a cluster. Repeat it.")] = None,
    identifier: Annotated[str, typer.Option(help="email, phone, address or maid.")] = "email",
    format: Annotated[str, typer.Option(help="none, csv, json or jsonl.")] = "none",
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find, size and export the people who fit."""
    with refusals(as_json), opened(warehouse) as workspace:
        if not (analysis or expression or trait):
            analysis = _newest(workspace)
        given = {
            "analysis_id": analysis, "segment": segment, "expression": expression, "traits": trait or None,
            "strategy": strategy, "target_size": size, "location": _circle(near) if near else None, "among": among,
            "exclude": exclude or [], "identifier_type": identifier, "format": format,
        }  # fmt: skip
        query = checked(tool(generate_audience), given)
        with progress_bar() as progress:
            found = traced("generate_audience", workspace, query, lambda: start_audience(workspace, query, progress))
    if as_json:
        print_json(found)
    else:
        show_audience(found)


def _newest(workspace: Workspace) -> str:
    kept = workspace.database.analyses(workspace.warehouse.name)
    if not kept:
        raise BadInput("What should the audience be made from?", where="audience",
                       instead="Give --analysis, --expression or --trait, or run `fieldmark analyze` first.")  # fmt: skip
    return kept[0].analysis_id


def _circle(text: str) -> dict[str, object]:
    unit = "km" if text.strip().endswith("km") else "miles"
    try:
        latitude, longitude, radius = (float(part) for part in text.strip().removesuffix("km").removesuffix("mi").split(","))
    except ValueError:
        raise BadInput("A circle is `latitude,longitude,radius` with `mi` or `km`", where="--near",
                       instead="For example --near 30.27,-97.74,40km.") from None  # fmt: skip
    return {"latitude": latitude, "longitude": longitude, "radius": radius, "unit": unit}


def show_audience(found: AudienceResult) -> None:
    """The audience for a terminal."""
    stdout.print(f"\n[bold]{number(found.total)} people[/], {number(found.reachable)} of them reachable.", highlight=False)
    stdout.print(f"{found.why}\n{found.in_words}", highlight=False)
    for step in found.relaxed:
        stdout.print(f"[yellow]Nobody was found, so it was relaxed: {step.step} → {number(step.total)}[/]", highlight=False)
    if found.overlap:
        stdout.print(f"{number(found.overlap.in_audience)} of the {number(found.overlap.customers)} customers are in it.",
                     highlight=False)  # fmt: skip
    if found.export:
        stdout.print(f"{number(found.export.rows)} rows, {found.export.size_bytes / 1e6:.1f} MB, until "
                     f"{found.export.expires_at:%H:%M} UTC (with `fieldmark serve`):\n{found.export.url}",
                     highlight=False, soft_wrap=True)  # fmt: skip
