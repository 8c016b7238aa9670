"""What the facts speak of: each trait or figure with the words that name it and what is true of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from agent.grounding import lexicon
from agent.grounding.numerals import number_at
from agent.grounding.reading import Token, read
from agent.narration.facts import AntiPatternFacts, Facts, FigureFact, TraitFact

YOUNG, SENIOR = 40, 60  # years
NEGATIONS = frozenset({"no", "not", "never", "without", "none", "nor", "neither", "cannot", "childless"})
BOUNDS = {
    "under": frozenset({"under", "below", "fewer", "less", "younger", "most", "within"}),
    "over": frozenset(
        {"over", "above", "more", "older", "least", "+", "exceeding", "from", "upwards", "plus"}
    ),
}
QUALIFIERS = {"low": frozenset({"low", "little", "weak"}), "medium": frozenset({"medium", "middling"})}
OPPOSITES = {"low": frozenset({"high", "strong"}), "high": frozenset({"low", "medium", "little", "weak"})}


@dataclass(frozen=True)
class Subject:
    """One thing that may be spoken of. Shares are None for a figure, medians for a trait.

    direction: 1 more frequent (or higher) than in the population, -1 less, 0 cannot be told.
    """

    words: tuple[Token, ...]
    direction: int
    share: float | None = None
    baseline: float | None = None
    times: float | None = None
    low: float | None = None
    high: float | None = None
    medians: tuple[float, float, float] | None = None
    phrase: tuple[Token, ...] = ()

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Its words in lower case."""
        return tuple(token.lower for token in self.words)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Everything its words can be the same as."""
        return frozenset(key for token in self.words for key in token.keys) | self._ages

    @cached_property
    def _ages(self) -> frozenset[str]:
        """The young and the old, where a trait is an age."""
        if not self.numbers or not {"age", "aged", "old", "older", "generation"} & set(self.texts):
            return frozenset()
        if max(self.numbers) < YOUNG and self.bound != "over":
            return lexicon.keys("young")
        return (
            lexicon.keys("senior") if min(self.numbers) >= SENIOR and self.bound != "under" else frozenset()
        )

    @cached_property
    def strong(self) -> frozenset[str]:
        """The keys that name it; the others stand in phrases of many traits."""
        told = [
            t
            for t in self.words
            if (t.kind == "word" and t.lower not in lexicon.grammar()) or t.text.isupper()
        ]
        naming = [token for token in told if not _is_weak(token)] or ([] if self.numbers else told)
        return frozenset(key for token in naming for key in token.keys)

    @cached_property
    def told_by(self) -> tuple[frozenset[str], ...]:
        """The words of its phrase, all of which together name it, be they weak each for itself."""
        return tuple(t.keys for t in self.phrase if t.lower not in lexicon.grammar() or t.lower == "own")

    @cached_property
    def strong_texts(self) -> frozenset[str]:
        """Weak words that name it, where it has no others."""
        return frozenset(token.lower for token in self.words if token.keys & self.strong and _is_weak(token))

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """Numbers which are part of the trait: `25-34`, `$150K`."""
        found = [number_at(self.words, at) for at, token in enumerate(self.words) if token.kind == "number"]
        return tuple(dict.fromkeys(number.value for number in found if number))

    @cached_property
    def bound(self) -> str:
        """`range`, `over`, `under` or `exact`, of its numbers."""
        if len(self.numbers) > 1:
            return "range"
        sides = [side for side, words in BOUNDS.items() if words & set(self.texts)]
        return sides[0] if sides else "exact"

    @cached_property
    def negated(self) -> bool:
        """Is the trait not to have something?"""
        return bool(NEGATIONS & set(self.texts)) or self.numbers == (0,)

    @cached_property
    def qualifier(self) -> str:
        """`low`, `high` or nothing."""
        return next((word for word in ("low", "medium", "high") if word in self.texts), "")


def subjects(facts: Facts) -> tuple[Subject, ...]:
    """Everything these facts tell of."""
    if isinstance(facts, AntiPatternFacts):
        return tuple(_of_pattern(phrase, facts) for phrase in facts.phrases)
    return (*map(_of_trait, facts.traits), *map(_of_figure, facts.figures))


def _of_trait(trait: TraitFact) -> Subject:
    value = "" if trait.value.lower() in ("yes", "no") else trait.value
    return Subject(
        words=_words((trait.phrase, trait.label, value)),
        direction=_direction(trait.low, trait.high),
        share=trait.share,
        baseline=trait.baseline,
        times=trait.times,
        low=trait.low,
        high=trait.high,
        phrase=_words((trait.phrase,)),
    )


def _of_pattern(phrase: str, facts: AntiPatternFacts) -> Subject:
    return Subject(
        words=_words((phrase,)),
        direction=_direction(facts.low, facts.high),
        share=facts.share,
        baseline=facts.baseline,
        times=facts.times,
        low=facts.low,
        high=facts.high,
        phrase=_words((phrase,)),
    )


def _of_figure(figure: FigureFact) -> Subject:
    here, there = figure.median, figure.population_median
    return Subject(
        words=_words((figure.label,)),
        direction=(here > there) - (here < there),
        times=here / there if there else None,
        medians=(here, figure.customers_median, there),
    )


def _direction(low: float, high: float) -> int:
    return 1 if low > 1 else -1 if high < 1 else 0


def _words(texts: Iterable[str]) -> tuple[Token, ...]:
    joined = [re.sub(r"^Interested in ", "", text) for text in texts]
    return tuple(token for text in joined for sentence in read(text) for token in sentence.tokens)


def _is_weak(token: Token) -> bool:
    return token.lower in lexicon.weak() and not token.text.isupper()
