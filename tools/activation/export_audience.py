"""How does an audience become the file of a platform?"""

from datetime import datetime

from store.destinations import Destination, Destinations, Keys, deliver, withdraw
from store.errors import BadInput, Conflict
from store.workspace import Workspace
from tools.activation.chosen import Chosen, chosen_people
from tools.activation.platforms import PLATFORMS, Platform
from tools.activation.preflight import (
    criteria_warnings,
    hours_between,
    place_warnings,
    size_warnings,
    source_warnings,
)
from tools.activation.queries import ExportAudience, ExportedAudience, ExportedFile, ExportWarning
from tools.activation.rows import Rows, parted


def export_audience(workspace: Workspace, query: ExportAudience) -> ExportedAudience:
    """An audience as a file for an advertising platform or a CRM, with what to know before it is used.

    The people of an audience, an expression, an analysis or a list of ids; their identifiers in the form that
    the platform documents, hashed where it hashes. `preflight` only tells: rows, size against the platform's
    minimum, consent and special categories, people of countries that ask for consent, age. With a warning
    that is a `stop` nothing is written unless `accept` names it. Files of at most the platform's rows, or of
    `split`; each behind a signed link for an hour, and at a destination besides where `delivery` names one.
    """
    platform = PLATFORMS[query.destination]
    _require_columns(workspace, platform, query)
    target = Destinations(workspace.home).named(query.delivery) if query.delivery else None
    chosen = chosen_people(workspace, query)
    rows = Rows(workspace.population, chosen.people, platform, query)
    warnings = criteria_warnings(workspace.population.catalogue, chosen, platform, query)
    files: list[ExportedFile] = []
    if query.preflight:
        for _ in rows.steps():
            pass
    else:
        _require_accepted(warnings, query)
        files = _written(workspace, rows, target)
    warnings += _counted(workspace, chosen, rows)
    try:
        if not query.preflight:
            _require_accepted(warnings, query)
            _deliver_all(workspace, files, target)
    except BaseException:  # also on an interrupt nothing half-done stays
        _take_back(workspace, files, target)
        raise
    return _result(workspace, query, chosen, rows, warnings, files)


def _require_columns(workspace: Workspace, platform: Platform, query: ExportAudience) -> None:
    if not query.columns:
        return
    if not platform.carries:
        raise BadInput(
            f"A file for {platform.title} has columns of its own alone",
            where="columns",
            instead="Leave `columns` out, or export `plain`.",
        )
    population = workspace.population
    fields = {name for shard in population.shards for name in shard.fields.names}
    unknown = [name for name in query.columns if not population.catalogue.named(name) and name not in fields]
    if unknown:
        raise BadInput(
            f"{len(unknown)} of the columns are no attributes of this population",
            where="columns",
            instead="`list_clusters` names those there are.",
        )


def _require_accepted(warnings: list[ExportWarning], query: ExportAudience) -> None:
    stops = [each for each in warnings if each.severity == "stop" and each.code not in query.accept]
    if stops:
        codes = ", ".join(dict.fromkeys(each.code for each in stops))
        raise Conflict(
            f"This is not exported as it is: {' '.join(each.what for each in stops)}",
            where="preflight",
            instead=f"{stops[0].instead} (`accept` takes: {codes}.)",
        )


def _written(workspace: Workspace, rows: Rows, target: tuple[Destination, Keys] | None) -> list[ExportedFile]:
    platform, query = rows.platform, rows.query
    most = min(filter(None, (query.split, platform.most_rows)), default=None)
    files: list[ExportedFile] = []
    try:
        for part in parted(rows.batches(), most, platform.most_bytes):
            export_id = f"{platform.name}_{workspace.new_id()}"
            link = workspace.exports.write(
                export_id,
                "csv",
                rows.keys,
                part,
                header=rows.header,
                warehouse=workspace.warehouse.name,
                workflow_id=query.workflow_id or "",
                actor=workspace.actor,
                now=workspace.now(),
                snapshot_id=workspace.population.snapshot_id,
                platform=platform.name,
            )
            files.append(ExportedFile(export_id=export_id, export=link))
    except BaseException:  # also on an interrupt nothing half-done stays
        _take_back(workspace, files, target)
        raise
    return files


def _deliver_all(
    workspace: Workspace, files: list[ExportedFile], target: tuple[Destination, Keys] | None
) -> None:
    if target is None:
        return
    for file in files:
        path = workspace.exports.path(file.export)
        file.delivered = deliver(path, path.name, *target)
        made = file.delivered
        workspace.exports.note_delivery(
            file.export_id, made.destination, made.url, workspace.now(), workspace.actor
        )


def _take_back(
    workspace: Workspace, files: list[ExportedFile], target: tuple[Destination, Keys] | None
) -> None:
    for file in files:
        if target is not None and file.delivered is not None:
            withdraw(workspace.exports.path(file.export).name, *target)
            workspace.exports.note_delivery(file.export_id, "", "", workspace.now(), workspace.actor)
        workspace.exports.revoke(file.export_id, workspace.now(), workspace.actor)


def _counted(workspace: Workspace, chosen: Chosen, rows: Rows) -> list[ExportWarning]:
    query, tally, platform = rows.query, rows.tally, rows.platform
    return [
        *size_warnings(tally, chosen, platform, query),
        *place_warnings(tally, platform),
        *source_warnings(chosen, query, workspace.population.snapshot_id, _ages(workspace, chosen)),
    ]


def _ages(workspace: Workspace, chosen: Chosen) -> dict[str, float]:
    now = workspace.now()
    made = datetime.fromisoformat(workspace.population.manifest.created_at)
    ages = {"population": hours_between(made, now)}
    if chosen.made_at is not None:
        ages["audience"] = hours_between(chosen.made_at, now)
    return ages


def _result(
    workspace: Workspace,
    query: ExportAudience,
    chosen: Chosen,
    rows: Rows,
    warnings: list[ExportWarning],
    files: list[ExportedFile],
) -> ExportedAudience:
    tally, platform, ages = rows.tally, rows.platform, _ages(workspace, chosen)
    return ExportedAudience(
        destination=query.destination,
        preflight=query.preflight,
        in_words=chosen.in_words,
        people=chosen.total,
        suppressed=chosen.suppressed,
        erased=sum(len(shard.erased_numbers) for shard in workspace.population.shards),
        rows=tally.rows,
        with_email=tally.with_email,
        with_phone=tally.with_phone,
        with_address=tally.with_address,
        with_maid=tally.with_maid,
        consent_rows=tally.consent_rows,
        countries=dict(tally.countries.most_common()),
        expected_matched=int(tally.rows * query.match_share) if platform.advertises else None,
        minimum=platform.minimum,
        snapshot_id=workspace.population.snapshot_id,
        snapshot_hours=ages["population"],
        audience_hours=ages.get("audience"),
        header=rows.header,
        left_out=list(dict.fromkeys(query.leave_out)),
        warnings=warnings,
        files=files,
    )
