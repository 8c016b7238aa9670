"""Is every trait told one of the given ones?"""

import re
from collections.abc import Iterator, Sequence

from agent.grounding import lexicon
from agent.grounding.amounts import FRACTIONS, MULTIPLES
from agent.grounding.numerals import SCALES, UNITS
from agent.grounding.problem import Problem, problem
from agent.grounding.reading import Sentence, Token
from agent.grounding.subjects import Subject
from agent.grounding.vocabulary import Vocabulary

ADVICE = ("action", "expected_impact")
COUNTING = frozenset((*UNITS, *SCALES, *FRACTIONS, *MULTIPLES))
LETTERS = re.compile(r"(x|th|st|nd|rd|s|pp)\Z")
FOND = frozenset(
    {"lovers", "lover", "loving", "fans", "fan", "enthusiasts", "enthusiast", "followers", "minded"}
)
ENJOYING = frozenset({"enjoy", "enjoys", "enjoying", "like", "likes", "love", "loves"})
CONDITIONS = frozenset({"whom"})


def trait_problems(
    field: str,
    sentences: Sequence[Sentence],
    subjects: Sequence[Subject],
    vocabulary: Vocabulary,
) -> Iterator[Problem]:
    """Words for which the facts give no reason; those of another trait of the warehouse are said to be so."""
    given = frozenset(key for subject in subjects for key in subject.keys)
    texts = frozenset(text for subject in subjects for text in subject.texts)
    known = lexicon.advice() if field in ADVICE else lexicon.narrative()
    for sentence in sentences:
        for at, token in enumerate(sentence.tokens):
            known_here = known
            if _names_trait(sentence, at - 2, at, given):  # `garden-loving`: fond of a given trait
                known_here |= FOND
            if _names_trait(sentence, at + 1, at + 4, given):  # `enjoy gardening`
                known_here |= ENJOYING
            if token.kind == "word" and not _is_known(token, given, texts, known_here):
                yield _unknown(field, sentence, at, vocabulary)
        if other := vocabulary.name_in(sentence.tokens, given, texts):
            words = sentence.cut(*other)
            yield problem(field, "traits", words, f"`{words}` is not a trait of these people: leave it out.")
        if CONDITIONS & set(sentence.words):
            reason = "It tells how frequent one trait is among people with another: no such figure was given."
            yield problem(field, "traits", sentence.text, reason)


def _is_known(token: Token, given: frozenset[str], texts: frozenset[str], known: frozenset[str]) -> bool:
    word = token.lower
    return (
        word in known
        or word in texts
        or word in COUNTING
        or bool(token.keys & given)
        or bool(LETTERS.match(word))
    )


def _unknown(field: str, sentence: Sentence, at: int, vocabulary: Vocabulary) -> Problem:
    word = sentence.tokens[at].text
    if vocabulary.knows(sentence.tokens[at]):
        return problem(field, "traits", word, f"`{word}` is a trait that was not given for these people.")
    return problem(
        field, "traits", word, f"`{word}` is not in the facts: use the given traits and plain words."
    )


def _names_trait(sentence: Sentence, start: int, end: int, given: frozenset[str]) -> bool:
    return any(token.keys & given for token in sentence.tokens[max(0, start) : max(0, end)])
