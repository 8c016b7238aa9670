"""The command that tells what left the house about a person."""

import sys
from typing import Annotated, Any, cast

import typer
from rich.table import Table

from agent.narration.wording import number
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened,
    print_json,
    refusals,
    stderr,
    stdout,
)
from store.errors import BadInput
from store.population.domains import HashType, IdentifierType
from tools.calls import call
from tools.declaration import tool
from tools.privacy.exports_about_person import ExportsAbout, exports_about_person

STDIN = "-"


def exports_about(
    person: Annotated[
        str | None, typer.Argument(metavar="PERSON_ID", help="The person, by their id; `-` reads stdin.")
    ] = None,
    identifier: Annotated[
        list[str] | None,
        typer.Option(help="An identifier of theirs. It stays in the history of the shell: `-` is safer."),
    ] = None,
    id_type: Annotated[
        IdentifierType, typer.Option("--type", help="Of the identifiers: email, phone, address, maid, id.")
    ] = "email",
    hash_type: Annotated[
        HashType, typer.Option("--hash", help="How they are hashed: plaintext, md5, sha1, sha256.")
    ] = "plaintext",
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which exports a person was in: when, by whom, and to which destination.

    With `-` identifiers are read from stdin, one a line: `fieldmark exports about - < their-addresses`. So
    they are in no history of a shell and in no list of processes.
    """
    with refusals(as_json):
        given = _given(person, identifier or [], id_type, hash_type)
        with opened(warehouse) as workspace:
            found = cast(ExportsAbout, call(tool(exports_about_person, needs=("people",)), workspace, given))
    if as_json:
        print_json(found)
    else:
        _show(found)


def _given(
    person: str | None, identifiers: list[str], id_type: IdentifierType, hash_type: HashType
) -> dict[str, Any]:
    if (person is None) == (not identifiers):
        raise BadInput(
            "Who is meant?", where="PERSON_ID", instead="Give one id, `-` for stdin, or --identifier."
        )
    if person not in (None, STDIN):
        return {"person_id": person}
    values = identifiers or [line.strip() for line in sys.stdin if line.strip()]
    return {"multi_identifiers": [{"id_type": id_type, "hash_type": hash_type, "values": values}]}


def _show(found: ExportsAbout) -> None:
    table = Table("export", "when", "by", "as", "to", "fetched", "", box=None)
    table.columns[0].no_wrap = True
    for each in found.exports:
        add_row(
            table,
            each.export_id,
            f"{each.created_at:%Y-%m-%d %H:%M}",
            each.actor,
            each.platform or each.format,
            each.delivered_url or each.delivered_to,
            number(each.downloads),
            "revoked" if each.revoked_at else "",
        )
    if found.exports:
        stdout.print(table)
    stderr.print(f"In {number(len(found.exports))} of {number(found.looked_at)} exports of this warehouse.")
    if found.unknown:
        stderr.print(f"Of {number(found.unknown)} of them nothing tells who was in them.")
    if found.has_more:
        stderr.print("There are older ones; `GET /v1/exports` with a person_id lists them all.")
