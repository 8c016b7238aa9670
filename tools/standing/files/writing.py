"""How do the people of a change get to the destination: all of them, who entered, who left?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from store.destinations import Delivered, Destination, Destinations, Keys, deliver
from store.exports import ExportLink
from store.records import Export
from store.workspace import Workspace
from tools.activation.queries import ExportWarning
from tools.activation.rows import parted
from tools.audience.preview import Audience, export_audience
from tools.standing.files.form import Form
from tools.standing.people.members import numbered

LONGEST = 40  # letters of a file's name that come from the audience's


@dataclass(frozen=True)
class Synced:
    """What lies at the destination now."""

    rows: int
    warnings: list[ExportWarning]
    files: list[Delivered]


@dataclass(frozen=True)
class Parts:
    """Who is in each file: shard by shard all of them, and the ids of who entered and left."""

    people: list[BitMap]
    entered: np.ndarray
    left: np.ndarray

    def files(self, form: Form) -> Iterator[tuple[str, list[BitMap]]]:
        """The name of each part and its people. Who left and is no longer known has no row."""
        yield "", self.people
        for name, ids in (("entered", self.entered), ("left", self.left)):
            found = numbered(form.population, ids)
            if any(found):
                yield name, found


def counted(form: Form, people: list[BitMap]) -> tuple[int, list[ExportWarning]]:
    """How many rows the file would have, and what to know before; nothing is written."""
    rows = form.rows(people)
    for _ in rows.steps():
        pass
    told = form.warnings_of(people, rows.tally)
    return (rows.tally.rows if form.query.platform else sum(map(len, people))), told


def synced(workspace: Workspace, form: Form, name: str, key: str, parts: Parts) -> Synced:
    """The files of a change, at the destination. Done again it writes the same names once more.

    Raises Conflict before anything leaves where a warning stops it, and ToolRefused where the destination
    takes nothing.
    """
    target = Destinations(workspace.home).named(form.query.destination)
    form.require_allowed()
    rows, warnings = counted(form, parts.people)
    form.require_accepted(warnings)
    files: list[Delivered] = []
    for part, people in parts.files(form):
        for at, link in enumerate(_written(workspace, form, f"{key[:16]}{part}", people), start=1):
            file = "-".join(filter(None, (_plain(name), key[:12], part, str(at) if at > 1 else "")))
            files.append(_delivered(workspace, link, f"{file}.csv", target))
    return Synced(rows, warnings, files)


def _written(workspace: Workspace, form: Form, stem: str, people: list[BitMap]) -> list[ExportLink]:
    """The files of these people in the house, under ids of their own that a second try finds again."""
    if not form.query.platform:
        return [_ids_file(workspace, form, f"standing_{stem}", people)]
    rows, platform = form.rows(people), form.platform
    links = []
    for at, part in enumerate(parted(rows.batches(), platform.most_rows, platform.most_bytes), start=1):
        link = workspace.exports.write(
            f"{platform.name}_{stem}_{at}",
            "csv",
            rows.keys,
            part,
            header=rows.header,
            warehouse=workspace.warehouse.name,
            workflow_id="",
            actor=workspace.actor,
            now=workspace.now(),
            snapshot_id=form.population.snapshot_id,
            platform=platform.name,
        )
        links.append(link)
    return links


def _ids_file(workspace: Workspace, form: Form, export_id: str, people: list[BitMap]) -> ExportLink:
    whole = Audience(people, sum(map(len, people)), 0)
    kind = form.query.identifier_type
    link = export_audience(workspace, form.population, whole, kind, "csv", "", None, export_id=export_id)
    assert link is not None  # a format was given
    return link


def _delivered(
    workspace: Workspace, link: ExportLink, name: str, target: tuple[Destination, Keys]
) -> Delivered:
    path = workspace.exports.path(link)
    made = deliver(path, name, *target)
    kept = workspace.database.get(Export, path.stem)
    if kept is None or kept.delivered_url != made.url:  # else it is noted, and only written once more
        workspace.exports.note_delivery(
            path.stem, made.destination, made.url, workspace.now(), workspace.actor
        )
    return made


def _plain(name: str) -> str:
    """The name of an audience as that of a file: `a-z`, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:LONGEST].strip("-") or "audience"
