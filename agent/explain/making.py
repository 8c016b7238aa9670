"""How is a known figure made: what it says, its interval, and what was counted for it?"""

from agent.analysis import Figure
from agent.explain.explanation import ExplainedFigure, Form
from agent.narration.wording import number, percent, ratio
from tools.mining.findings import Estimate

Counts = dict[str, int]


def exact(what: str, form: Form, value: float, source: str, counts: Counts | None = None) -> ExplainedFigure:
    """A figure without an interval; `tool` is the name of its source until that is put in."""
    return ExplainedFigure(what=what, form=form, value=value, counts=counts or {}, tool=source)


def estimated(
    what: str,
    form: Form,
    estimate: Estimate,
    source: str,
    counts: Counts | None = None,
    q_value: float | None = None,
) -> ExplainedFigure:
    """A figure with its interval."""
    return exact(what, form, estimate.value, source, counts).model_copy(
        update={"low": estimate.low, "high": estimate.high, "q_value": q_value}
    )


def divided(having: int, all_of: int, holders: int, population: int) -> str:
    """The arithmetic of a lift: `294 / 896 = 33 %; 2,419 / 20,000 = 12 %; 33 % / 12 % = 2.7`."""
    share, baseline = having / max(1, all_of), holders / max(1, population)
    return (
        f"{number(having)} / {number(all_of)} = {percent(share)}; "
        f"{number(holders)} / {number(population)} = {percent(baseline)}; "
        f"{percent(share)} / {percent(baseline)} = {ratio(share / baseline) if baseline else '–'}"
    )


def with_source(figure: ExplainedFigure, sources: dict[str, Figure]) -> ExplainedFigure:
    """The figure with the tool, the inputs and the formula of its source; without where it has none."""
    source = sources.get(figure.tool)
    if source is None:
        return figure.model_copy(update={"tool": ""})
    return figure.model_copy(update={"tool": source.tool, "inputs": source.inputs, "formula": source.formula})
