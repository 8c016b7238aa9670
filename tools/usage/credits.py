"""May so many rows be scored, by what is left of the month?"""

from datetime import UTC, datetime

from store.errors import TooMany
from store.records.usage import credits_since
from store.tariff import Tariff
from store.workspace import Workspace


def tariff_of(workspace: Workspace) -> Tariff:
    """What this house charges."""
    return workspace.tariff


def month_of(now: datetime) -> datetime:
    """The first moment of the month, in UTC."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def credits_left(workspace: Workspace) -> float | None:
    """Credits that are left of this month; None where there is no limit."""
    limit = tariff_of(workspace).credits_per_month
    if not limit:
        return None
    return max(0.0, limit - credits_since(workspace.database, month_of(workspace.now())))


def require_credits(workspace: Workspace, rows: int) -> None:
    """Raise TooMany where scoring these rows takes more credits than are left of the month."""
    left, cost = credits_left(workspace), rows * tariff_of(workspace).credits_per_row
    if left is None or cost <= left:
        return
    fit = int(left / tariff_of(workspace).credits_per_row)
    raise TooMany(
        f"Scoring {rows:,} rows takes {cost:,g} credits, and {left:,g} are left of this month",
        where="credits",
        instead=f"Score {fit:,} rows at most, wait for the next month, or raise FIELDMARK_CREDITS_PER_MONTH.",
    )
