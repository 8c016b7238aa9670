"""What would a briefing be of deals in which one change was planted? Generated deals, measured, and told."""

from datetime import UTC, datetime
from typing import Any

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
from benchmarks.planted_deals import (
    INDUSTRIES,
    LEVEL,
    TIERS,
    Deals,
    deals_of,
    has_moved,
    mean_of,
    share_of,
)
from tools.mining.evidence.statistics import (
    as_p_values,
    benjamini_hochberg,
    log_p_depleted,
    log_p_enriched,
)
from tools.mining.findings import Estimate

WHEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BEFORE = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
MOVED = {"Logistics": 0.12, "Retail": -0.13}  # what is planted: by how much an industry's win rate moves


def changed_briefing(seed: int = 0) -> Briefing:
    """A briefing on generated deals in which one industry closes better since the last one."""
    rng = np.random.default_rng(seed)
    before, now = deals_of(rng, 5_200, {}), deals_of(rng, 2_400, MOVED)
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


def first_briefing(seed: int = 0) -> Briefing:
    """The first briefing of a house: what is known, with nothing to compare it with."""
    tiers = [_tier(at, None, deals_of(np.random.default_rng(seed), 5_200, {})) for at in range(len(TIERS))]
    return Briefing(
        kind="first",
        headline="What is known of your deals: tier A closes most often",
        known=[f"Tier {each.tier} closes at {_told(each.win_rate)} ({each.won} won)" for each in tiers],
        action="Work on open deals of tier A first.",
        analysed_again=False,
        significant=0,
        notes=["There is nothing to compare this with yet."],
        charts=[_value_chart(tiers)],
        tiers=tiers,
        currency="USD",
        **_known(),
    ).model_copy(update={"since": None})


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


def _industry(at: int, before: Deals, now: Deals) -> dict[str, Any]:
    was, here = before.industry == at, now.industry == at
    won, all_of = int(now.won[here].sum()), int(here.sum())
    won_was, all_was = int(before.won[was].sum()), int(was.sum())
    p = float(as_p_values(log_p_enriched(won, all_of, won + won_was, all_of + all_was)))
    p_less = float(as_p_values(log_p_depleted(won, all_of, won + won_was, all_of + all_was)))
    return {
        "name": INDUSTRIES[at],
        "now": share_of(won, all_of),
        "before": share_of(won_was, all_was),
        "deals": all_of,
        "p": min(1.0, 2 * min(p, p_less)),
    }


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


def _tier(at: int, before: Deals | None, now: Deals) -> TierTold:
    here = now.tier == at
    won = now.won & here
    told = TierTold(
        tier=TIERS[at],  # type: ignore[arg-type]  # one of the four
        won=int(won.sum()),
        lost=int((here & ~now.won).sum()),
        win_rate=share_of(int(won.sum()), int(here.sum())),
        contract_value=mean_of(now.amount[won]),
        cycle_days=mean_of(now.days[won]),
    )
    return told if before is None else told.model_copy(update=_tier_before(at, before, now))


def _tier_before(at: int, before: Deals, now: Deals) -> dict[str, Any]:
    was = before.tier == at
    won = before.won & was
    return {
        "win_rate_before": share_of(int(won.sum()), int(was.sum())),
        "contract_value_before": mean_of(before.amount[won]),
        "cycle_days_before": mean_of(before.days[won]),
        "moved": ["win_rate"] if has_moved(now.won[now.tier == at], before.won[was]) else [],
    }


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
        says=f"{len(tiers)} tiers: the more an account fits, the more it is worth.",
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
