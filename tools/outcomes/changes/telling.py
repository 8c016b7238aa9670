"""How is a change told: its figures before and now, and who moved?"""

from collections.abc import Mapping, Sequence

import numpy as np

from tools.outcomes.changes.evidence.ranks import Shift
from tools.outcomes.changes.figure_tests import SHARES, Figure, tested
from tools.outcomes.changes.figures_told import compared, rows_of
from tools.outcomes.changes.findings import (
    Compared,
    Direction,
    Measure,
    Mover,
    OutcomeChange,
    TierOutcomes,
    WindowFigures,
)
from tools.outcomes.changes.judging import Judged
from tools.outcomes.changes.levels import Level
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.changes.scene import Scene, Sides

CLEAR_P = 0.05  # at which the parts of a change already proven are told apart


def told_change(
    change: Judged, days: Sequence[int], windows: Sequence[Sides], scene: Scene, carried_by: str | None = None
) -> OutcomeChange:
    """The change with its figures of the window that shows it most surely."""
    figure, sides = change.figure, windows[change.window]
    whole = compared(figure, sides, scene, change.p)
    assert whole.before is not None  # it was tested
    assert whole.now is not None
    assert whole.difference is not None
    parts = _parts(figure.level, sides, scene) if figure.level and figure.measure in SHARES else {}
    return OutcomeChange(
        key=change.key,
        about=figure.level.about if figure.level else "all",
        measure=figure.measure,
        attribute=change.attribute,
        label=figure.level.label if figure.level else "",
        value=figure.level.value if figure.level else "",
        tier=figure.level.tier if figure.level else None,
        direction=_direction(figure, change.sign, whole),
        window_days=days[change.window],
        n=whole.n,
        inside=_inside(figure, sides, scene, whole.n),
        n_before=whole.n_before,
        before=whole.before,
        now=whole.now,
        difference=whole.difference,
        p_value=change.p,
        q_value=change.q,
        moved=_mover(figure.measure, parts) if parts else None,
        win_rate=parts.get("win_rate"),
        won_share=parts.get("won_share"),
        pipeline_share=parts.get("pipeline_share"),
        carried_by=carried_by,
    )


def _parts(level: Level, sides: Sides, scene: Scene) -> dict[Measure, Compared]:
    """Its win rate and its shares, whichever of them changed."""
    wanted = [Figure(measure, level) for measure in SHARES]
    shifts = tested(wanted, sides, scene, OutcomeChangesQuery(least_inside=5, least_rate=1))
    return {
        each.measure: compared(each, sides, scene, shift.p)
        for each, shift in zip(wanted, shifts, strict=True)
    }


def _inside(figure: Figure, sides: Sides, scene: Scene, n: int) -> int:
    if figure.measure not in SHARES:
        return n
    among, having = rows_of(figure, scene)
    return int((sides.now & among & having).sum())


def _direction(figure: Figure, sign: int, found: Compared) -> Direction:
    if figure.measure in ("won_share", "pipeline_share") and found.before and found.now:
        if found.before.value == 0:
            return "appeared"
        if found.now.value == 0:
            return "vanished"
    return "up" if sign > 0 else "down"


def _mover(measure: Measure, parts: Mapping[Measure, Compared]) -> Mover:
    """Wins inside, the mix, or both: what changed itself, and the other part where it is clear as well."""
    wins, mix = (_is_clear(parts[each]) for each in ("win_rate", "pipeline_share"))
    if measure == "win_rate":
        return "both" if mix else "wins"
    if measure == "pipeline_share":
        return "both" if wins else "mix"
    if wins != mix:
        return "wins" if wins else "mix"
    return "both"


def _is_clear(found: Compared) -> bool:
    return found.p_value is not None and found.p_value <= CLEAR_P


def window_figures(
    days: Sequence[int], windows: Sequence[Sides], scene: Scene, shifts: Sequence[Mapping[str, Shift]]
) -> list[WindowFigures]:
    """The figures of all records in each window."""

    def told(measure: Measure, at: int) -> Compared:
        return compared(Figure(measure), windows[at], scene, shifts[at][measure].p)

    return [
        WindowFigures(
            window_days=length,
            win_rate=told("win_rate", at),
            contract_value=told("contract_value", at),
            cycle_days=told("cycle_days", at),
            score=told("score", at) if scene.scores is not None else None,
        )
        for at, length in enumerate(days)
    ]


def tiers_told(
    tiers: Sequence[Level],
    days: Sequence[int],
    windows: Sequence[Sides],
    scene: Scene,
    shifts: Sequence[Mapping[str, Shift]],
    moved: Sequence[Judged],
) -> list[TierOutcomes]:
    """How each tier did in each window."""
    return [
        _tier(tier, length, windows[at], scene, shifts[at], moved)
        for at, length in enumerate(days)
        for tier in tiers
    ]


def _tier(
    level: Level,
    days: int,
    sides: Sides,
    scene: Scene,
    shifts: Mapping[str, Shift],
    moved: Sequence[Judged],
) -> TierOutcomes:
    measures: tuple[Measure, ...] = ("win_rate", "contract_value", "cycle_days", "pipeline_share")
    found = {
        each.measure: compared(each, sides, scene, shifts[each.name].p)
        for each in (Figure(measure, level) for measure in measures)
    }
    rows = sides.now & level.inside
    won = int((rows & scene.won).sum())
    assert level.tier is not None  # a level of the tiers
    return TierOutcomes(
        tier=level.tier,
        window_days=days,
        won=won,
        lost=int(np.sum(rows)) - won,
        win_rate=found["win_rate"],
        contract_value=found["contract_value"],
        cycle_days=found["cycle_days"],
        pipeline_share=found["pipeline_share"],
        moved=[
            each.figure.measure
            for each in moved
            if each.figure.level is level and each.figure.measure in found
        ],
    )
