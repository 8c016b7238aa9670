"""Commands for webhooks: add, list, remove, test, deliveries, replay, rotate."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from api.cli.terminal import JsonOption, add_row, opened_house, print_json, refusals, stderr, stdout
from api.webhooks import endpoints
from api.webhooks.endpoints import Delivery, NewWebhook, Webhook, reach_of
from store.access import LOCAL
from store.errors import BadInput
from store.records.deliveries import deliveries_of
from store.records.outbox import DeliveryStatus
from store.records.webhooks import EVENT_TYPES, EventType, endpoint_named, endpoints_of
from store.workspace import House

WebhookId = Annotated[str, typer.Argument(help="As `fieldmark webhooks list` shows it: hook_…")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Tell other programs when something is done.", rich_markup_mode="rich"
    )
    group.command("add")(add)
    group.command("list")(list_webhooks)
    group.command("remove")(remove)
    group.command("test")(try_out)
    group.command("deliveries")(deliveries)
    group.command("replay")(replay)
    group.command("rotate")(rotate)
    app.add_typer(group, name="webhooks")


def add(
    url: Annotated[str, typer.Argument(help="Where messages are posted: https://host/path.")],
    event: Annotated[
        list[str] | None, typer.Option(help=f"Only this type, any number of times: {', '.join(EVENT_TYPES)}.")
    ] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Add a receiver; its secret is shown this once."""
    with refusals(as_json), opened_house() as (settings, house):
        wanted = _wanted(url, description, _events(event or []))
        made = endpoints.add_webhook(house, reach_of(settings), wanted, LOCAL)
        _note(house, "webhook.added", made.webhook_id)
    _show_secret(made, as_json)


def list_webhooks(as_json: JsonOption = False) -> None:
    """List the receivers; those that are disabled say why."""
    with refusals(as_json), opened_house() as (_, house):
        found = [endpoints.webhook_shown(one) for one in endpoints_of(house.database)]
    if as_json:
        print_json([one.model_dump(mode="json", exclude={"secret"}) for one in found])
        return
    table = Table("webhook", "url", "events", "state", "", box=None)
    table.columns[0].no_wrap = True
    for one in found:
        add_row(table, one.webhook_id, one.url, ", ".join(one.events) or "all", _state(one), one.description)
    stdout.print(table)


def remove(webhook_id: WebhookId, as_json: JsonOption = False) -> None:
    """Forget a receiver and what it was sent."""
    with refusals(as_json), opened_house() as (_, house):
        endpoints.remove_webhook(house, webhook_id)
        _note(house, "webhook.removed", webhook_id)
    if as_json:
        print_json({"webhook_id": webhook_id, "removed": True})
    else:
        stdout.print("Removed.")


def try_out(webhook_id: WebhookId, as_json: JsonOption = False) -> None:
    """Send a receiver a message `webhook.test`; a worker delivers it."""
    with refusals(as_json), opened_house() as (_, house):
        _show_sent(endpoints.try_webhook(house, webhook_id), as_json)


def deliveries(
    webhook_id: WebhookId,
    status: Annotated[
        DeliveryStatus | None, typer.Option(help="Only those that are so: pending, sent, failed or dead.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List what a receiver was sent, newest first."""
    with refusals(as_json), opened_house() as (_, house):
        endpoint_named(house.database, webhook_id)
        found = deliveries_of(house.database, webhook_id, most, status=status)[:most]
    if as_json:
        print_json([endpoints.delivery_shown(one).model_dump(mode="json") for one in found])
        return
    table = Table("delivery", "told", "event", "status", "attempts", "answer", "next", box=None)
    table.columns[0].no_wrap = True
    for one in found:
        answer = str(one.last_status or "") or one.last_error.replace("_", " ")
        again = f"{one.next_attempt_at:%Y-%m-%d %H:%M:%S}" if one.next_attempt_at else ""
        told = f"{one.created_at:%Y-%m-%d %H:%M}"
        add_row(table, one.delivery_id, told, one.event, one.status, str(one.attempts), answer, again)
    stdout.print(table)


def replay(
    what: Annotated[str, typer.Argument(help="A delivery (dlv_…), or a webhook (hook_…) for its dead ones.")],
    since: Annotated[
        datetime | None, typer.Option(help="Of a webhook: only what was told since then (UTC).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Send a message again under its id, or all that a receiver did not take in 30 days."""
    with refusals(as_json), opened_house() as (_, house):
        if not what.startswith("hook_"):
            sent = endpoints.replay_one(house, what)
            _note(house, "webhook.replayed", sent.delivery_id)
            _show_sent(sent, as_json)
            return
        many = endpoints.replay_all_dead(house, what, since.replace(tzinfo=UTC) if since else None)
        _note(house, "webhook.replayed", what, messages=many)
    if as_json:
        print_json({"replayed": many})
    else:
        stdout.print(f"{many:,} messages are on their way again.")


def rotate(webhook_id: WebhookId, as_json: JsonOption = False) -> None:
    """Give a receiver a new secret; for 24 hours messages are signed with both."""
    with refusals(as_json), opened_house() as (_, house):
        rotated = endpoints.rotate_webhook(house, webhook_id)
        _note(house, "webhook.rotated", webhook_id)
    _show_secret(rotated, as_json)


def _wanted(url: str, description: str, events: list[EventType]) -> NewWebhook:
    try:
        return NewWebhook(url=url, description=description, events=events)
    except ValidationError as error:
        where = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise BadInput("It does not fit", where=where, instead="Write one line, not as long.") from None


def _note(house: House, action: str, about: str, **detail: int) -> None:
    from api.access.visit import write_note  # the web framework takes a second to import

    write_note(house, LOCAL, action, about, **detail)


def _events(given: list[str]) -> list[EventType]:
    known: list[EventType] = [event for event in EVENT_TYPES if event in given]
    if len(known) < len(set(given)):
        raise BadInput(
            "There is no such type of event", where="--event", instead=f"Use {', '.join(EVENT_TYPES)}."
        )
    return known


def _state(one: Webhook) -> str:
    if not one.enabled:
        return f"disabled: {one.disabled_why}"
    return f"failing since {one.failing_since:%Y-%m-%d %H:%M}" if one.failing_since else "listening"


def _show_secret(made: Webhook, as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    stdout.print(made.webhook_id, highlight=False)
    stdout.print(made.secret or "", highlight=False, soft_wrap=True)
    stderr.print("The secret is shown this once: messages are signed with it.")


def _show_sent(sent: Delivery, as_json: bool) -> None:
    if as_json:
        print_json(sent)
        return
    stdout.print(sent.delivery_id, highlight=False)
    stderr.print("A worker sends it; `fieldmark webhooks deliveries HOOK` tells how it went.")
