"""An analysis of outcomes with every part in it, its texts as hostile as a file may make them."""

from datetime import UTC, date, datetime

from agent.analysis import Figure
from agent.outcome_analysis import LearnedChance, OutcomeAnalysis
from tools.mining.findings import Estimate
from tools.outcomes.leaks import Leak
from tools.outcomes.measures.findings import (
    Accuracy,
    Cell,
    MarketShare,
    OutcomeMeasures,
    OutcomeOverview,
    PipelineCoverage,
    TierPipeline,
    Trend,
)
from tools.outcomes.patterns.customers.tenure import Tenure
from tools.outcomes.patterns.findings import (
    AntiPatternReport,
    Compared,
    CustomerReport,
    CustomerSignal,
    EmergingReport,
    EmergingSegment,
    LossCondition,
    LossPattern,
    LossReport,
    OutcomeAntiPattern,
    PursuitVerdict,
)
from tools.scoring.conversion.report import CandidateScore, ConversionReport, ReliabilityPoint, WindowRate
from tools.scoring.fit.profile import Disqualifier, FitBin, FitCriterion, FitProfile, Knot, Scale
from tools.scoring.gate.compare import GateDecision
from tools.scoring.gate.drift_findings import (
    CustomersChange,
    DataChange,
    DistributionChange,
    DriftReport,
    EffectChange,
    RateChange,
)
from tools.scoring.value.report import CandidateScore as ValueScore
from tools.scoring.value.report import ValueReport

EVIL = "Sector <script>alert(1)</script> | `x`"
TESTED = {"conditions": 40, "pairs": 700, "triples": 9_000}


def near(value: float, by: float = 0.02) -> Estimate:
    """A figure whose interval reaches `by` to both sides."""
    return Estimate(value=value, low=value - by, high=value + by)


def criterion(name: str, tier: int, weight: float) -> FitCriterion:
    """A criterion of 74 % of the won and 51 % of the lost."""
    unknown, low, high = (
        FitBin(
            words=words, ideal=ideal, others=50, ideal_share=near(ideal / 100), others_share=near(0.5),
            ratio=near(2, 0.5), evidence=0.3, resampled=[],
        )
        for words, ideal in (("unknown", 0), ("under 50", 26), ("50 and over", 74))
    )  # fmt: skip
    return FitCriterion(
        scale=Scale(name=name, kind="number", label=name, edges=[50.0]), tier=tier, weight=weight,
        held_out_gain=near(0.05), stability=1.0, p_value=1e-9, q_value=2e-8, good=f"50 and over {EVIL}",
        good_ideal_share=near(0.74), good_others_share=near(0.51), bins=[unknown, low, high],
        same_as=["Seats bought"],
    )  # fmt: skip


def profile() -> FitProfile:
    """Three criteria, one of each tier, and something to walk away from."""
    criteria = [criterion("Employees", 1, 0.6), criterion(EVIL, 2, 0.3), criterion("Growth", 3, 0.1)]
    gone = Disqualifier(
        scale=criteria[0].scale, bin=1, words="under 20 people", ideal_share=near(0.01, 0.005),
        others_share=near(0.2), p_value=1e-8, q_value=1e-7,
    )  # fmt: skip
    knots = [Knot(evidence=at, score=at * 100, meaning="") for at in (0.0, 1.0)]
    return FitProfile(
        criteria=criteria, disqualifiers=[gone], knots=knots, ideal_rows=200, others_rows=800, columns=9,
        tested=51, auc=near(0.69), ideal_word="won deals", others_word="lost deals",
    ).stamped()  # fmt: skip


def chance(kind: str, decision: str) -> LearnedChance:
    """A linear model of an AUC of 0.69, with two dots of its reliability."""
    scores = [
        CandidateScore(
            kind=name, calibration="platt", recentred=False, auc=near(auc), log_loss=near(0.45),
            brier=near(0.1),
            calibration_error=near(0.019, 0.005), calibration_error_by_chance=0.02,
            better_than_base=near(0.03, 0.01), p_value=1e-6,
        )
        for name, auc in (("base_rate", 0.5), ("linear", 0.69))
    ]  # fmt: skip
    points = [
        ReliabilityPoint(rows=100, predicted_rate=at, observed_rate=near(at + 0.01)) for at in (0.1, 0.3)
    ]
    report = ConversionReport(
        rows=1_000, happened=200, not_happened=800, split="time", chosen="linear", is_model=True,
        why="Nothing simpler is as good.", strength=0.1, candidates=scores, calibrations=[],
        reliability=points, windows=[WindowRate(trained_on=500, rows=200, happened=40, rate=near(0.2))],
        importances=[], columns_left_out=[], warnings=[f"The rate of {EVIL} moved."],
    )  # fmt: skip
    gate = GateDecision(decision=decision, why=f"Reason of {kind}.", tested=True, rows=200, happened=40)
    return LearnedChance(kind=kind, model_id=f"{kind}_1", report=report, gate=gate)


def measures() -> OutcomeMeasures:
    """Tier A wins 40 of 100, D 10 of 100, and there are no deals of B and C."""
    cells = [
        Cell(
            tier=tier, period=None, won=won, lost=100 - won if won else 0,
            win_rate=near(won / 100) if won else None,
            contract_value=near(118_432, 7_000) if won else None, cycle_days=near(54, 2) if won else None,
        )
        for tier, won in (("A", 40), ("B", 0), ("C", 0), ("D", 10))
    ]  # fmt: skip
    trend = Trend(direction="rises", statistic=5.0, p_value=1e-6, test="Cochran-Armitage")
    accuracy = Accuracy(
        period=None, true_positives=40, false_positives=60, false_negatives=10, true_negatives=90,
        precision=near(0.4), recall=near(0.8), false_positive_rate=near(0.4), false_negative_rate=near(0.2),
    )  # fmt: skip
    open_deals = TierPipeline(
        tier="A", open_deals=7, open_amount=1_234_567.0, without_amount=0, win_rate=near(0.4),
        expected_amount=near(493_827, 30_000),
    )  # fmt: skip
    pipeline = PipelineCoverage(
        tiers=[open_deals], open_amount=1_234_567.0, unscored_deals=1, expected_amount=None,
        target_amount=None, coverage=None, sentence="1,230,000 USD are open.",
    )  # fmt: skip
    market = MarketShare(
        scored=500, tiers={"A": near(0.1), "B": near(0.2), "C": near(0.3), "D": near(0.4)}, width="fitting",
        sentence="10 % of the market is tier A.",
    )  # fmt: skip
    return OutcomeMeasures(
        scored=200, unscored=0, currency="USD", by_tier=cells, by_period=[], by_tier_and_period=[],
        win_rate_trend=trend, contract_value_trend=None, cycle_trend=None, accuracy=accuracy,
        accuracy_by_period=[], precision_over_time=None, recall_over_time=None, market=market,
        pipeline=pipeline, sentences=["Win rate by tier: A 40 %, D 10 %.", pipeline.sentence],
    )  # fmt: skip


def drift() -> DriftReport:
    """Something changed in the data, the population and the customers."""
    moved = DistributionChange(
        column="x", label="X", psi=0.3, p_value=1e-5, q_value=1e-4, moved=True, words="X moved much."
    )
    effect = EffectChange(
        column="x", label="X", p_value=1e-5, q_value=1e-4, moved=True, words="X: it happens less."
    )
    rate = RateChange(
        before=near(0.1), after=near(0.2), expected_after=0.12, beyond_expected=near(0.08), p_value=1e-4,
        q_value=1e-3, moved=True,
    )  # fmt: skip
    data = DataChange(column="y", kind="vanished", words=f"{EVIL} is gone.")
    return DriftReport(
        before_rows=800, after_rows=200, tests=30, data=[data], population=[moved],
        customers=CustomersChange(rate=rate, winners=[], effects=[effect]), data_changed=True,
        population_changed=True, customers_changed=True, words=[data.words, moved.words, effect.words],
    )  # fmt: skip


def patterns() -> dict[str, object]:
    """Who is to be left, why deals are lost, who leaves, who grows, who newly buys."""
    shared = {"conditions": [], "words": EVIL, "p_value": 1e-6, "q_value": 1e-5}
    pursuit = PursuitVerdict(
        verdict="leave", break_even_rate=0.3, deals_a_year=50, deal_days_a_year=700, hours_a_year=None,
        wins_to_reconsider=None, next_deals=20, sentence="Pursuing them pays from a win rate of 30 %.",
    )  # fmt: skip
    anti = OutcomeAntiPattern(
        **shared, sentence="Retail: 4 % are won.", deals=100, won=4, win_rate=near(0.04),
        other_win_rate=near(0.3),
        cycle_days=Compared(value=near(72, 2), others=near(53, 1), p_value=1e-4), go_dark_share=None,
        lost_amount=None, open_deals=3, open_amount=99_000.0, pursuit=pursuit,
    )  # fmt: skip
    because = LossCondition(
        **shared, sentence="Small: 26 % of these losses.", losses=40, share=near(0.26),
        other_loss_share=near(0.05),
        won_share=None, ratio=near(5, 1),
    )  # fmt: skip
    losses = [
        LossPattern(
            reason=reason, losses=60, share=near(0.3), conditions=conditions, cycle_days=None,
            go_dark_share=None,
            came_back=None, came_back_at=None, trend=None, pattern=f"Lost for {reason}.",
            typical_outcome="54 days.",
            recommendation="playbook", advice=f"Keep a playbook for {reason}.",
        )
        for reason, conditions in ((EVIL, [because]), ("Timing", []))
    ]  # fmt: skip
    signal = CustomerSignal(
        **shared, sentence="Idle: 40 % leave.", direction="raises", customers=50, happened=20, risk=near(0.4),
        other_risk=near(0.1), risk_ratio=near(4, 1),
    )  # fmt: skip
    stays = Tenure(customers=100, churned=20, staying_share=near(0.88), horizon_days=365)
    customers = {
        what: CustomerReport(
            what=what, horizon_days=365, customers=90, happened=20, risk=near(0.2), left_out=10,
            signals=[signal],
            tenure=stays, reasons={EVIL: near(0.4)}, products={}, tested=TESTED, sentence=f"20 of 90 {what}.",
        )
        for what in ("churned", "expanded")
    }  # fmt: skip
    newly = EmergingSegment(
        **shared, sentence="Health newly buys.", won=20, won_before=5, share_of_volume=near(0.3),
        share_before=near(0.1),
        growth=near(3, 1), share_of_revenue=None, share_of_decided=near(0.2),
        share_of_decided_before=near(0.2),
        win_rate=near(0.4), win_rate_before=None, win_rate_p=None, cause="both",
        evidence="20 of the won match.",
        recommendation="Make a message for them.",
    )  # fmt: skip
    return {
        "anti_patterns": AntiPatternReport(
            won=200, lost=800, win_rate=near(0.2), currency="USD", tested=TESTED, patterns=[anti]
        ),
        "losses": LossReport(lost=800, with_reason=120, patterns=losses, tested=TESTED),
        "churn": customers["churned"],
        "expansion": customers["expanded"],
        "emerging": EmergingReport(
            recent_from=date(2026, 1, 1), before_from=date(2025, 1, 1), until=date(2026, 3, 1), won=60,
            won_before=140, segments=[newly], tested=TESTED,
        ),
    }  # fmt: skip


def value() -> ValueReport:
    """A model of amounts that was tried beside another."""
    scores = [
        ValueScore(name=name, error=error, rank_correlation=ranks, top_tenth_share=0.2, total_bias=-0.03,
        eligible=True)
        for name, error, ranks in (("everybody the same", 0.9, None), ("log boosting", 0.5, 0.7))
    ]  # fmt: skip
    return ValueReport(
        customers=200, buyers_share=1.0, horizon_days=None, validation="folds", candidates=scores,
        chosen="log boosting", why="It has the lowest error.", coverage=near(0.81), coverage_asked=0.8,
        deciles=[],
        importances=[], warnings=[],
    )  # fmt: skip


def overview() -> OutcomeOverview:
    """200 of 1,000 won."""
    return OutcomeOverview(
        records=1_050, units=900, unit="account", counts={"won": 200, "lost": 800, "open": 50},
        first_day=date(2024, 3, 1), last_day=date(2026, 3, 1), days_covered=730, win_rate=near(0.2),
        cycle_won_days=None, cycle_lost_days=None, contract_value_mean=None, contract_value_median=None,
        won_amount=None, lost_amount=None, open_amount=None, currency="USD", amounts_known_share=1.0,
        reasons={}, gates=[], sentence="20 % of 1,000 decided records were won.",
    )  # fmt: skip


def whole() -> OutcomeAnalysis:
    """Every part, a model in use and one kept aside."""
    leak = Leak(column=EVIL, verdict="refused", kind="separation", why="It was filled in afterwards.")
    return OutcomeAnalysis(
        outcome_analysis_id="outcomes_1", warehouse="made", about="overview",
        created_at=datetime(2026, 3, 2, tzinfo=UTC), data_hash="0123456789abcdef", unit="account",
        headline=r"200 of 1,000 deals were won; Sector \<script\> tells best who.",
        summary=["20 % were won.", f"Least worth pursuing: {EVIL}."], overview=overview(), leaks=[leak],
        criteria=profile(), models=[chance("conversion", "publish"), chance("churn", "keep_aside")],
        value=value(), drift=drift(), measures=measures(), not_told={"expansion": f"Too few of {EVIL}."},
        warnings=[f"Beware of {EVIL}."],
        provenance=[Figure(figure="win rate", tool="outcomes.overview", inputs="records",
        formula="won / all")],
        seed=0, code_version="1", **patterns(),
    )  # fmt: skip
