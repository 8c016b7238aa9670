"""Which of the staged rows are records, and why are the others none?"""

from collections.abc import Callable, Sequence
from datetime import datetime

import duckdb
import pyarrow as pa

from store.errors import BadFile, BadInput
from store.outcomes.columns import moment_sql
from store.outcomes.intake.cells import (
    amount_sql,
    digest_sql,
    figures_sql,
    id_sql,
    in_figures_sql,
    is_dark_sql,
    moment_of_sql,
    values_sql,
)
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.intake.staging import Staged
from store.outcomes.outcome_table import OUTCOMES, UnitKind
from store.outcomes.shapes.column_file import ColumnFile
from store.outcomes.shapes.shape import DATES, Role, compact
from store.outcomes.shapes.stages import outcome_of, yes_or_no

# The person ids of e-mail addresses, None for those that nobody has.
Resolve = Callable[[Sequence[str]], Sequence[str | None]]
MOST_STAGES = 100_000  # different ways in which stage, type and flags come together
_SAID: tuple[Role, ...] = ("outcome", "deal_type", "is_won", "is_lost", "is_closed")
WON, LOST, CHURNED, EXPANDED, OPEN = range(len(OUTCOMES))
UNKNOWN_STAGE = "the stage is not understood"


def unit_of(staged: Staged, query: IntakeQuery) -> UnitKind:
    """Whose outcomes these are. Raises BadFile where no column says it."""
    has_account = bool(staged.roles.keys() & {"account_id", "account_name"})
    has_person = bool(staged.roles.keys() & {"person_id", "email"})
    unit: UnitKind = query.unit or ("account" if has_account else "person")
    if not (has_account if unit == "account" else has_person):
        wanted = "account_id" if unit == "account" else "person_id"
        raise BadFile(
            f"No column says which {unit} a deal was with",
            where=f"read as {', '.join(staged.roles)}",
            instead=f'Name it in a file of columns: [columns] {wanted} = "…".',
        )
    return unit


def judge(
    staged: Staged,
    query: IntakeQuery,
    said: ColumnFile,
    unit: UnitKind,
    now: datetime,
    resolve: Resolve | None,
) -> None:
    """Make the table `records`: one row a staged row, with `refused` telling why it is none, if it is."""
    connection = staged.connection
    _name_outcomes(staged, said)
    _name_units(staged, unit, resolve)
    day_first = _day_first(staged, said)
    times = ", ".join(f"{moment_of_sql(f'r_{role}', day_first)} AS {role}_time" for role in DATES)
    connection.execute(
        "CREATE TEMP TABLE timed AS SELECT source_row, r_record_id, r_amount, r_currency, r_decided_at,"  # noqa: S608  # no text of a file is in it
        f" r_opened_at, r_products, r_outcome, outcome, unit_id, no_unit, {times},"
        f" {amount_sql('r_amount')} AS amount,"
        f" coalesce(CASE WHEN outcome IN ({WON}, {EXPANDED}) THEN r_won_reason"
        f" WHEN outcome IN ({LOST}, {CHURNED}) THEN r_lost_reason END, r_reason) AS reason"
        " FROM raw JOIN said USING (r_outcome, r_deal_type, r_is_won, r_is_lost, r_is_closed)"
        " JOIN units USING (source_row)"
    )
    connection.execute(_records_sql(query, said, unit, now))
    if "record_id" not in staged.roles:
        staged.notes.append(
            "No column numbers the records: each is known by its account or person, days and amount, so that "
            "a corrected one would be a second one."
        )


def _records_sql(query: IntakeQuery, said: ColumnFile, unit: UnitKind, now: datetime) -> str:
    today = f"CAST({moment_sql(now)} AS DATE)"
    decided = f"CASE WHEN outcome <> {OPEN} THEN CAST(decided_at_time AS DATE) END"
    opened = "CAST(opened_at_time AS DATE)"
    # A day in UTC beside a day at the seller's place: one day before is no contradiction.
    opened = f"CASE WHEN {decided} = {opened} - 1 THEN {decided} ELSE {opened} END"
    silent = f"date_diff('day', CAST(last_activity_time AS DATE), decided_at) > {query.dark_after_days}"
    dark = (
        f"CASE WHEN outcome IN ({WON}, {EXPANDED}) THEN 0 WHEN outcome = {OPEN} THEN NULL"
        f" WHEN {is_dark_sql('reason')} THEN 1"
        f" WHEN outcome = {LOST} AND last_activity_time IS NOT NULL THEN CAST({silent} AS INT)"
        " WHEN reason IS NOT NULL THEN 0 END"
    )
    currency = f"coalesce(upper(r_currency), nullif('{said.currency}', ''))"
    named = digest_sql("d-", f"'{unit}'", "unit_id", "opened_at", "decided_at", "amount")
    return (
        f"CREATE TEMP TABLE records AS SELECT source_row, '{unit}' AS unit,"  # noqa: S608  # no text of a file is in it
        f" coalesce({id_sql('r_record_id')}, {named}) AS record_id, unit_id,"
        " CAST(outcome AS TINYINT) AS outcome,"
        f" decided_at, opened_at, amount, {currency} AS currency, CAST({dark} AS TINYINT) AS went_dark,"
        f" {values_sql('reason')} AS reasons, {values_sql('r_products')} AS products, opened_at_time,"
        f" decided_at_time, r_outcome, {_refusal_sql(unit, today)} AS refused"
        f" FROM (SELECT *, {decided} AS decided_at, {opened} AS opened_at FROM timed)"
    )


def _refusal_sql(unit: UnitKind, today: str) -> str:
    """Why a row is no record; NULL where it is one."""
    reasons = {
        "it has no stage": "outcome IS NULL AND r_outcome = ''",
        UNKNOWN_STAGE: "outcome IS NULL",
        "nobody of the population has its e-mail address": "no_unit = 'unmatched'",
        f"it does not say which {unit} it was with": "unit_id IS NULL",
        "the day of the decision cannot be read": f"outcome <> {OPEN} AND r_decided_at IS NOT NULL"
        " AND decided_at IS NULL",
        "it has no day of decision": f"outcome <> {OPEN} AND decided_at IS NULL",
        "the day of opening cannot be read": "r_opened_at IS NOT NULL AND opened_at IS NULL",
        "it was decided in the future": f"decided_at > {today}",
        "it was opened in the future": f"opened_at > {today}",
        "it was decided before it was opened": "decided_at < opened_at",
        "the amount is no number": "r_amount IS NOT NULL AND amount IS NULL",
        "the amount is negative": "amount < 0",
        "the currency is not three letters": "NOT regexp_full_match(upper(r_currency), '[A-Z]{3}')",
    }
    cases = " ".join(f"WHEN {test} THEN '{why}'" for why, test in reasons.items())
    return f"CASE {cases} END"


def _name_outcomes(staged: Staged, said: ColumnFile) -> None:
    """The table `said`: each way in which stage, type and flags come together, with its outcome."""
    connection = staged.connection
    cells = ", ".join(f"r_{role}" for role in _SAID)
    blanks = ", ".join(f"r_{role} = coalesce(r_{role}, '')" for role in _SAID)
    connection.execute(f"UPDATE raw SET {blanks}")  # noqa: S608  # names of roles
    ways = connection.execute(
        f"SELECT DISTINCT {cells} FROM raw ORDER BY ALL LIMIT {MOST_STAGES + 1}"  # noqa: S608  # names of roles
    ).fetchall()
    if len(ways) > MOST_STAGES:
        raise BadFile(
            f"The columns of stages and types hold more than {MOST_STAGES:,} different values",
            where=f"read as outcome: {staged.roles.get('outcome', '')}",
            instead="Name the right columns in a file of columns.",
        )
    stages = dict(staged.shape.stages) | {
        compact(stage): outcome for outcome, stages in said.stages.items() for stage in stages
    }
    outcomes = [
        outcome_of(stage, kind, yes_or_no(won), yes_or_no(lost), yes_or_no(closed), stages)
        for stage, kind, won, lost, closed in ways
    ]
    places = [None if outcome is None else OUTCOMES.index(outcome) for outcome in outcomes]
    columns = {f"r_{role}": pa.array([way[at] for way in ways], pa.string()) for at, role in enumerate(_SAID)}
    _keep(connection, "said", pa.table(columns | {"outcome": pa.array(places, pa.int8())}))


def _name_units(staged: Staged, unit: UnitKind, resolve: Resolve | None) -> None:
    """The table `units`: the account or person of each row, and whether an e-mail address was of no use."""
    connection = staged.connection
    if unit == "account":
        named = digest_sql("n-", "lower(trim(r_account_name))")
        by_name = f"CASE WHEN r_account_name IS NOT NULL THEN {named} END"
        named = f"coalesce({id_sql('r_account_id')}, {by_name})"
        sql = f"SELECT source_row, {named} AS unit_id, '' AS no_unit FROM raw"  # noqa: S608  # names of roles
        if "account_id" not in staged.roles:
            staged.notes.append("Accounts are told apart by their names, of which only digests are kept.")
    else:
        _name_persons(connection, resolve)
        sql = (
            f"SELECT source_row, coalesce({id_sql('r_person_id')}, person) AS unit_id,"  # noqa: S608  # names of roles
            " CASE WHEN r_person_id IS NULL AND r_email IS NOT NULL AND person IS NULL THEN 'unmatched'"
            " ELSE '' END AS no_unit FROM raw LEFT JOIN persons ON r_email = email"
        )
    connection.execute(f"CREATE TEMP TABLE units AS {sql}")


def _name_persons(connection: duckdb.DuckDBPyConnection, resolve: Resolve | None) -> None:
    rows = connection.execute(
        "SELECT DISTINCT r_email FROM raw WHERE r_person_id IS NULL AND r_email IS NOT NULL ORDER BY 1"
    ).fetchall()
    emails = [email for (email,) in rows]
    if emails and resolve is None:
        raise BadInput(
            "Some deals have an e-mail address and no id, and there are no people to find it among",
            where="email",
            instead="Load the people first (`fieldmark load`), or give a column of person ids.",
        )
    persons = list(resolve(emails)) if resolve and emails else []
    columns = {"email": pa.array(emails, pa.string()), "person": pa.array(persons, pa.string())}
    _keep(connection, "persons", pa.table(columns))


def _keep(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("given", table)
    connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM given")  # noqa: S608  # our own names
    connection.unregister("given")


def _day_first(staged: Staged, said: ColumnFile) -> bool:
    """Whether the day comes before the month in figures. Raises BadFile when no date says it."""
    if said.day_first is not None:
        return said.day_first
    looks = ", ".join(f"count_if({in_figures_sql(f'r_{role}')})" for role in DATES)
    [figures] = staged.connection.execute(f"SELECT {looks} FROM raw").fetchall()  # noqa: S608  # names of roles
    cells = [f"r_{role}" for role, count in zip(DATES, figures, strict=True) if count]
    if not cells:
        return False
    days, months = (
        " + ".join(f"count({figures_sql(cell, order)}) FILTER ({in_figures_sql(cell)})" for cell in cells)
        for order in (True, False)
    )
    [(day, month)] = staged.connection.execute(f"SELECT {days}, {months} FROM raw").fetchall()  # noqa: S608  # names of roles
    if day and day == month:
        raise BadFile(
            "Day and month of the dates could be swapped",
            where=", ".join(staged.roles[role] for role in DATES if role in staged.roles),
            instead="Say which comes first in a file of columns: day_first = true or false.",
        )
    return day > month
