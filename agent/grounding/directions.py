"""Does more or less, said of a trait, agree with its interval?"""

from collections.abc import Iterator, Sequence

from agent.grounding import lexicon
from agent.grounding.clauses import Clause, Reading
from agent.grounding.lexicon import keys
from agent.grounding.mentions import Mention
from agent.grounding.negation import is_flipped, is_negated, is_negation
from agent.grounding.problem import Problem, problem
from agent.grounding.subjects import OPPOSITES, QUALIFIERS, Subject

WEAK_UP = frozenset({"more", "higher", "above", "larger", "greater", "exceeding"})
WEAK_DOWN = frozenset({"less", "lower", "below", "smaller"})
MEASURED = frozenset(
    {"often", "frequent", "frequently", "common", "commonly", "likely", "prevalent", "represented"}
)
EXCLUDING = frozenset(
    {"out", "avoid", "skip", "exclude", "excluding", "instead", "rather", "outside", "without"}
)
RATED = frozenset({"%", "percent", "third", "half", "quarter"})
DENIED = "It says the opposite of what was given, or what was not given: keep to the given traits."
SKIPPED = frozenset({"as", "so", "how", "too"})


def direction_problems(
    field: str, found: Sequence[Reading], subjects: Sequence[Subject], *, of_pattern: bool
) -> Iterator[Problem]:
    """Directions that the facts do not have, and traits told as if people had them or had them not."""
    for reading in found:
        for at, clause in enumerate(reading.clauses):
            yield from _wrong_way(field, reading, at, clause, subjects if of_pattern else ())
            yield from (_opposites if of_pattern else _wrong_claims)(field, reading, at, clause)
            for mention in clause.mentions:
                yield from _misqualified(field, clause, mention)
    if of_pattern and found and not _says_rare(found):
        yield problem(
            field, "directions", found[0].sentence.text, "Say that such people are rare among customers."
        )


def _wrong_way(
    field: str, reading: Reading, at: int, clause: Clause, pattern: Sequence[Subject]
) -> Iterator[Problem]:
    sign, words = _direction(reading, at, clause)
    told = list(pattern) or [s for mention in _meant(clause) for s in mention.subjects[:1]]
    if sign and told and all(subject.direction != sign for subject in told):
        reason = (
            f"`{words}` is not what the figures say of this trait: more is said above 1, less below 1, "
            "neither where the interval includes 1."
        )
        yield problem(field, "directions", clause.text, reason)
    elif sign and any(subject.direction != sign for subject in told):
        yield problem(field, "directions", clause.text, f"`{words}` is not true of each trait it is said of.")


def _meant(clause: Clause) -> tuple[Mention, ...]:
    return tuple(clause.mentions) or clause.about[-1:]


def _direction(reading: Reading, at: int, clause: Clause) -> tuple[int, str]:
    """1, -1 or 0, and the word that says so."""
    words = reading.sentence.words
    following = reading.clauses[at + 1 : at + 2]
    compared = bool(clause.mentions) or clause.is_elsewhere or any(c.opener == "than" for c in following)
    told = {i for figure in (*clause.figures, *reading.named) for i in range(figure.start, figure.end)}
    bounds = {i for figure in reading.named for i in range(figure.start - 3, figure.end + 3)}
    for i in range(clause.start, clause.end):
        sign = (
            0
            if i in told or _is_of_trait(clause, words, i)
            else _sign(words, i, compared and i not in bounds)
        )
        if sign:
            flipped = any(is_negation(word) for word in words[max(clause.start, i - 2) : i])
            return (-sign if flipped else sign), words[i]
    return 0, ""


def _sign(words: Sequence[str], at: int, compared: bool) -> int:
    word, before, after = words[at], *_beside(words, at)
    if word == "represented" and before == "-" and at > 1:
        return {"over": 1, "under": -1}.get(words[at - 2], 0)
    if word in WEAK_UP | WEAK_DOWN and (compared or after in MEASURED):
        return 1 if word in WEAK_UP else -1
    if before in SKIPPED or (before in WEAK_UP | WEAK_DOWN and word in MEASURED):
        return 0
    return (word in lexicon.listed("more")) - (word in lexicon.listed("rarer"))


def _is_of_trait(clause: Clause, words: Sequence[str], at: int) -> bool:
    """`travel often`: part of the trait, and no direction."""
    near = (m for m in clause.mentions if m.start - 2 <= at < m.end + 2)
    return any(keys(words[at]) & subject.keys for mention in near for subject in mention.subjects)


def _beside(words: Sequence[str], at: int) -> tuple[str, str]:
    return (words[at - 1] if at else ""), (words[at + 1] if at + 1 < len(words) else "")


def _wrong_claims(field: str, reading: Reading, at: int, clause: Clause) -> Iterator[Problem]:
    sign, _ = _direction(reading, at, clause)
    before = reading.clauses[at - 1] if at else None
    for mention in clause.mentions:
        told = [subject for subject in mention.subjects if subject.medians is None]
        denied = bool(told) and all(_is_denied(clause, mention, subject, sign, before) for subject in told)
        if denied and not clause.figures:
            yield problem(field, "directions", clause.text, DENIED)
    if clause.opener.endswith("than") and clause.mentions and not _is_rather(reading, clause):
        yield problem(
            field, "directions", clause.text, "Compare each trait with the population, not with another."
        )


def _opposites(field: str, reading: Reading, at: int, clause: Clause) -> Iterator[Problem]:
    for mention in clause.mentions:
        if all(is_flipped(clause, mention, subject) for subject in mention.subjects):
            yield problem(field, "directions", clause.text, DENIED)


def _is_rather(reading: Reading, clause: Clause) -> bool:
    return reading.sentence.words[max(0, clause.start - 2) : clause.start - 1] == ("rather",)


def _is_denied(clause: Clause, mention: Mention, subject: Subject, sign: int, before: Clause | None) -> bool:
    """Is it told against the facts, with no figure that would put it right?"""
    if subject.direction >= 0 or subject.negated:
        return is_flipped(clause, mention, subject)
    words = clause.sentence.words[max(0, clause.start - 2) : clause.end]
    counted = before is not None and bool(before.figures) and clause.opener.endswith("where")
    told = sign < 0 or is_negated(clause, mention) or bool(EXCLUDING & set(words)) or counted
    return not told and not _is_rated_later(clause, mention)


def _is_rated_later(clause: Clause, mention: Mention) -> bool:
    """`Car owners (35 %)`: the figure follows."""
    words = clause.sentence.words
    marked = clause.end < len(words) and words[clause.end] in "(,:"
    return marked and bool(RATED & set(words[mention.end : mention.end + 12]))


def _misqualified(field: str, clause: Clause, mention: Mention) -> Iterator[Problem]:
    """A low affinity told as a high one, or as any."""
    words = clause.sentence.words
    around = set(words[max(clause.start, mention.start - 3) : min(clause.end, mention.end + 3)])
    for subject in mention.subjects[:1]:
        opposite = bool(OPPOSITES.get(subject.qualifier, frozenset()) & around)
        missing = subject.qualifier in QUALIFIERS and not QUALIFIERS[subject.qualifier] & around
        if opposite or missing:
            yield problem(field, "directions", clause.text, f"The trait was given as `{subject.qualifier}`.")


def _says_rare(found: Sequence[Reading]) -> bool:
    for reading in found:
        for at, clause in enumerate(reading.clauses):
            if clause.figures or _direction(reading, at, clause)[0] < 0:
                return True
    return False
