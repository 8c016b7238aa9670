"""Commands that run the workflows: analyze, audience, analyses, resume."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from agent.analysis import Analysis
from agent.customer_requests import request_of_file
from agent.narration.wording import number
from api.cli.reaching import Reach, reached
from api.cli.showing.analyses import show_analysis, show_audience, show_result
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    print_json,
    progress_bar,
    refusals,
    stderr,
    stdout,
)
from store.errors import BadInput


class Recorded(StrEnum):
    """Recorded outcomes whose people can be analysed."""

    won = "won"
    lost = "lost"
    churned = "churned"
    expanded = "expanded"


REPORTS = (".html", ".md", ".json")


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(analyze)
    app.command()(analyses)
    app.command()(resume)
    app.command()(audience)


def analyze(
    file: Annotated[
        Path | None, typer.Argument(help="Identifiers or rows of the customers: CSV, Parquet, JSON Lines.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(help="Instead of a file: `attribute=value`, those with this outcome.")
    ] = None,
    recorded: Annotated[
        Recorded | None,
        typer.Option(help="Instead of a file: the people whose last outcome this is."),
    ] = None,
    lost: Annotated[
        str | None,
        typer.Option(help="Those who were lost or left, as a third baseline: a file, or `attribute=value`."),
    ] = None,
    among: Annotated[
        str | None, typer.Option(help="Compare only people for whom this expression holds.")
    ] = None,
    warehouse: WarehouseOption = None,
    report: Annotated[Path | None, typer.Option(help="Write the report here: .html, .md or .json.")] = None,
    sensitive: Annotated[bool, typer.Option(help="Look at sensitive attributes too.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same analysis.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Find the ideal customer profile of customers, proven against the population."""
    with refusals(as_json), reached(warehouse) as house:
        _require_form(report)
        given = _customers(file, outcome, recorded) | {
            "lost": _lost(lost) if lost else None,
            "among": among,
            "include_sensitive": sensitive,
            "seed": seed,
        }
        with progress_bar() as progress:
            found = house.call("analyze_customers", given, progress)
        if report:
            _write(found, report)
    if as_json:
        print_json(found)
    else:
        show_analysis(found)
        stderr.print(f"Report: {report}" if report else "`--report profile.html` writes this as a page.")


def _require_form(report: Path | None) -> None:
    """Refuse a report that cannot be written before the work, not after it."""
    if report and report.suffix not in REPORTS:
        raise BadInput(
            "A report is written as .html, .md or .json",
            where="--report",
            instead="For example --report profile.html.",
        )


def _write(found: Analysis, report: Path) -> None:
    from api.report import write_report  # the chart library takes a second to import

    write_report(found, report)


def _customers(file: Path | None, outcome: str | None, recorded: Recorded | None) -> dict[str, object]:
    if sum(each is not None for each in (file, outcome, recorded)) != 1:
        raise BadInput("Give the customers in one way: a file, --outcome or --recorded", where="analyze")
    if recorded is not None:
        return {"recorded": recorded.value}
    if outcome is not None:
        return _with_outcome(outcome)
    assert file is not None
    return _of_file(file)


def _lost(text: str) -> dict[str, object]:
    return _of_file(Path(text)) if "=" not in text or Path(text).exists() else _with_outcome(text)


def _with_outcome(text: str) -> dict[str, object]:
    attribute, _, value = text.partition("=")
    return {"outcome": {"attribute": attribute, "value": value or "Yes"}}


def _of_file(file: Path) -> dict[str, object]:
    request = request_of_file(file)
    for note in request.notes:
        stderr.print(note, highlight=False)
    return request.arguments


def analyses(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the analyses of a warehouse."""
    with refusals(as_json), reached(warehouse) as house:
        kept = house.analyses()
    if as_json:
        print_json(kept)
        return
    table = Table("analysis", "when", "customers", "headline", box=None)
    table.columns[0].no_wrap = True
    for record in kept:
        add_row(
            table,
            record["analysis_id"],
            record["created_at"][:16].replace("T", " "),
            number(record["customers"]),
            record["headline"],
        )
    stdout.print(table)


def resume(
    run_id: Annotated[str, typer.Argument(help="The run that was killed, cancelled, or failed.")],
    warehouse: WarehouseOption = None,
    report: Annotated[
        Path | None, typer.Option(help="Write an analysis's report here: .html, .md or .json.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with an analysis or an audience at the step it was in; a job is queued again."""
    with refusals(as_json), reached(warehouse) as house:
        _require_form(report)
        with progress_bar() as progress:
            found = house.resume(run_id, progress)
        if found is None:
            stderr.print("Queued again; `fieldmark worker` goes on with it.")
            return
        if report and isinstance(found, Analysis):
            _write(found, report)
    if as_json:
        print_json(found)
    else:
        show_result(found)


def audience(
    analysis: Annotated[
        str | None, typer.Option(help="An analysis id; the newest when no other source is given.")
    ] = None,
    segment: Annotated[str | None, typer.Option(help="A segment of the analysis, by name or number.")] = None,
    expression: Annotated[str | None, typer.Option(help="Cluster hashes or ids with AND, OR, NOT.")] = None,
    trait: Annotated[
        list[str] | None, typer.Option(help="A trait: `name=value`, a hash, or words. Repeat it.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="precision, hybrid, reach, ranked or curve.")] = "precision",
    point: Annotated[
        int | None, typer.Option(min=1, help="A point of the analysis's curve: 1 is the surest.")
    ] = None,
    size: Annotated[
        int | None, typer.Option(min=1, help="Keep so many people at most, the likest first.")
    ] = None,
    near: Annotated[
        str | None, typer.Option(help="`latitude,longitude,radius` with `mi` or `km`: 30.27,-97.74,40km.")
    ] = None,
    among: Annotated[str | None, typer.Option(help="An expression that everyone in it satisfies.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="`customers`, or a cluster. Repeat it.")] = None,
    identifier: Annotated[str, typer.Option(help="email, phone, address or maid.")] = "email",
    format: Annotated[str, typer.Option(help="none, csv, json or jsonl.")] = "none",
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find, size and export the people who fit."""
    with refusals(as_json), reached(warehouse) as house:
        if not (analysis or expression or trait):
            analysis = _newest(house)
        given = {
            "analysis_id": analysis,
            "segment": segment,
            "expression": expression,
            "traits": trait or None,
            "strategy": strategy,
            "point": point,
            "target_size": size,
            "location": _circle(near) if near else None,
            "among": among,
            "exclude": exclude or [],
            "identifier_type": identifier,
            "format": format,
        }
        with progress_bar() as progress:
            found = house.call("generate_audience", given, progress)
    if as_json:
        print_json(found)
    else:
        show_audience(found)


def _newest(house: Reach) -> str:
    kept = house.analyses()
    if not kept:
        raise BadInput(
            "What should the audience be made from?",
            where="audience",
            instead="Give --analysis, --expression or --trait, or run `fieldmark analyze` first.",
        )
    return kept[0]["analysis_id"]


def _circle(text: str) -> dict[str, object]:
    unit = "km" if text.strip().endswith("km") else "miles"
    try:
        latitude, longitude, radius = (
            float(part) for part in text.strip().removesuffix("km").removesuffix("mi").split(",")
        )
    except ValueError:
        raise BadInput(
            "A circle is `latitude,longitude,radius` with `mi` or `km`",
            where="--near",
            instead="For example --near 30.27,-97.74,40km.",
        ) from None
    return {"latitude": latitude, "longitude": longitude, "radius": radius, "unit": unit}
