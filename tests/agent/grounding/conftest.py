"""Facts that the rules are tried on, a rule a file."""

from collections.abc import Callable

import pytest

from agent.grounding import Problem, Vocabulary, problems
from agent.narration.facts import AntiPatternFacts, FigureFact, SegmentFacts, TraitFact


def trait(
    phrase: str, share: float, baseline: float, *, label: str = "Trait", value: str = "Yes"
) -> TraitFact:
    times = share / baseline
    return TraitFact(
        phrase=phrase,
        label=label,
        value=value,
        share=share,
        baseline=baseline,
        times=times,
        low=times * 0.9,
        high=times * 1.1,
    )


@pytest.fixture
def golfers() -> SegmentFacts:
    """62 % own a home (31 %: 2.0), 41 % follow golf (13 %: 3.15), 20 % are 60 and over (10 %: 2.0),

    12 % live in a city (36 %: 0.33), 21 % go fishing (20 %: 1.05, the interval includes 1).
    """
    return SegmentFacts(
        size=1_209,
        share=0.25,
        customers=4_836,
        traits=(
            trait("own their home", 0.62, 0.31, label="Home owner"),
            trait("follow golf", 0.41, 0.13, label="Interested in golf"),
            trait("are 60 years and over", 0.2, 0.1, label="Age", value="60 years and over"),
            trait("live in surroundings that are Urban", 0.12, 0.36, label="Kind of area", value="Urban"),
            trait("go fishing", 0.21, 0.2, label="Interested in fishing"),
        ),
        figures=(
            FigureFact(
                label="Net worth",
                unit="USD",
                median=400_000,
                customers_median=300_000,
                population_median=200_000,
            ),
        ),
        taken=("Young renters",),
    )


@pytest.fixture
def renters() -> AntiPatternFacts:
    """Renters: 2 % of the customers, 8 % of the population; 0.4 % of them are customers, 1.6 % of all."""
    return AntiPatternFacts(
        customers=5_000,
        phrases=("rent their home",),
        share=0.02,
        baseline=0.08,
        times=0.25,
        low=0.2,
        high=0.31,
        rate=0.004,
        base_rate=0.016,
    )


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.of(
        ["are fond of dogs", "improve their home", "live in TX"],
        ["Interested in dogs"],
        segments=["Young renters"],
    )


@pytest.fixture
def rules(
    golfers: SegmentFacts, renters: AntiPatternFacts, vocabulary: Vocabulary
) -> Callable[..., set[str]]:
    """The rules that a text breaks: of the golfers, or of the renters where the field is `explanation`."""

    def broken(text: str, field: str = "description") -> set[str]:
        facts = renters if field == "explanation" else golfers
        found: list[Problem] = problems({field: text}, facts, vocabulary)
        return {each.rule for each in found}

    return broken
