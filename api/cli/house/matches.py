"""Commands that correct matches of identifiers with persons: matches split, merge, undo, list."""

from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.reaching import reached
from api.cli.terminal import JsonOption, WarehouseOption, add_row, print_json, refusals, stdout
from store.records.corrections import CorrectionKind
from tools.identity.corrections.keeping import CorrectionUndone
from tools.identity.corrections.list_corrections import CorrectionList
from tools.identity.corrections.merge_persons import PersonsMerged
from tools.identity.corrections.split_match import MatchSplit

FromFeedback = Annotated[str, typer.Option("--feedback", help="The wrong_match it is made from: feedback_…")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show the evidence.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Correct whose identifier is whose; every correction can be taken back.",
        rich_markup_mode="rich",
    )
    group.command("split")(split)
    group.command("merge")(merge)
    group.command("undo")(undo)
    group.command("list")(list_matches)
    app.add_typer(group, name="matches")


def split(
    person: Annotated[int | None, typer.Argument(help="Whose identifier it is not.")] = None,
    which: Annotated[str | None, typer.Option(help="Its place among theirs: email2.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="The type of --value: email, phone, address, maid or id.")
    ] = None,
    value: Annotated[
        str | None, typer.Option(help="Its value, which is not kept; `-` reads it from stdin.")
    ] = None,
    hash_type: Annotated[str, typer.Option("--hash", help="How --value is hashed.")] = "plaintext",
    feedback: FromFeedback = "",
    dry_run: DryRun = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Split a wrong match: the identifier leads to the next candidate from now on."""
    given = typer.get_text_stream("stdin").read().strip() if value == "-" else value
    asked = {
        "person_id": person,
        "which": which,
        "id_type": type_,
        "value": given,
        "hash_type": hash_type,
        "feedback_id": feedback,
        "dry_run": dry_run,
    }
    made = MatchSplit.model_validate(_called("split_match", asked, warehouse, as_json))
    if as_json:
        print_json(made)
        return
    table = Table("identifier", "others who have it", box=None)
    for each in made.identifiers:
        mark = "  (not theirs)" if each.which == made.which else ""
        add_row(table, f"{each.which}{mark}", f"{each.shared_by:,}")
    stdout.print(table)
    led = ", ".join(f"{each.person_id} ({each.quality_score:.2f})" for each in made.candidates)
    stdout.print(f"It leads to {led or 'nobody'} from now on.", highlight=False)
    _say(made.correction_id)


def merge(
    person: Annotated[int, typer.Argument(help="The id that is kept.")],
    other: Annotated[int, typer.Argument(help="The id that is the same person's.")],
    feedback: FromFeedback = "",
    dry_run: DryRun = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Merge two persons into one, who counts once from now on."""
    asked = {"person_id": person, "other_person_id": other, "feedback_id": feedback, "dry_run": dry_run}
    made = PersonsMerged.model_validate(_called("merge_persons", asked, warehouse, as_json))
    if as_json:
        print_json(made)
        return
    found = made.evidence
    shared = ", ".join(f"{many} {kind}" for kind, many in found.shared.items())
    stdout.print(f"Identifiers of both: {shared or 'none'}.")
    if found.same_building:
        stdout.print("An address of both is the same but for the unit.")
    stdout.print(
        f"{found.agreeing:,} of {found.compared:,} attributes agree; of two people at random "
        f"{found.expected:.1f} would (p {found.p:.2g}, were attributes independent)."
    )
    _say(made.correction_id)


def undo(
    correction_id: Annotated[str, typer.Argument(help="As `fieldmark matches list` shows it: correction_…")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a correction back: matches are as they were."""
    asked = {"correction_id": correction_id}
    done = CorrectionUndone.model_validate(_called("undo_correction", asked, warehouse, as_json))
    if as_json:
        print_json(done)
        return
    stdout.print(f"The {done.kind} is taken back.")
    if done.feedback_reopened:
        stdout.print(f"{done.feedback_reopened} is open again.", highlight=False)


def list_matches(
    kind: Annotated[CorrectionKind | None, typer.Option(help="Only splits, or merges.")] = None,
    holding: Annotated[bool, typer.Option("--holding", help="Only those that were not taken back.")] = False,
    most: Annotated[int, typer.Option(min=1, max=200, help="The newest so many.")] = 50,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List corrections, newest first."""
    asked = {"kind": kind, "holding": holding, "limit": most}
    found = CorrectionList.model_validate(_called("list_corrections", asked, warehouse, as_json))
    if as_json:
        print_json([line.model_dump(mode="json") for line in found.corrections])
        return
    table = Table("correction", "when", "kind", "person", "other", "by", "", box=None)
    table.columns[0].no_wrap = True
    for line in found.corrections:
        other = "" if line.other_person_id is None else str(line.other_person_id)
        state = f"taken back {line.undone_at:%Y-%m-%d}" if line.undone_at else "holds"
        when = f"{line.created_at:%Y-%m-%d}"
        add_row(table, line.correction_id, when, line.kind, str(line.person_id), other, line.actor, state)
    stdout.print(table)


def _called(tool: str, arguments: dict[str, Any], warehouse: str | None, as_json: bool) -> dict[str, Any]:
    given = {name: value for name, value in arguments.items() if value not in (None, "")}
    with refusals(as_json), reached(warehouse) as house:
        return house.call(tool, given).model_dump()


def _say(correction_id: str) -> None:
    stdout.print(correction_id or "Nothing was changed: a dry run.", highlight=False)
