"""How does each tier do, as a table?"""

from collections.abc import Callable

from agent.briefing_result import TierTold, Unit
from api.report.briefing.told.figures import figure, interval
from api.report.briefing.told.parts import Cell, TierRow, TierTable
from api.report.briefing.told.words import clean, text
from tools.mining.findings import Estimate

FIGURES: dict[str, Unit] = {"win_rate": "share", "contract_value": "money", "cycle_days": "days"}

CURRENCY = 5  # letters


def tier_table(tiers: list[TierTold], currency: str, say: Callable[[str], str]) -> TierTable | None:
    """The table with the columns that any tier has a figure for; nothing without tiers."""
    if not tiers:
        return None
    shown = [name for name in FIGURES if any(getattr(each, name) for each in tiers)]
    has_accounts = any(each.accounts is not None for each in tiers)
    names = ["won", "lost", *shown, *(["accounts"] if has_accounts else [])]
    rows = [
        TierRow(
            tier=each.tier,
            cells=[
                Cell(now=say(f"{each.won:,}")),
                Cell(now=say(f"{each.lost:,}")),
                *(_cell(each, name, clean(currency, CURRENCY), say) for name in shown),
                *([_accounts(each, say)] if has_accounts else []),
            ],
        )
        for each in tiers
    ]
    any_moved = any(cell.moved for row in rows for cell in row.cells)
    key = text("moved_key" if any_moved else "interval_key") if shown else ""
    return TierTable(columns=[text("tier"), *(text(name) for name in names)], rows=rows, key=say(key))


def _cell(tier: TierTold, name: str, currency: str, say: Callable[[str], str]) -> Cell:
    unit = FIGURES[name]
    now: Estimate | None = getattr(tier, name)
    before: Estimate | None = getattr(tier, f"{name}_before")
    return Cell(
        now=say(figure(now.value, unit, currency)) if now else text("none"),
        interval=say(interval(now, unit)),
        before=text("was", figure=say(figure(before.value, unit, currency))) if before else "",
        moved=_is_moved(tier, name),
    )


def _accounts(tier: TierTold, say: Callable[[str], str]) -> Cell:
    if tier.accounts is None:
        return Cell(now=text("none"))
    before = tier.accounts_before
    return Cell(
        now=say(f"{tier.accounts:,}"),
        before="" if before is None else text("was", figure=say(f"{before:,}")),
        moved=_is_moved(tier, "accounts"),
    )


def _is_moved(tier: TierTold, name: str) -> bool:
    """Whether the figure is among those that moved, by its field or in words (`win rate`)."""
    moved = {each.lower().replace(" ", "_") for each in tier.moved}
    return name in moved or name.removesuffix("_days").removeprefix("contract_") in moved
