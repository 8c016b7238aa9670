"""An export's rows as one table of roles and attributes, before anything is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from store.errors import BadFile, BadInput
from store.outcomes.columns import Attribute, Plan, attributes_of
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.shapes import SHAPES, Shape
from store.outcomes.shapes.column_file import ColumnFile
from store.outcomes.shapes.shape import ROLES, Role, compact
from store.population.mapping import propose
from store.population.source import Source
from store.population.source.cells import missing_sql
from store.population.source.engine import name_sql, told

OWN = "it is read as {role}"


@dataclass
class Staged:
    """The table `raw` of a connection: source_row, r_ROLE as text, `a:NAME` as the attribute's type.

    Cells of `dated` attributes are days since 1970-01-01, to be taken from the day that counts.
    """

    connection: duckdb.DuckDBPyConnection
    rows: int
    shape: Shape
    roles: dict[Role, str]
    attributes: list[Attribute]
    dated: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def staged(source: Source, query: IntakeQuery, said: ColumnFile) -> Staged:
    """The source's rows, its shape recognised. Raises BadFile or BadInput where that cannot be."""
    shape = _shape(source, query, said)
    roles = _roles(source, shape, said)
    proposal = propose(source)
    closed = _closed(source, shape, roles, said)
    plan = attributes_of(source, proposal, set(closed))
    _stage(source, roles, proposal.mapping.missing, plan)
    left_out = {name: why for name, why in closed.items() if name not in roles.values()} | plan.left_out
    notes = [note for note in proposal.notes if "sensitive" in note]
    return Staged(source.connection, source.rows, shape, roles, plan.attributes, plan.dated, left_out, notes)


def _shape(source: Source, query: IntakeQuery, said: ColumnFile) -> Shape:
    wanted = query.shape or said.shape
    if wanted:
        return next(shape for shape in SHAPES if shape.name == wanted)
    found = next((shape for shape in SHAPES if shape.fits(source.columns)), None)
    if found:
        return found
    if "outcome" in said.columns or "is_won" in said.columns:
        return SHAPES[-1]
    raise BadFile(
        "The file is no export of outcomes that is known",
        where=", ".join(source.columns),
        instead="It needs columns such as `outcome` and `decided_at`; or say which they are in a file of "
        'columns: [columns] outcome = "…", decided_at = "…".',
    )


def _roles(source: Source, shape: Shape, said: ColumnFile) -> dict[Role, str]:
    roles = shape.roles(source.columns)
    for role, header in said.columns.items():
        roles.pop(role, None)
        if not header:
            continue
        known = next((name for name in source.columns if name == header), None) or next(
            (name for name in source.columns if compact(name) == compact(header)), None
        )
        if known is None:
            raise BadInput(
                f"The file has no column `{header}`",
                where=f"[columns] {role}",
                instead=f"Its columns are {', '.join(source.columns)}.",
            )
        roles[role] = known
    if not roles.keys() & {"outcome", "is_won"}:
        raise BadFile(
            "No column says how a deal ended",
            where=", ".join(source.columns),
            instead='Name it in a file of columns: [columns] outcome = "…".',
        )
    return roles


def _closed(source: Source, shape: Shape, roles: Mapping[Role, str], said: ColumnFile) -> dict[str, str]:
    """Columns that can be no attributes, and why."""
    read = {header: OWN.format(role=role) for role, header in roles.items()}
    aliases = {alias: role for role, names in shape.headers.items() for alias in names}
    asked = {compact(name) for name in said.leave_out}
    found: dict[str, str] = {}
    for header in source.columns:
        alias = aliases.get(compact(header))
        also = f"it says the same as another column, of {alias}" if alias in roles else ""
        unread = f"it tells {alias} in another way" if alias else ""
        named = "it was asked to leave it out" if compact(header) in asked else ""
        why = read.get(header) or named or shape.why_left_out(header) or also or unread
        if why:
            found[header] = why
    return found


def _stage(source: Source, roles: Mapping[Role, str], missing: list[str], plan: Plan) -> None:
    from store.population.mapping import Mapping as Meaning

    marks = Meaning(missing=missing, columns={})
    cells = [f"{_role_sql(source, roles.get(role), marks)} AS r_{role}" for role in ROLES]
    cells += [f"{plan.cells[each.name]} AS {name_sql(f'a:{each.name}')}" for each in plan.attributes]
    with told(str(source.parts[0].path)):
        source.connection.execute(
            f"CREATE TEMP TABLE raw AS SELECT source_row, {', '.join(cells)} FROM {source.sql}"  # noqa: S608  # names are quoted
        )


def _role_sql(source: Source, header: str | None, marks) -> str:
    if header is None:
        return "CAST(NULL AS VARCHAR)"
    if source.columns[header] == "list":
        return f"array_to_string(CAST({name_sql(header)} AS VARCHAR[]), '|')"
    return missing_sql(header, marks)
