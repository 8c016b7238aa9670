"""What would a briefing be of deals in which one change was planted? Generated deals, measured, and told."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from agent.briefing_result import (
    Appendix,
    AudienceTold,
    Bar,
    Battlecard,
    Briefing,
    CallFirst,
    Chart,
    FeedbackTold,
    MadeFrom,
    ModelTold,
    Moved,
    Proof,
    Rescored,
    TierTold,
)
from agent.changes.result import ToldChange
from agent.narration.wording import percent
from tools.mining.evidence.statistics import (
    as_p_values,
    benjamini_hochberg,
    log_p_depleted,
    log_p_enriched,
    wilson_interval,
)
from tools.mining.findings import Estimate

WHEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BEFORE = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
INDUSTRIES = ("Logistics", "Software", "Manufacturing", "Health care", "Retail")
TIERS = ("A", "B", "C", "D")
RATES = {"A": 0.42, "B": 0.3, "C": 0.18, "D": 0.09}
MOVED = {"Logistics": 0.12, "Retail": -0.13}  # what is planted: by how much an industry's win rate moves
LEVEL = 0.05 / 52


class Deals(NamedTuple):
    """Decided deals: place in INDUSTRIES and in TIERS, won or not, amount, days."""

    industry: np.ndarray
    tier: np.ndarray
    won: np.ndarray
    amount: np.ndarray
    days: np.ndarray


def changed_briefing(seed: int = 0) -> Briefing:
    """A briefing on generated deals in which one industry closes better since the last one."""
    rng = np.random.default_rng(seed)
    before, now = _deals(rng, 5_200, {}), _deals(rng, 2_400, MOVED)
    rows = [_industry(at, before, now) for at in range(len(INDUSTRIES))]
    q_values = benjamini_hochberg([row["p"] for row in rows])
    changes = [_change(row, float(q)) for row, q in zip(rows, q_values, strict=True) if q < LEVEL]
    tiers = [_tier(at, before, now) for at in range(len(TIERS))]
    return Briefing(
        kind="changes",
        headline="Two things changed, both real: logistics closes more often, retail less",
        changes=changes[:3],
        risk="The new chance to win was not put in use. Tiers still come from the one before it.",
        action="Move open logistics deals of tier A and B to the top of this week's list.",
        expected_impact=_impact(rows[0]),
        analysed_again=True,
        significant=len(changes),
        significant_keys=[each.key for each in changes],
        continuing=[
            ToldChange(
                sentence="Accounts of 200 to 500 employees buy more often", evidence="told on 9 November"
            )
        ],
        data_notes=["The column `employees` is empty in 18 % of the new records; it was in 2 %."],
        notes=["Deals decided in the last days may still be added."],
        charts=[_rate_chart(rows), _value_chart(tiers)],
        tiers=tiers,
        currency="USD",
        call_first=_calls(rng),
        models=[ModelTold(kind="chance to win", published=False, why="it was worse on last month's deals")],
        rescored=Rescored(scored=5_310, moved=214, flows={"B>A": 96, "A>B": 71, "C>B": 47}),
        audiences=[_audience()],
        feedback=FeedbackTold(
            received=6,
            accepted=2,
            declined=1,
            waiting=3,
            effects=["The segment “Segment 4” is told by the name that was proposed."],
        ),
        appendix=_appendix(rows),
        proof=Proof(
            yearly_false_alarm=0.05,
            level=LEVEL,
            tests=len(rows),
            compared={"industries": len(INDUSTRIES), "tiers": len(TIERS)},
            windows=["16 to 23 November against the 182 days before"],
        ),
        **_known(),
    )


def unchanged_briefing() -> Briefing:
    """A briefing on which nothing significant changed."""
    return Briefing(
        kind="unchanged",
        headline="Nothing significant changed in who buys",
        analysed_again=False,
        significant=0,
        notes=[],
        call_first=_calls(np.random.default_rng(0))[:3],
        proof=Proof(yearly_false_alarm=0.05, level=LEVEL, tests=412),
        **_known(),
    )


def _known() -> dict[str, Any]:
    return {
        "workflow_id": "00000000-0000-4000-8000-000000000001",
        "briefing_id": "briefing_00000000-0000-4000-8000-000000000002",
        "warehouse": "deals",
        "created_at": WHEN,
        "since": BEFORE,
        "made_from": MadeFrom(snapshot_id="20261123-060000", seed=7, code_version="1.0"),
        "recipients": 3,
        "markdown": "",
    }


def _deals(rng: np.random.Generator, deals: int, moved: dict[str, float]) -> Deals:
    industry = rng.integers(0, len(INDUSTRIES), deals)
    tier = rng.choice(len(TIERS), deals, p=[0.2, 0.3, 0.3, 0.2])
    shift = np.array([moved.get(each, 0.0) for each in INDUSTRIES])
    won = rng.random(deals) < np.array([RATES[each] for each in TIERS])[tier] + shift[industry]
    amount = rng.lognormal(10.2 - 0.22 * tier, 0.6)
    return Deals(industry, tier, won, amount, rng.gamma(9, 6 + tier, deals))


def _industry(at: int, before: Deals, now: Deals) -> dict[str, Any]:
    was, here = before.industry == at, now.industry == at
    won, all_of = int(now.won[here].sum()), int(here.sum())
    won_was, all_was = int(before.won[was].sum()), int(was.sum())
    p = float(as_p_values(log_p_enriched(won, all_of, won + won_was, all_of + all_was)))
    p_less = float(as_p_values(log_p_depleted(won, all_of, won + won_was, all_of + all_was)))
    return {
        "name": INDUSTRIES[at],
        "now": _share(won, all_of),
        "before": _share(won_was, all_was),
        "deals": all_of,
        "p": min(1.0, 2 * min(p, p_less)),
    }


def _share(won: int, all_of: int) -> Estimate:
    low, high = wilson_interval(won, all_of)
    return Estimate(value=won / max(all_of, 1), low=float(low), high=float(high))


def _told(found: Estimate | None) -> str:
    return percent(found.value) if found else "–"


def _change(row: dict[str, Any], q: float) -> ToldChange:
    return ToldChange(
        sentence=f"Deals in {row['name'].lower()} now close at {_told(row['now'])}",
        evidence=f"was {_told(row['before'])}; {row['deals']} deals in the last 28 days; q {_q(q)}",
        key=f"industry:{row['name']}:{'up' if row['now'].value > row['before'].value else 'down'}",
        about="outcomes",
        q_value=q,
        link="/outcomes",
    )


def _q(q: float) -> str:
    return f"{q:.2f}" if q >= 0.01 else f"{q:.4f}" if q >= 0.0001 else "under 0.0001"


def _impact(row: dict[str, Any]) -> str:
    return (
        f"At {_told(row['now'])} instead of {_told(row['before'])}, as many more of those deals are won, "
        "if what changed lasts."
    )


def _mean(values: np.ndarray) -> Estimate | None:
    if len(values) < 2:
        return None
    mean, spread = float(values.mean()), 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(value=mean, low=mean - spread, high=mean + spread)


def _tier(at: int, before: Deals, now: Deals) -> TierTold:
    was, here = before.tier == at, now.tier == at
    won, won_was = now.won & here, before.won & was
    return TierTold(
        tier=TIERS[at],  # type: ignore[arg-type]  # one of the four
        won=int(won.sum()),
        lost=int((here & ~now.won).sum()),
        win_rate=_share(int(won.sum()), int(here.sum())),
        win_rate_before=_share(int(won_was.sum()), int(was.sum())),
        contract_value=_mean(now.amount[won]),
        contract_value_before=_mean(before.amount[won_was]),
        cycle_days=_mean(now.days[won]),
        cycle_days_before=_mean(before.days[won_was]),
        moved=["win_rate"] if _has_moved(now.won[here], before.won[was]) else [],
    )


def _has_moved(now: np.ndarray, before: np.ndarray) -> bool:
    """Whether the win rate moved, at the level of the briefing, in either direction."""
    counts = (int(now.sum()), len(now), int(now.sum() + before.sum()), len(now) + len(before))
    smaller = min(float(log_p_enriched(*counts)), float(log_p_depleted(*counts)))
    return 2 * float(as_p_values(smaller)) < LEVEL


def _rate_chart(rows: list[dict[str, Any]]) -> Chart:
    return Chart(
        key="win_rate",
        title="Win rate by industry",
        unit="share",
        bars=[Bar(label=row["name"], now=row["now"], before=row["before"]) for row in rows],
        says=f"Logistics is at {_told(rows[0]['now'])}, retail at {_told(rows[4]['now'])}; no other moved.",
    )


def _value_chart(tiers: list[TierTold]) -> Chart:
    return Chart(
        key="value",
        title="Contract value by tier",
        unit="money",
        bars=[
            Bar(label=f"Tier {each.tier}", now=each.contract_value, before=each.contract_value_before)
            for each in tiers
            if each.contract_value
        ],
        says="Contract values are within chance of what they were.",
    )


def _calls(rng: np.random.Generator) -> list[CallFirst]:
    accounts = rng.choice(900, 12, replace=False) + 1
    reasons = (
        "In logistics, where deals close more often now",
        "Employees within the range that is won most",
        "Three people of the account were active in the last week",
        "Uses a technology that the won have more often",
    )
    doubts = ("Its revenue is not known", "No deal was won in its region yet", None)
    scores = np.sort(rng.uniform(78, 97, 12))[::-1]
    return [
        CallFirst(
            unit_id=f"Account {account}",
            tier="A" if score >= 80 else "B",
            score=round(float(score), 1),
            reasons=[reasons[at % 2], reasons[2 + (at // 2) % 2]],
            doubt=doubts[at % 3],
        )
        for at, (account, score) in enumerate(zip(accounts, scores, strict=True))
    ]


def _audience() -> AudienceTold:
    return AudienceTold(
        name="Logistics, tier A and B",
        people=1_204,
        people_before=1_166,
        entered=[Moved(people=52, why="their tier rose"), Moved(people=9, why="new in the data")],
        left=[Moved(people=23, why="their tier fell")],
        synced="the folder `crm`",
    )


def _appendix(rows: list[dict[str, Any]]) -> Appendix:
    shares = "\n".join(f"- **{row['name']}**: {_told(row['now'])} of deals won" for row in rows)
    return Appendix(
        qualification=f"Learned from the deals that were decided.\n\n## Must have\n\n{shares}\n\n"
        "## Walk away if\n\n- **Tier**: D, and nobody of the account was active\n",
        battlecards=[
            Battlecard(
                title=f"{row['name']}, tier A",
                when=f"An open deal in {row['name'].lower()} whose account is of tier A.",
                say=[
                    f"Of deals like theirs {_told(row['now'])} are won: offer a date for the decision.",
                    "Ask who else has to agree, since deals with more people take longer.",
                ],
                beware=["What is said of industries does not hold for every account of one."],
            )
            for row in rows[:3]
        ],
    )
