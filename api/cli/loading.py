"""Commands that make and change populations: synth, mapping, load, snapshots, erase."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent.version import CODE_VERSION
from api.access.noting import write_note
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened,
    opened_house,
    print_json,
    progress_bar,
    refusals,
    stderr,
    stdout,
)
from api.settings import Settings
from store.access import LOCAL
from store.errors import BadMapping
from store.population.build import BuildReport
from store.population.build.snapshot import Progress
from store.population.mapping import Mapping, Outcome, propose, read_mapping, write_mapping
from store.population.source import open_source
from store.workspace import Workspace
from tools.clusters.meaning import semantic_index
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson

EMBEDDED_AT_LOAD = 5_000  # clusters up to which a load prepares the lookup by meaning


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(synth)
    app.command("mapping")(show_mapping)
    app.command()(load)
    app.command()(snapshots)
    app.command()(erase)


def synth(
    people: Annotated[int, typer.Option(help="How many people.")],
    out: Annotated[Path, typer.Option(help="A folder that is empty or not there yet.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Generate a US consumer population with customer files and the truth planted in them."""
    from store.synthetic import generate  # takes a second to import, and only this command needs it

    with refusals(as_json), progress_bar() as progress:
        report = generate(people, seed, out, lambda done, of: progress("people", done, of))
    if as_json:
        print_json(report)
        return
    stdout.print(f"{people:,} generated people are in {out}. Next:")
    stdout.print(f"  fieldmark load {out}/population/*.parquet --mapping {out}/mapping.toml --warehouse us")


def show_mapping(
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or JSON Lines files of one population.")],
    out: Annotated[Path | None, typer.Option(help="Write the mapping here instead of showing it.")] = None,
    bins_by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN=VALUE", help="Choose ranges of numbers that tell this outcome best."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose what each column means, as a file that can be edited."""
    with refusals(as_json), open_source(files) as source:
        proposal = propose(source, bins_by=_outcome(bins_by) if bins_by is not None else None)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_mapping(proposal.mapping, out)
    if as_json:
        print_json(proposal.mapping.model_dump(exclude_defaults=True))
        if bins_by:  # a reader of the mapping alone would not know what its ranges were made for
            _show_notes(proposal.notes)
    else:
        _show(proposal.mapping, proposal.notes)
    if out:
        stderr.print(f"Written to {out}. Edit it, then: fieldmark load FILE --mapping {out} --warehouse NAME")


def _outcome(told: str) -> Outcome:
    column, is_given, value = told.rpartition("=")
    if not (is_given and column and value):
        raise BadMapping(
            "An outcome is a column and one of its values", where="--bins-by", instead="Write COLUMN=VALUE."
        )
    return Outcome(column.strip(), value.strip())


def _show(mapping: Mapping, notes: list[str]) -> None:
    table = Table("column", "kind", "attribute", "domain", "more", box=None)
    for name, column in mapping.columns.items():
        edges = [edge if isinstance(edge, str) else f"{edge:g}" for edge in column.edges]
        more = [
            f"bins {', '.join(edges)}" if edges else "",
            f"format {column.format}" if column.format else "",
            column.identifier or "",
            column.part or "",
            f"sensitive: {column.sensitive}" if column.sensitive else "",
        ]
        add_row(table, name, column.kind, column.attribute, column.domain, " ".join(filter(None, more)))
    stderr.print(table)
    _show_notes(notes)


def _show_notes(notes: list[str]) -> None:
    for note in notes:
        stderr.print(f"  {escape(note)}", highlight=False)


def load(
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or JSON Lines files of one population.")],
    warehouse: Annotated[str, typer.Option("--warehouse", "-w", help="Made when it is not there yet.")],
    mapping: Annotated[
        Path | None, typer.Option(help="What each column means; proposed and shown when left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build a population from files and swap it in. On any error the one in use stays."""
    with refusals(as_json), opened_house() as (settings, house):
        known = read_mapping(mapping) if mapping else _proposed(files, quiet=as_json)
        with progress_bar() as progress:
            report = built(house.workspace(warehouse), settings, files, known, progress)
    if as_json:
        print_json(report)
    else:
        _tell(report, warehouse)


def built(
    workspace: Workspace, settings: Settings, files: list[Path], mapping: Mapping, progress: Progress
) -> BuildReport:
    """Build a population, swap it in, and prepare the lookup of its clusters by meaning."""
    report = workspace.warehouse.load(
        files,
        mapping,
        workspace.now(),
        progress=progress,
        memory_limit=settings.memory,
        processes=settings.processes or None,
        code_version=CODE_VERSION,
    )
    told = {"snapshot": report.snapshot_id, "people": report.persons}
    write_note(workspace, LOCAL, "snapshot.loaded", workspace.warehouse.name, **told)
    if report.clusters <= EMBEDDED_AT_LOAD:
        progress("meaning of clusters", 0, 1)
        semantic_index(workspace)
        progress("meaning of clusters", 1, 1)
    return report


def _proposed(files: list[Path], *, quiet: bool) -> Mapping:
    with open_source(files) as source:
        proposal = propose(source)
    if not quiet:
        stderr.print(
            "No mapping was given. Proposed, and used as it stands (`fieldmark mapping` writes it to edit):"
        )
        _show(proposal.mapping, proposal.notes)
    return proposal.mapping


def _tell(report: BuildReport, warehouse: str) -> None:
    stdout.print(
        f"{report.persons:,} people, {report.attributes} attributes, {report.clusters:,} clusters "
        f"in `{warehouse}` "
        f"(snapshot {report.snapshot_id}, {report.size_bytes / 1e6:,.0f} MB, {report.seconds:,.1f} s)."
    )
    for kind, count in report.identifiers.items():
        bad = report.malformed_identifiers.get(kind, 0)
        stdout.print(
            f"  {count:,} {kind} identifiers" + (f"; {bad:,} malformed ones cannot be matched" if bad else "")
        )


def snapshots(
    warehouse: WarehouseOption = None,
    use: Annotated[str | None, typer.Option(help="Roll back, or forward, to this snapshot.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the snapshots of a warehouse, or put another one in use."""
    with refusals(as_json), opened(warehouse) as workspace:
        if use:
            workspace.warehouse.use(use)
            write_note(workspace, LOCAL, "snapshot.used", workspace.warehouse.name, snapshot=use)
        lines = workspace.warehouse.snapshots()
    if as_json:
        print_json([line.model_dump() for line in lines])
        return
    table = Table("", "snapshot", "people", "clusters", "from", box=None)
    for line in lines:
        add_row(
            table,
            "→" if line.current else "",
            line.snapshot_id,
            f"{line.persons:,}",
            f"{line.clusters:,}",
            ", ".join(line.sources),
        )
    stdout.print(table)


def erase(
    person_id: Annotated[int, typer.Argument(help="Whom to erase.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Never answer a person again, keep later deliveries from bringing them back, revoke their exports."""
    with refusals(as_json), opened(warehouse) as workspace:
        erased = erase_person(workspace, AboutPerson(person_id=person_id))
    if as_json:
        print_json({"person_id": person_id, **erased.model_dump(mode="json")})
        return
    if not erased.known:
        stderr.print("Nobody here has this id; a later load will refuse it all the same.")
    stdout.print(f"Erased. {erased.identifiers} identifiers will be refused in later loads.")
    if erased.exports_revoked:
        stdout.print(f"Revoked: {len(erased.exports_revoked)} exports that held them.")
    for each in erased.out_of_reach:
        where = each.delivered_url or f"fetched {each.downloads} times"
        stdout.print(f"Out of reach: {escape(each.export_id)}, {escape(where)}", soft_wrap=True)
    if erased.exports_unknown:
        stderr.print(f"Of {erased.exports_unknown} older exports nothing tells who was in them.")
