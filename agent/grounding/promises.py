"""Does the text claim causes, certainty or results, which no fact gives?"""

import re
from collections.abc import Iterator, Sequence

from agent.grounding import lexicon
from agent.grounding.clauses import Reading
from agent.grounding.problem import Problem, problem
from agent.grounding.reading import Sentence


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


CERTAIN = _any_of(
    r"guarant\w+|certain(?:ly|ty)?|definite(?:ly)?|undoubtedly|without (?:a )?doubt|no doubt",
    r"inevitabl\w+|surely|assured(?:ly)?|ensures?|always|never fails?|proven|proves|proved|bound to",
    r"(?:is|are|be|were|was) sure to",
    r"can't fail|cannot fail|can only win|is going to|are going to|never become",
)
CAUSES = _any_of(
    r"because|due to|thanks to|owing to|as a result|caused? by|causes|leads? (?:to|them)|led to|results? in",
    r"driven by|drives|makes them|explains? why|the reason|that is why|which is why|therefore",
)
WILL = re.compile(
    r"\b(?:(?:will|shall|won't)|(?:they|it|you|we|this|that)['’]ll)\b(?P<rest>[^.!?;]{0,60})", re.IGNORECASE
)
TESTED = _any_of(
    r"tests?|tells?|shows?|says?|find|see|reveals?|need|decide|know|whether",
    r"be (?:seen|tested|measured|compared|told)",
)
BEST = _any_of(
    r"(?:the|your|our|is|are) (?:very )?(?:best|ideal|perfect|top|number one)",
    r"(?:the|your|our|is|are) most (?:valuable|profitable|loyal)",
    r"the (?:biggest|largest|smallest|strongest|only|greatest) (?:segment|group|customers|buyers|market)",
)
RAISING = re.compile(
    r"\b(?:increas|boost|rais|doubl|tripl|lift|grow|improv|sav|reduc|maximi[sz])\w*\b[^.!?;]{0,30}"
    r"\b(?:sales|revenues?|conversions?|responses?|returns?|profits?|costs?|orders|clicks|roi|engagement)\b"
    r"|\b(?:sales|revenues?|conversions?|responses?|returns?|profits?|orders|clicks|roi|engagement)\b[^.!?;]{0,20}"
    r"\b(?:increas|ris|doubl|tripl|grow|improv|jump)\w*\b",
    re.IGNORECASE,
)
HEDGED = re.compile(r"\b(?:may|might|could|whether|if|test|see|measure|can)\b", re.IGNORECASE)


def promise_problems(
    field: str, sentences: Sequence[Sentence], found: Sequence[Reading]
) -> Iterator[Problem]:
    """Certainty, causes, results and superlatives that are claimed."""
    for sentence in sentences:
        text = sentence.text
        for pattern, reason in _claims(field):
            if claim := pattern.search(text):
                yield problem(field, "promises", claim.group(), reason)
        yield from _predictions(field, text)
    for reading in found:
        yield from _figures_of_results(field, reading)


def _claims(field: str) -> list[tuple[re.Pattern[str], str]]:
    claims = [(CERTAIN, "Nothing is certain: say what the figures are, and that a test would tell.")]
    if field != "action":
        claims.append((CAUSES, "The figures show no cause: tell them without a reason."))
    return [*claims, (BEST, "No ranking was given: leave superlatives out.")]


def _predictions(field: str, text: str) -> Iterator[Problem]:
    will = WILL.search(text)
    if will and not TESTED.search(text[: will.start()][-40:] + will["rest"]):
        yield problem(
            field, "promises", will.group(), "Do not predict: say what the figures are, or what to test."
        )
    raising = RAISING.search(text)
    if raising and not HEDGED.search(text):
        yield problem(field, "promises", raising.group(), "No result was measured: do not promise one.")


def _figures_of_results(field: str, reading: Reading) -> Iterator[Problem]:
    for clause in reading.clauses:
        named = {word for m in clause.mentions for word in reading.sentence.words[m.start : m.end]}
        if clause.figures and lexicon.listed("results") & (set(clause.words) - named):
            yield problem(
                field, "promises", clause.text, "No result was measured: the figures are of traits."
            )
