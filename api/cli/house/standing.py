"""Commands for standing audiences: add, list, refresh, pause, resume, remove, history."""

from typing import Annotated, Any

import typer
from rich.table import Table

from agent.narration.wording import number
from api.cli.terminal import JsonOption, WarehouseOption, add_row, opened, print_json, refusals, stdout
from tools.calls import call
from tools.standing import catalogue
from tools.standing.findings import AudienceRefreshed, MovedPeople, Standing, TiersRescored

Named = Annotated[str, typer.Argument(help="A standing audience, by name or id.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Audiences that are made anew when the data or the model changes.",
        rich_markup_mode="rich",
    )
    group.command("add")(add)
    group.command("list")(list_them)
    group.command("refresh")(refresh)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("remove")(remove)
    group.command("history")(history)
    app.add_typer(group, name="standing")


def add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    expression: Annotated[str | None, typer.Option(help="Cluster hashes or ids with AND, OR, NOT.")] = None,
    audience: Annotated[str | None, typer.Option(help="An audience that was generated, by its id.")] = None,
    analysis: Annotated[str | None, typer.Option(help="An analysis by its id, or `newest`.")] = None,
    segment: Annotated[str | None, typer.Option(help="A segment of the analysis, by name or number.")] = None,
    profile: Annotated[str | None, typer.Option(help="A profile, by name or id.")] = None,
    ranked_by: Annotated[
        str | None, typer.Option(help="The best --size by `outcomes`, an analysis or a profile.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="precision, hybrid or reach.")] = "precision",
    size: Annotated[int | None, typer.Option(min=1, help="People at most.")] = None,
    with_customers: Annotated[
        bool, typer.Option("--with-customers", help="Keep people in it who are won already.")
    ] = False,
    platform: Annotated[str, typer.Option(help="In whose form, such as meta; CSV of ids without.")] = "",
    destination: Annotated[
        str, typer.Option(help="Where its files go: a name of `fieldmark destinations`.")
    ] = "",
    identifier_type: Annotated[str, typer.Option(help="email, phone, address or maid.")] = "email",
    accept: Annotated[list[str] | None, typer.Option(help="A warning that was looked at.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep an audience as standing; `refresh` first writes its files."""
    given = {
        "name": name,
        "expression": expression,
        "audience_id": audience,
        "analysis_id": analysis,
        "segment": segment,
        "icp_profile_id": profile,
        "ranked_by": ranked_by,
        "strategy": strategy,
        "target_size": size,
        "leave_out_won": not with_customers,
        "platform": platform,
        "destination": destination,
        "identifier_type": identifier_type,
        "accept": accept or [],
    }
    found = _asked(catalogue.KEEP, warehouse, as_json, given)
    if not as_json:
        told = f"Kept `{found.standing.name}`: {_people(found.people)}, {found.in_words}."
        stdout.print(told, highlight=False, markup=False)


def list_them(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """List the standing audiences of a warehouse."""
    found = _asked(catalogue.LIST, warehouse, as_json, {})
    if as_json:
        return
    table = Table("name", "people", "changed", "form", "destination", "", box=None)
    for one in found.audiences:
        people = "" if one.people is None else number(one.people)
        changed = f"{one.changed_at:%Y-%m-%d %H:%M}" if one.changed_at else "never"
        state = "paused" if one.is_paused else ""
        add_row(table, one.name, people, changed, one.platform or "ids", one.destination, state)
    stdout.print(table)


def refresh(
    name: Annotated[list[str] | None, typer.Argument(help="Only these; all when left out.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, and write nothing.")
    ] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make them anew where the data or the model changed: people, files, tiers."""
    given = {"mode": "dry_run" if dry_run else "yes", "names": name or [], "rescore": not name}
    found = _asked(catalogue.REFRESH, warehouse, as_json, given)
    if as_json:
        return
    for one in found.audiences:
        _show(_words(one))
        _show(*(f"  + {_moved(each)}" for each in one.entered), *(f"  - {_moved(each)}" for each in one.left))
        _show(*(f"  {each.severity}: {each.what}" for each in one.warnings if each.severity != "note"))
    if found.rescored:
        _show(*_tiers(found.rescored))
    _show(*found.notes)


def pause(named: Named, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Let one rest: no refresh makes it anew."""
    _paused(named, warehouse, as_json, is_paused=True)


def resume(named: Named, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Have one made anew again."""
    _paused(named, warehouse, as_json, is_paused=False)


def remove(named: Named, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Forget one and its changes; what lies at its destination stays."""
    from tools.standing.keep_audience import remove_audience

    with refusals(as_json), opened(warehouse) as workspace:
        standing_id = remove_audience(workspace, named)
    if as_json:
        print_json({"standing_id": standing_id, "removed": True})
    else:
        _show("Removed.")


def history(
    named: Named,
    most: Annotated[int, typer.Option(min=1, max=1000, help="The newest so many.")] = 50,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what changed in one, newest first, and why."""
    from store.records.standing import changes_of, standing_named

    with refusals(as_json), opened(warehouse) as workspace:
        record = standing_named(workspace.database, workspace.warehouse.name, named)
        found = changes_of(workspace.database, record.standing_id, most)[:most]
    if as_json:
        print_json([one.model_dump(mode="json", exclude={"organisation_id", "key"}) for one in found])
        return
    table = Table("when", "people", "entered", "left", "why", "destination", box=None)
    for one in found:
        moved = [MovedPeople.model_validate(each) for side in ("entered", "left") for each in one.why[side]]
        why = "; ".join(f"{number(each.people)} {each.why}" for each in moved)
        when = f"{one.created_at:%Y-%m-%d %H:%M}"
        add_row(table, when, number(one.people), number(one.entered), number(one.left), why, one.delivered_to)
    stdout.print(table)


def _asked(tool: Any, warehouse: str | None, as_json: bool, arguments: dict[str, Any]) -> Any:
    """The answer of a tool, printed already where JSON is wanted."""
    with refusals(as_json), opened(warehouse) as workspace:
        found = call(tool, workspace, {key: value for key, value in arguments.items() if value is not None})
    if as_json:
        print_json(found)
    return found


def _paused(named: str, warehouse: str | None, as_json: bool, *, is_paused: bool) -> None:
    from tools.standing.keep_audience import pause_audience

    with refusals(as_json), opened(warehouse) as workspace:
        found: Standing = pause_audience(workspace, named, is_paused=is_paused)
    if as_json:
        print_json(found)
    else:
        _show("Paused." if is_paused else "It is made anew again.")


def _show(*lines: str) -> None:
    for line in lines:
        stdout.print(line, highlight=False, markup=False)


def _words(one: AudienceRefreshed) -> str:
    if one.status in ("paused", "busy", "refused"):
        return f"{one.name}: {one.status}. {one.refused}".rstrip()
    if one.status == "unchanged":
        return f"{one.name}: {_people(one.people)}, unchanged."
    was = f" (was {number(one.people_before)})" if one.people_before is not None else ""
    would = "would be made anew" if one.is_dry_run else "made anew"
    to = f", written to {one.synced}" if one.synced else ""
    return f"{one.name}: {would}, {_people(one.people)}{was}{to}. {one.note}".rstrip()


def _people(many: int) -> str:
    return f"{number(many)} {'person' if many == 1 else 'people'}"


def _moved(each: MovedPeople) -> str:
    clauses = "; ".join(f"{number(many)} {words}" for words, many in each.clauses.items())
    return f"{number(each.people)} {each.why}" + (f" ({clauses})" if clauses else "")


def _tiers(told: TiersRescored) -> list[str]:
    now = ", ".join(f"{tier} {number(many)}" for tier, many in told.tiers.items())
    moved = ", ".join(f"{way} {number(many)}" for way, many in told.flows.items())
    flows = f"; {number(told.moved)} moved ({moved})" if moved else ""
    return [f"Tiers of {number(told.scored)}: {now}{flows}.", *told.routing]
