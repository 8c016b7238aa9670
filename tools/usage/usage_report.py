"""How much was used, by day, by kind or by whom?"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from store.errors import BadInput
from store.records.database import Database
from store.records.usage import UsageEntry, credits_since, model_calls_between, usage_between
from store.tariff import Tariff
from tools.usage.credits import month_of

By = Literal["day", "what", "actor"]
MOST_DAYS = 366
KEYS: dict[By, Callable[[UsageEntry], str]] = {
    "day": lambda entry: entry.at.astimezone(UTC).date().isoformat(),
    "what": lambda entry: entry.what,
    "actor": lambda entry: entry.actor,
}


class UsageLine(BaseModel):
    """What one day, one kind or one actor comes to."""

    key: str = Field(description="The day, the kind or the actor.")
    rows_scored: int = 0
    identifiers_resolved: int = 0
    rows_exported: int = 0
    model_tokens: int = 0
    credits: float = 0.0


class UsageReport(BaseModel):
    """What an organisation used between two days, both in it, in UTC."""

    first_day: date
    last_day: date
    by: By
    lines: list[UsageLine]
    total: UsageLine
    credits_per_row: float
    credits_this_month: float
    credits_per_month: float | None = Field(default=None, description="The limit; none where there is none.")
    credits_left: float | None = Field(default=None, description="Of this month; none without a limit.")


def usage_report(
    database: Database,
    tariff: Tariff,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    by: By = "day",
) -> UsageReport:
    """What was used from the first day to the last; this month so far by default. Raises BadInput."""
    last = last or now.astimezone(UTC).date()
    first = first or min(month_of(now).date(), last)
    if first > last or (last - first).days >= MOST_DAYS:
        raise BadInput(
            "The days do not make a span",
            where="from, to",
            instead=f"`from` at or before `to`, {MOST_DAYS} days at most.",
        )
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    entries = usage_between(database, start, end) + _tokens(database, start, end)
    lines: dict[str, UsageLine] = {}
    total = UsageLine(key="total")
    for entry in entries:
        key = KEYS[by](entry)
        for line in (lines.setdefault(key, UsageLine(key=key)), total):
            setattr(line, entry.what, getattr(line, entry.what) + entry.units)
            line.credits += entry.credits
    spent = credits_since(database, month_of(now))
    limit = tariff.credits_per_month or None
    return UsageReport(
        first_day=first,
        last_day=last,
        by=by,
        lines=[lines[key] for key in sorted(lines)],
        total=total,
        credits_per_row=tariff.credits_per_row,
        credits_this_month=spent,
        credits_per_month=limit,
        credits_left=None if limit is None else max(0.0, limit - spent),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _tokens(database: Database, start: datetime, end: datetime) -> list[UsageEntry]:
    """What was asked of a model, a day and a run at a time: its calls are records already."""
    sums: dict[tuple[date, str], int] = defaultdict(int)
    for call in model_calls_between(database, start, end):
        sums[call.created_at.astimezone(UTC).date(), call.run_id] += call.tokens_in + call.tokens_out
    return [
        UsageEntry(
            entry_id=f"{run_id}_{day}",
            at=_midnight(day),
            actor="model",
            what="model_tokens",
            units=units,
            workflow_id=run_id,
        )
        for (day, run_id), units in sums.items()
        if units
    ]
