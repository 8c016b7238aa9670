"""Commands over ideal customer profiles, and over what was used."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.customers.profile_files import write_profile
from api.cli.reaching import reached
from api.cli.showing.profiles import (
    show_comparison,
    show_history,
    show_profile,
    show_profiles,
    show_proposal,
    show_usage,
)
from api.cli.terminal import JsonOption, WarehouseOption, print_json, refusals, stdout
from store.errors import BadFile, BadInput
from tools.declaration import Tool
from tools.profiles import catalogue

ProfileArgument = Annotated[str, typer.Argument(help="A profile, by name or id.")]
RevisionOption = Annotated[
    int | None, typer.Option(min=1, help="The revision that the change was made from; the newest by default.")
]
profiles = typer.Typer(no_args_is_help=True, help="Ideal customer profiles: made, scored against, shared.")


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(profiles, name="profiles")
    app.command()(usage)


def asked(tool: Tool, warehouse: str | None, as_json: bool, arguments: dict[str, Any]) -> Any:
    """The answer of a tool, printed already where JSON is wanted; a refusal leaves with its exit code."""
    # Profiles belong to the organisation, whichever warehouse is open.
    with refusals(as_json), reached(warehouse, anywhere=True) as house:
        found = house.call(tool.name, {key: value for key, value in arguments.items() if value is not None})
    if as_json:
        print_json(found)
    return found


@profiles.command("list")
def list_profiles(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """The profiles that you can see: your own, and those shared."""
    found = asked(catalogue.LIST, warehouse, as_json, {"limit": 200})
    if not as_json:
        show_profiles(found)


@profiles.command("show")
def show(
    profile: ProfileArgument,
    revision: Annotated[int | None, typer.Option(min=1, help="A revision; the newest by default.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """All that a profile holds."""
    found = asked(catalogue.GET, warehouse, as_json, {"icp_profile": profile, "number": revision})
    if not as_json:
        show_profile(found.profile)


@profiles.command("create")
def create(
    file: Annotated[Path | None, typer.Argument(help="The profile as TOML.")] = None,
    name: Annotated[str | None, typer.Option(help="Its name.")] = None,
    analysis: Annotated[str | None, typer.Option(help="Make it from this analysis.")] = None,
    outcomes: Annotated[bool, typer.Option("--outcomes", help="Make it from what outcomes taught.")] = False,
    share_it: Annotated[bool, typer.Option("--share", help="Share it with the organisation.")] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a profile: from a TOML file, an analysis or the outcomes."""
    with refusals(as_json):
        given = read_profile(file) if file else {}
    given |= {"name": name} if name else {}
    given |= {"analysis_id": analysis} if analysis else {}
    given |= {"outcomes": True} if outcomes else {}
    given |= {"visibility": "shared"} if share_it else {}
    found = asked(catalogue.CREATE, warehouse, as_json, given)
    if not as_json:
        show_profile(found.profile)


@profiles.command("propose")
def propose(
    file: Annotated[Path | None, typer.Argument(help="Best customers: CSV, Parquet or JSON Lines.")] = None,
    others: Annotated[Path | None, typer.Option(help="Leads who did not buy, in the same columns.")] = None,
    analysis: Annotated[str | None, typer.Option(help="From this analysis.")] = None,
    outcomes: Annotated[bool, typer.Option("--outcomes", help="From what outcomes taught.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write it as TOML, to be edited and created.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest a profile from data, with the evidence for each line; it is not saved."""
    from agent.conversation.profiles import rows_of  # reading files takes a second to import

    with refusals(as_json):
        given: dict[str, Any] = {"analysis_id": analysis}
        given |= {"outcomes": True} if outcomes else {}
        given |= {"rows": rows_of(file)} if file else {}
        given |= {"others": rows_of(others)} if others else {}
    found = asked(catalogue.PROPOSE, warehouse, as_json, given)
    if out:
        with refusals(as_json):
            write_profile(out, found.document)
    if not as_json:
        show_proposal(found, out)


@profiles.command("edit")
def edit(
    profile: ProfileArgument,
    file: Annotated[Path, typer.Argument(help="The fields to change, as TOML; others stay.")],
    revision: RevisionOption = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change fields of a profile; refused when somebody else has changed it since the revision."""
    with refusals(as_json):
        changes = read_profile(file)
    if revision is None:
        revision = asked(catalogue.GET, warehouse, False, {"icp_profile": profile}).profile.revision
    given = {"icp_profile": profile, "revision": revision, "changes": changes}
    found = asked(catalogue.UPDATE, warehouse, as_json, given)
    if not as_json:
        stdout.print(f"Changed: {found.what_changed}.", highlight=False, markup=False)
        show_profile(found.profile)


@profiles.command("clone")
def clone(
    profile: ProfileArgument,
    name: Annotated[str | None, typer.Option(help="Of the copy.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy a profile, to be changed."""
    found = asked(catalogue.CLONE, warehouse, as_json, {"icp_profile": profile, "name": name})
    if not as_json:
        show_profile(found.profile)


@profiles.command("share")
def share(
    profile: ProfileArgument,
    private: Annotated[bool, typer.Option("--private", help="Make it private again.")] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Share a profile with the organisation, or make it private."""
    visibility = "private" if private else "shared"
    found = asked(catalogue.SHARE, warehouse, as_json, {"icp_profile": profile, "visibility": visibility})
    if not as_json:
        seen = "Everyone in the organisation sees it." if not private else "Only you see it."
        stdout.print(f"{found.profile.document.name}: {seen}", highlight=False, markup=False)


@profiles.command("history")
def history(profile: ProfileArgument, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """The revisions of a profile: who changed what, and when."""
    found = asked(catalogue.HISTORY, warehouse, as_json, {"icp_profile": profile, "limit": 200})
    if not as_json:
        show_history(found)


@profiles.command("compare")
def compare(
    profile: ProfileArgument,
    other: Annotated[str | None, typer.Argument(help="Another profile.")] = None,
    revision: Annotated[int | None, typer.Option(min=1, help="A revision of the first.")] = None,
    other_revision: Annotated[int | None, typer.Option(min=1, help="A revision of the other.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """What differs between two profiles, or two revisions of one."""
    given = {"icp_profile": profile, "other": other, "revision": revision, "other_revision": other_revision}
    found = asked(catalogue.COMPARE, warehouse, as_json, given)
    if not as_json:
        show_comparison(found)


@profiles.command("restore")
def restore(
    profile: ProfileArgument,
    number: Annotated[int, typer.Argument(min=1, help="The revision to go back to.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a profile back to an earlier revision; that is a new revision."""
    found = asked(catalogue.RESTORE, warehouse, as_json, {"icp_profile": profile, "number": number})
    if not as_json:
        show_profile(found.profile)


@profiles.command("delete")
def delete(profile: ProfileArgument, warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Take a profile away for everyone."""
    found = asked(catalogue.DELETE, warehouse, as_json, {"icp_profile": profile})
    if not as_json:
        stdout.print(f"{found.name} is deleted.", highlight=False, markup=False)


def usage(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; of this month.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; today.")
    ] = None,
    by: Annotated[str, typer.Option(help="`day`, `what` or `actor`.")] = "day",
    as_json: JsonOption = False,
) -> None:
    """What was used, and its credits: rows scored and exported, identifiers, tokens."""
    from tools.usage.usage_report import KEYS

    with refusals(as_json), reached(None) as house:
        if by not in KEYS:
            raise BadInput("There are no such lines", where="--by", instead="Say day, what or actor.")
        found = house.usage(first.date() if first else None, last.date() if last else None, by)
    if as_json:
        print_json(found)
    else:
        show_usage(found)


def read_profile(path: Path) -> dict[str, Any]:
    """What a TOML file says of a profile. Raises BadFile with the place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise BadFile("The file cannot be read", where=path.name, instead="Name a TOML file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = _place(str(error))
        raise BadFile("The file is no TOML", where=f"{path.name}{place}", instead=EXAMPLE) from None


def _place(told: str) -> str:
    """Where an error of TOML is, without the text that is there."""
    _, found, rest = told.partition("(at ")
    return f", {rest.rstrip(')')}" if found else ""


EXAMPLE = 'It reads like `industries = ["Software"]` and `company_size = "50-200 employees"`.'
