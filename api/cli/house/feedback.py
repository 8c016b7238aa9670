"""Commands for what was said of the answers: feedback list, show, accept, decline, reopen."""

from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.reaching import reached
from api.cli.terminal import JsonOption, WarehouseOption, add_row, print_json, refusals, stdout
from store.errors import BadInput
from store.records.feedback import FeedbackStatus
from tools.feedback.decide_feedback import FeedbackDecided
from tools.feedback.list_feedback import FeedbackLine, FeedbackList
from tools.feedback.submit_feedback import KINDS

FeedbackId = Annotated[str, typer.Argument(help="As `fieldmark feedback list` shows it: feedback_…")]
Status = Annotated[FeedbackStatus | None, typer.Option(help="Only those that are new, accepted or declined.")]
Kind = Annotated[str | None, typer.Option(help=f"Only of this kind: {', '.join(KINDS)}.")]
Most = Annotated[int, typer.Option(min=1, max=200, help="The newest so many.")]
Reason = Annotated[str, typer.Option(help="Why.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what it would do.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        help="What was said of the answers, and what comes of it.",
        rich_markup_mode="rich",
        invoke_without_command=True,
    )
    group.callback()(feedback)
    group.command("list")(list_feedback)
    group.command("show")(show)
    group.command("accept")(accept)
    group.command("decline")(decline)
    group.command("reopen")(reopen)
    app.add_typer(group, name="feedback")


def feedback(context: typer.Context, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """What was said of the answers, and what comes of it; without a command, the list."""
    if context.invoked_subcommand is None:
        list_feedback(warehouse=warehouse, as_json=as_json)


def list_feedback(
    status: Status = None,
    kind: Kind = None,
    most: Most = 50,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was said, newest first."""
    if kind is not None and kind not in KINDS:
        with refusals(as_json):
            raise BadInput(
                "There is no such kind of feedback", where="--kind", instead=f"Use {', '.join(KINDS)}."
            )
    asked = {"status": status, "kind": kind, "limit": most}
    found = FeedbackList.model_validate(_called("list_feedback", asked, warehouse, as_json))
    if as_json:
        print_json([line.model_dump(mode="json") for line in found.feedback])
        return
    table = Table("feedback", "when", "kind", "status", "about", "message", box=None)
    table.columns[0].no_wrap = True
    for line in found.feedback:
        when = f"{line.created_at:%Y-%m-%d}"
        add_row(table, line.feedback_id, when, line.kind, line.status, _about(line), line.message)
    stdout.print(table)


def show(feedback_id: FeedbackId, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Show one, with what accepting it would do or did."""
    found = FeedbackList.model_validate(
        _called("list_feedback", {"feedback_id": feedback_id}, warehouse, as_json)
    )
    _shown(found.feedback[0], as_json)


def accept(
    feedback_id: FeedbackId,
    name: Annotated[str | None, typer.Option(help="Of a bad segment: its name from now on.")] = None,
    reason: Reason = "",
    dry_run: DryRun = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept it: the next run obeys it, and says so."""
    asked = {"decision": "accept", "name": name, "reason": reason, "dry_run": dry_run}
    _decide(feedback_id, asked, warehouse, as_json)


def decline(
    feedback_id: FeedbackId,
    reason: Reason,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decline it, with a reason."""
    _decide(feedback_id, {"decision": "decline", "reason": reason}, warehouse, as_json)


def reopen(feedback_id: FeedbackId, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Take a decision back: it is new again, and what it changed is as it was."""
    _decide(feedback_id, {"decision": "reopen"}, warehouse, as_json)


def _decide(feedback_id: str, asked: dict[str, Any], warehouse: str | None, as_json: bool) -> None:
    arguments = {"feedback_id": feedback_id, **asked}
    decided = FeedbackDecided.model_validate(_called("decide_feedback", arguments, warehouse, as_json))
    _shown(decided.feedback, as_json)


def _called(tool: str, arguments: dict[str, Any], warehouse: str | None, as_json: bool) -> dict[str, Any]:
    given = {name: value for name, value in arguments.items() if value is not None}
    with refusals(as_json), reached(warehouse) as house:
        return house.call(tool, given).model_dump()


def _about(line: FeedbackLine) -> str:
    said = {
        "person": "" if line.person_id is None else str(line.person_id),
        "cluster": line.cluster_hash,
        "segment": line.segment,
        "lead": line.lead,
        "text": line.subject,
        "change": line.change,
    }
    return ", ".join(f"{name} {value}" for name, value in said.items() if value)


def _shown(line: FeedbackLine, as_json: bool) -> None:
    if as_json:
        print_json(line.model_dump(mode="json"))
        return
    table = Table("", "", box=None, show_header=False)
    effect = str(line.effect.get("kind", "")).replace("_", " ")
    rows = {
        "feedback": line.feedback_id,
        "said": f"{line.created_at:%Y-%m-%d %H:%M} by {line.created_by or 'somebody'}",
        "kind": line.kind,
        "about": _about(line),
        "message": line.message,
        "status": f"{line.status} by {line.decided_by}" if line.decided_by else line.status,
        "reason": line.reason,
        "accepting it": line.effect_preview,
        "it did": effect,
    }
    for name, value in rows.items():
        if value:
            add_row(table, name, value)
    stdout.print(table)
