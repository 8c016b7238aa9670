"""How facts are put to a model: the question, and the form of its answer."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from agent.narration.facts import AntiPatternFacts, Facts, FigureFact, SegmentFacts, TraitFact
from agent.narration.wording import number, percent, ratio
from prompts import Prompt, prompt


class SegmentWords(BaseModel):
    """What a model says of a segment."""

    model_config = ConfigDict(extra="forbid")

    name: str
    description: str
    action: str
    expected_impact: str


class AntiPatternWords(BaseModel):
    """What a model says of an anti-pattern."""

    model_config = ConfigDict(extra="forbid")

    explanation: str


class Question(NamedTuple):
    """What is asked, and by which prompt."""

    prompt: Prompt
    system: str
    asked: str
    schema: type[BaseModel]


def question(facts: Facts, reasons: Sequence[str] = ()) -> Question:
    """The question about these facts; with the reasons why an earlier answer was refused."""
    asking = prompt("segment") if isinstance(facts, SegmentFacts) else prompt("anti_pattern")
    schema = SegmentWords if isinstance(facts, SegmentFacts) else AntiPatternWords
    asked = asking.fill(facts=in_lines(facts))
    if reasons:
        asked += "\n\n" + prompt("again").fill(reasons="\n".join(f"- {reason}" for reason in reasons))
    return Question(asking, prompt("narrator").fill(), asked, schema)


def versions() -> dict[str, str]:
    """The version of every prompt that a run may ask with."""
    return {name: prompt(name).version for name in ("narrator", "segment", "anti_pattern", "again")}


def in_lines(facts: Facts) -> str:
    """The facts as a model reads them: one a line, each figure as it may be said."""
    if isinstance(facts, AntiPatternFacts):
        return "\n".join(_anti_pattern_lines(facts))
    return "\n".join(
        [
            f"Size: {number(facts.size)} customers, {percent(facts.share)} of all {number(facts.customers)}.",
            *map(_trait_line, facts.traits),
            *map(_figure_line, facts.figures),
            *([f"Names that are taken: {'; '.join(facts.taken)}."] if facts.taken else []),
        ]
    )


def _trait_line(trait: TraitFact) -> str:
    return (
        f"Trait: people who {trait.phrase}. {percent(trait.share)} of the segment, "
        f"{percent(trait.baseline)} of the population, {ratio(trait.times)} times as frequent as in the "
        f"population ({ratio(trait.low)}-{ratio(trait.high)})."
    )


def _figure_line(figure: FigureFact) -> str:
    unit = f" {figure.unit}" if figure.unit else ""
    return (
        f"Median {figure.label.lower()}: {figure.median:,.4g}{unit}; all customers "
        f"{figure.customers_median:,.4g}{unit}; the population {figure.population_median:,.4g}{unit}."
    )


def _anti_pattern_lines(facts: AntiPatternFacts) -> list[str]:
    lines = [
        f"People who {' and '.join(facts.phrases)}.",
        f"They are {percent(facts.share)} of the {number(facts.customers)} customers and "
        f"{percent(facts.baseline)} of the population: {ratio(facts.times)} times as frequent "
        f"({ratio(facts.low)}-{ratio(facts.high)}).",
    ]
    if facts.rate is not None and facts.base_rate is not None:
        lines.append(
            f"Of such people {percent(facts.rate)} become customers; "
            f"of everybody {percent(facts.base_rate)} do."
        )
    return lines
