"""What came of each model that was learned: in use, or kept aside and why?"""

from agent.briefing_result import ModelTold
from agent.narration.wording import joined, number
from prompts import piece
from store.errors import NotFound
from store.workspace import Workspace
from tools.mining.findings import Estimate
from tools.scoring.gate.compare import GateDecision
from tools.scoring.gate.queries import GateQuery

OF_DEALS = ("fit", "conversion")
HAPPENED = {"churn": ("left", "stayed"), "expansion": ("grew", "did not")}
WON = ("were won", "were lost")


def models_told(workspace: Workspace, learned_by: str | None) -> list[ModelTold]:
    """What came of each model of a run: put in use, or kept aside and why; none where nothing was learned."""
    if not learned_by:
        return []
    try:
        gates = workspace.artifacts.document("outcome_gates", learned_by)["gates"]
    except NotFound:
        return []  # there was nothing to learn from
    decided = {
        kind: (GateDecision.model_validate(each["gate"]), each["replaces"] is None)
        for kind, each in gates.items()
    }
    return [
        ModelTold(
            kind=kind, published=gate.published, why=why_of(kind, gate, is_first=first), tested=gate.tested
        )
        for kind, (gate, first) in decided.items()
    ]


def model_name(kind: str) -> str:
    """`profile`, `model of the chance to win`."""
    return piece(f"briefing_what_{kind}").fill()


def why_of(kind: str, gate: GateDecision, *, is_first: bool) -> str:
    """Why it is used or not, in a sentence for those who sell; what the gate says where it tried nothing."""
    blanks = {"rows": number(gate.rows), "deals": "deals" if kind in OF_DEALS else "customers"}
    if not gate.tested and gate.rows:
        return _few(kind, gate, blanks, is_first=is_first)
    compared = {"log_loss": gate.log_loss_difference, "auc": gate.auc_difference}
    figures = {name: each for name, each in compared.items() if each is not None}
    if gate.reasons and not is_first:
        told = joined([_against(each, gate) for each in gate.reasons])
        return piece("briefing_model_worse").fill(**blanks, reasons=told)
    if not figures or not gate.published:
        return gate.why
    if all(each.low == each.high == 0 for each in figures.values()):
        return piece("briefing_model_alike").fill(**blanks)
    (first, found), *_ = figures.items()
    is_better = found.high < 0 if first == "log_loss" else found.low > 0
    name = "briefing_model_better" if is_better else "briefing_model_no_worse"
    return piece(name).fill(**blanks, figures=piece(f"briefing_model_figure_{first}").fill(**_signed(found)))


def _few(kind: str, gate: GateDecision, blanks: dict[str, str], *, is_first: bool) -> str:
    happened, others = HAPPENED.get(kind, WON)
    return piece("briefing_model_few_first" if is_first else "briefing_model_few").fill(
        **blanks,
        yes=number(gate.happened),
        happened=happened,
        others=others,
        no=number(gate.rows - gate.happened),
        least=GateQuery().least_each,
    )


def _against(reason: str, gate: GateDecision) -> str:
    found = {
        "log_loss": gate.log_loss_difference,
        "auc": gate.auc_difference,
        "more_off": gate.calibration_difference,
        "calibration": gate.calibration_error,
    }[reason]
    assert found is not None  # a reason has its figure
    blanks = _signed(found) if reason in ("log_loss", "auc") else _points(found)
    bound = f"{100 * GateQuery().most_calibration_error:g}"
    return piece(f"briefing_model_against_{reason}").fill(**blanks, bound=bound)


def _signed(found: Estimate) -> dict[str, str]:
    return {name: _three(getattr(found, name)) for name in ("value", "low", "high")}


def _three(value: float) -> str:
    """`+0.03`, `-0.0021`: to two digits."""
    return f"{value:+.2g}" if abs(value) >= 0.0005 else "0"


def _points(found: Estimate) -> dict[str, str]:
    """A mean gap of rates, in percentage points; none is below 0."""
    return {name: f"{max(0.0, 100 * getattr(found, name)):.0f}" for name in ("value", "low", "high")}
