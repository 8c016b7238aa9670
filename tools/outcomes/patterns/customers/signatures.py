"""What goes with customers' churning, and with their expanding?"""

from typing import Literal

from store.errors import TooFewCustomers
from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import relative_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import percent, share_estimate
from tools.outcomes.measures.overview import named_shares
from tools.outcomes.patterns.conditions.candidates import Candidates, Group
from tools.outcomes.patterns.conditions.condition import met_and_unmet, told
from tools.outcomes.patterns.conditions.search import Comparison, Found, Side, rate_fall, risk_ratio, search
from tools.outcomes.patterns.customers.labels import CustomerLabel, churn_label, customers_of, expansion_label
from tools.outcomes.patterns.customers.tenure import tenure
from tools.outcomes.patterns.findings import CustomerReport, CustomerSignal
from tools.outcomes.patterns.queries import CustomerQuery

__all__ = ["CustomerQuery", "churn_signatures", "expansion_signals"]

WORDS = {"churned": "churn", "expanded": "expand"}
MOST_TOLD = 10  # reasons and products, the commonest


def churn_signatures(outcomes: OutcomeTable, query: CustomerQuery | None = None) -> CustomerReport:
    """Conditions under which customers churn more often, or more seldom, than others, strongest first.

    Compared are customers won at least query.horizon_days ago, by whether they churned within it, with their
    attributes as they were then. q-values are over both directions. Raises TooFewCustomers.
    """
    query = query or CustomerQuery()
    return _report(outcomes, "churned", churn_label(outcomes, query), query)


def expansion_signals(outcomes: OutcomeTable, query: CustomerQuery | None = None) -> CustomerReport:
    """Conditions under which customers expand more often, or more seldom: as churn_signatures."""
    query = query or CustomerQuery()
    return _report(outcomes, "expanded", expansion_label(outcomes, query), query)


def _report(
    outcomes: OutcomeTable, what: Literal["churned", "expanded"], label: CustomerLabel, query: CustomerQuery
) -> CustomerReport:
    happened, total = int(label.happened.sum()), len(label.rows)
    _require(what, happened, total, query)
    customers = outcomes.take(label.rows)
    candidates = Candidates.of(customers.features, query)
    yes, no = Group(candidates, label.happened), Group(candidates, ~label.happened)
    sides = [Side([Comparison(yes, no)], risk_ratio), Side([Comparison(no, yes)], rate_fall)]
    found = search(candidates, sides, query.min_risk_ratio, query)
    signals = [_signal(each, what, candidates, customers, label) for each in found.found]
    risk = share_estimate(happened, total) or Estimate(value=0, low=0, high=1)
    records = outcomes.take(outcomes.are(what))
    return CustomerReport(
        what=what,
        horizon_days=query.horizon_days,
        customers=total,
        happened=happened,
        risk=risk,
        left_out=label.left_out,
        signals=signals,
        tenure=tenure(customers_of(outcomes, query), query.horizon_days),
        reasons=named_shares(records.reasons, MOST_TOLD),
        products=named_shares(records.products, MOST_TOLD),
        tested=found.tested,
        notes=candidates.notes(),
        sentence=f"{percent(risk.value)} of {total:,} customers {WORDS[what]} within "
        f"{query.horizon_days:,} days ({percent(risk.low)} to {percent(risk.high)}).",
    )


def _require(what: str, happened: int, total: int, query: CustomerQuery) -> None:
    if min(happened, total - happened) < query.min_happened:
        raise TooFewCustomers(
            f"Of {total:,} customers observed for {query.horizon_days:,} days {happened:,} {what}",
            where="outcomes",
            instead=f"At least {query.min_happened:,} who did and as many who did not are needed.",
        )


def _signal(
    found: Found,
    what: str,
    candidates: Candidates,
    customers: OutcomeTable,
    label: CustomerLabel,
) -> CustomerSignal:
    conditions = candidates.told(found.members)
    met, unmet = met_and_unmet(conditions, customers.features)
    k, n = int((met & label.happened).sum()), int(met.sum())
    m, t = int((unmet & label.happened).sum()), int(unmet.sum())
    risk, other = share_estimate(k, n), share_estimate(m, t)
    assert risk is not None  # the search asks for enough on both sides
    assert other is not None
    value, low, high = (float(each) for each in relative_interval(k, n, m, t))
    words = told(conditions)
    return CustomerSignal(
        conditions=conditions,
        words=words,
        p_value=found.p_value,
        q_value=found.q_value,
        sentence=f"{words}: {percent(risk.value)} {WORDS[what]} "
        f"({percent(risk.low)} to {percent(risk.high)}) against {percent(other.value)} of other customers.",
        direction="lowers" if found.side else "raises",
        customers=n,
        happened=k,
        risk=risk,
        other_risk=other,
        risk_ratio=Estimate(value=value, low=low, high=high),
    )
