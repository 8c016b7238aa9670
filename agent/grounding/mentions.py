"""Where a sentence speaks of what the facts speak of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.grounding import lexicon
from agent.grounding.amounts import COMPARATIVES
from agent.grounding.quantities import Figure
from agent.grounding.reading import Sentence, Token
from agent.grounding.subjects import Subject

REACH = 4  # tokens: how far the words of one mention stand apart
COUNTED = frozenset({"customers", "people", "accounts", "members", "of", "customer"})
POSSESSIVES = frozenset({"its", "their", "your", "our", "his", "her", "my"})
BREAKS = frozenset({",", ";", ":", "(", ")", "but", "while", "whereas", "against", "than", "compared"})


@dataclass(frozen=True)
class Mention:
    """Tokens from start to end name one of these subjects; more than one where it cannot be told."""

    start: int
    end: int
    subjects: tuple[Subject, ...]


def trait_figures(
    sentence: Sentence, figures: Sequence[Figure], subjects: Sequence[Subject]
) -> tuple[Figure, ...]:
    """The figures which are part of a trait's name, such as the ages of `aged 25 to 34`."""
    return tuple(f for f in figures if any(_is_in_name(sentence, f, subject) for subject in subjects))


def _is_in_name(sentence: Sentence, figure: Figure, subject: Subject) -> bool:
    if figure.kind not in ("plain", "range") or not figure.stated:
        return False
    counted = COUNTED.difference(subject.texts)
    if sentence.words[figure.end : figure.end + 1] and sentence.words[figure.end] in counted:
        return False
    return all(number.value in subject.numbers for number in figure.stated)


def mentions(
    sentence: Sentence, named: Sequence[Figure], taken: Sequence[Figure], subjects: Sequence[Subject]
) -> tuple[Mention, ...]:
    """The mentions from left to right. named: figures of trait names; taken: all other figures."""
    closed = {at for figure in taken for at in range(figure.start, figure.end)}
    found: list[Mention] = []
    for at in range(len(sentence.tokens)):
        candidates = _candidates(sentence, at, named, subjects) if at not in closed else ()
        if candidates:
            _add(found, sentence, at, candidates, closed)
    return tuple(_widened(sentence, mention, closed) for mention in found)


def _candidates(
    sentence: Sentence, at: int, named: Sequence[Figure], subjects: Sequence[Subject]
) -> tuple[Subject, ...]:
    token = sentence.tokens[at]
    if token.kind == "number":
        figure = next((f for f in named if f.start <= at < f.end), None)
        return tuple(s for s in subjects if figure and _is_in_name(sentence, figure, s))
    if token.kind != "word":
        return ()
    near = _near(sentence, at, set())
    if token.lower == "own" and at and sentence.words[at - 1] in POSSESSIVES:
        # `a message of its own` speaks of nobody who owns something.
        return tuple(s for s in subjects if _is_whole_phrase(token, near, s))
    weak = token.lower in lexicon.weak() and not token.text.isupper()
    if not weak:
        return tuple(s for s in subjects if token.keys & s.strong)
    return tuple(s for s in subjects if token.lower in s.strong_texts or _is_whole_phrase(token, near, s))


def _is_whole_phrase(token: Token, near: set[str], subject: Subject) -> bool:
    """`work on their own account`: no word of it says it, all of them do."""
    told = subject.told_by
    return len(told) > 1 and token.keys <= subject.keys and all(near & word for word in told)


def _add(
    found: list[Mention],
    sentence: Sentence,
    at: int,
    candidates: tuple[Subject, ...],
    closed: set[int],
) -> None:
    best = _best(sentence, at, candidates, closed)
    last = found[-1] if found else None
    if last and at - last.end <= REACH and not _is_broken(sentence, last.end, at, closed):
        both = tuple(s for s in candidates if s in last.subjects)
        if both and (set(best) & set(both)):
            found[-1] = Mention(last.start, at + 1, both)
            return
    found.append(Mention(at, at + 1, best))


def _is_broken(sentence: Sentence, start: int, end: int, closed: set[int]) -> bool:
    return any(sentence.words[i] in BREAKS or i in closed for i in range(start, end))


def _best(
    sentence: Sentence, at: int, candidates: tuple[Subject, ...], closed: set[int]
) -> tuple[Subject, ...]:
    """Those of the candidates with most of their words nearby."""
    if len(candidates) == 1:
        return candidates
    near = frozenset(_near(sentence, at, closed))
    scores = [_score(near, subject) for subject in candidates]
    return tuple(s for s, score in zip(candidates, scores, strict=True) if score == max(scores))


def _near(sentence: Sentence, at: int, closed: set[int]) -> set[str]:
    keys = set(sentence.tokens[at].keys)
    for step in (-1, 1):
        for i in range(at + step, at + step * (REACH + 1), step):
            outside = not 0 <= i < len(sentence.tokens)
            if outside or i in closed or sentence.words[i] in BREAKS | {"and", "or"}:
                break
            keys |= sentence.tokens[i].keys | {sentence.words[i]}
    return keys


def _score(near: frozenset[str], subject: Subject) -> int:
    texts = {text for text in subject.texts if text not in lexicon.grammar() or text in ("no", "not")}
    return len(near & subject.keys) + len(near & texts & {"low", "high", "no", "not", "without"})


def _widened(sentence: Sentence, mention: Mention, closed: set[int]) -> Mention:
    """With the words around it that its phrase has too: `take an interest in`, `and over`."""
    keys = frozenset(key for subject in mention.subjects for key in subject.keys)
    start, end = mention.start, mention.end
    for i in range(start - 1, max(-1, start - 1 - REACH), -1):
        if i in closed or sentence.words[i] in BREAKS | {"and"}:
            break
        start = i if _belongs(sentence, i, keys) else start
    for i in range(end, min(len(sentence.tokens), end + REACH)):
        if i in closed or sentence.words[i] in BREAKS | {"and"}:
            break
        end = i + 1 if _belongs(sentence, i, keys) else end
    return replace(mention, start=start, end=end)


def _belongs(sentence: Sentence, at: int, keys: frozenset[str]) -> bool:
    token = sentence.tokens[at]
    if token.kind != "word" or token.lower in COMPARATIVES:
        return False
    return token.lower not in lexicon.grammar() and bool(token.keys & keys)


def is_bounded(sentence: Sentence, figure: Figure, words: frozenset[str]) -> bool:
    """Does one of these words bound the figure, as in `under 25` and `60 and over`?"""
    before = sentence.words[max(0, figure.start - 2) : figure.end]
    after = sentence.words[figure.end : figure.end + 4]
    after = after[1:] if after[:1] == ("years",) else after
    bound_after = after[:2] if after[:1] and after[0] in ("and", "or", "+", "plus") else ()
    return bool(words & {*before, *bound_after})
