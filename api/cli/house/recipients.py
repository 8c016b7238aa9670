"""Commands for who gets briefings, and for what became of each: recipients, deliveries."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from api.cli.terminal import JsonOption, add_row, opened_house, print_json, refusals, stderr, stdout
from api.sending import recipients as sending
from api.sending.recipients import BriefingSent, NewRecipient, RecipientChange
from api.webhooks.endpoints import reach_of
from store.access import LOCAL
from store.errors import BadFile, BadInput
from store.records.briefing_deliveries import DeliveryStatus, deliveries_of, recipients_of, send_again
from store.records.recipients import remove_recipient
from store.workspace import House

RecipientId = Annotated[str, typer.Argument(help="As `fieldmark recipients list` shows it: rcp_…")]
WHY = {
    "no_mail_server": "FIELDMARK_MAIL_SERVER is not set",
    "tls": "no TLS, or its certificate does not hold",
    "settings": "FIELDMARK_MAIL_SERVER or FIELDMARK_MAIL_FROM does not fit",
}


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(no_args_is_help=True, help="Who gets briefings.", rich_markup_mode="rich")
    group.command("add")(add)
    group.command("list")(list_recipients)
    group.command("activate")(activate)
    group.command("remove")(remove)
    app.add_typer(group, name="recipients")
    log = typer.Typer(help="What became of each briefing that was sent.", rich_markup_mode="rich")
    log.callback(invoke_without_command=True)(deliveries)
    log.command("bounce")(bounce)
    log.command("retry")(retry)
    app.add_typer(log, name="deliveries")


def add(
    address: Annotated[
        str, typer.Argument(help="A mail address, slack://…, workflows://… (Teams), jsons://host/path …")
    ],
    as_json: JsonOption = False,
) -> None:
    """Add a recipient; an address that is known is the same recipient."""
    with refusals(as_json), opened_house() as (settings, house):
        made = sending.add_recipient(house, reach_of(settings), _wanted(address), LOCAL)
        _note(house, "recipient.added", made.recipient_id, channel=made.channel)
    if as_json:
        print_json(made)
        return
    stdout.print(f"{made.recipient_id}  {made.shown}", highlight=False)
    if made.secret:
        stdout.print(made.secret, highlight=False, soft_wrap=True)
        stderr.print("Briefings to it are signed with this secret.")
    if made.status != "active":
        stderr.print(f"They get nothing: {made.status}.")


def list_recipients(as_json: JsonOption = False) -> None:
    """List the recipients, their addresses masked."""
    with refusals(as_json), opened_house() as (_, house):
        found = [sending.recipient_shown(one) for one in recipients_of(house.database, 1000)]
    if as_json:
        print_json([one.model_dump(mode="json", exclude={"secret"}) for one in found])
        return
    table = Table("recipient", "channel", "to", "status", "since", box=None)
    table.columns[0].no_wrap = True
    for one in found:
        since = one.status_at or one.created_at
        add_row(table, one.recipient_id, one.channel, one.shown, one.status, f"{since:%Y-%m-%d}")
    stdout.print(table)


def activate(recipient_id: RecipientId, as_json: JsonOption = False) -> None:
    """Send to a recipient again after a bounce."""
    with refusals(as_json), opened_house() as (_, house):
        changed = sending.change_recipient(house, recipient_id, RecipientChange(status="active"))
        _note(house, "recipient.changed", recipient_id, status="active")
    if as_json:
        print_json(changed)
    else:
        stdout.print(f"{changed.shown} gets briefings again.", highlight=False)


def remove(recipient_id: RecipientId, as_json: JsonOption = False) -> None:
    """Forget an address; who unsubscribed stays so if it is added again."""
    with refusals(as_json), opened_house() as (_, house):
        remove_recipient(house.database, recipient_id, house.now())
        _note(house, "recipient.removed", recipient_id)
    if as_json:
        print_json({"recipient_id": recipient_id, "removed": True})
    else:
        stdout.print("Removed.")


def deliveries(
    context: typer.Context,
    briefing: Annotated[str | None, typer.Option(help="Only of this briefing.")] = None,
    status: Annotated[
        DeliveryStatus | None,
        typer.Option(help="Only those that are so: pending, sent, failed, dead, bounced or unsubscribed."),
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the briefings that were sent: when, which, to whom, and how that went."""
    if context.invoked_subcommand:
        return
    with refusals(as_json), opened_house() as (_, house):
        found = deliveries_of(house.database, most, briefing_id=briefing, status=status)[:most]
        shown = sending.deliveries_shown(house, found)
    if as_json:
        print_json([one.model_dump(mode="json") for one in shown])
        return
    table = Table("delivery", "when", "briefing", "to", "status", "tries", "why", "next", box=None)
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    for one in shown:
        _add_line(table, one)
    stdout.print(table)


def _add_line(table: Table, one: BriefingSent) -> None:
    again = f"{one.next_attempt_at:%Y-%m-%d %H:%M:%S}" if one.next_attempt_at else ""
    why = WHY.get(one.last_error, one.last_error.replace("_", " "))
    answer = " ".join(filter(None, (str(one.last_code or ""), why)))
    to = one.shown or "(removed)"
    when = f"{one.ended_at or one.created_at:%Y-%m-%d %H:%M}"
    add_row(table, one.delivery_id, when, one.briefing_id, to, one.status, str(one.attempts), answer, again)


def bounce(
    file: Annotated[str, typer.Argument(help="The mail that came back, as a file (.eml), or - for stdin.")],
    as_json: JsonOption = False,
) -> None:
    """Read a mail that came back, and send its recipient nothing more where that is for good."""
    with refusals(as_json), opened_house() as (_, house):
        noted = sending.note_bounced(house, _read(file))
        if noted.delivery:
            _note(house, "delivery.bounced", noted.delivery.delivery_id, permanent=noted.is_permanent)
    if as_json:
        print_json(noted)
    elif noted.delivery is None:
        stdout.print("It says that the mail arrived; nothing changed.")
    elif noted.is_permanent:
        stdout.print(f"{noted.delivery.shown or 'A recipient'} gets nothing more: bounced.", highlight=False)
    else:
        stdout.print("The mail is late, or was refused for a reason that may pass; it is noted.")


def retry(
    delivery_id: Annotated[str, typer.Argument(help="A delivery that did not arrive: bdl_…")],
    as_json: JsonOption = False,
) -> None:
    """Send a briefing that did not arrive again, as the same mail."""
    with refusals(as_json), opened_house() as (_, house):
        again = send_again(house.database, delivery_id, house.now())
        _note(house, "delivery.retried", delivery_id)
        shown = sending.deliveries_shown(house, [again])[0]
    if as_json:
        print_json(shown)
    else:
        stdout.print(shown.delivery_id, highlight=False)
        stderr.print("A worker sends it; `fieldmark deliveries` tells how it went.")


def _wanted(address: str) -> NewRecipient:
    try:
        return NewRecipient(address=address)
    except ValidationError:
        raise BadInput("It is empty or too long", where="ADDRESS", instead="Give one address.") from None


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise BadFile("The file cannot be read", where=file, instead=f"{error.strerror}.") from None


def _note(house: House, action: str, about: str, **detail: str | bool) -> None:
    from api.access.visit import write_note  # the web framework takes a second to import

    write_note(house, LOCAL, action, about, **detail)
