"""Is what is said of a subject that somebody does not have it?"""

from agent.grounding import lexicon
from agent.grounding.clauses import Clause
from agent.grounding.mentions import Mention
from agent.grounding.subjects import NEGATIONS, Subject

REACH = 5
SOFTENERS = frozenset({"only", "just", "merely", "simply"})
MEASURES = frozenset({"less", "more", "likely", "frequent", "matter", "yet", "lower", "higher"})


def is_negation(word: str) -> bool:
    """`not`, `don't`, `without`, `childless`."""
    return word in NEGATIONS or word.endswith("n't")


def is_negated(clause: Clause, mention: Mention) -> bool:
    """Is the mention told as something people do not have?"""
    words = clause.sentence.words
    nearer = [other.end for other in clause.mentions if other.end <= mention.start]
    start = max(clause.start, mention.start - REACH, *nearer)
    inside = any(
        is_negation(words[at]) or words[at] in ("0", "zero") for at in range(mention.start, mention.end)
    )
    before = [at for at in range(start, mention.start) if is_negation(words[at]) or words[at] == "zero"]
    if not before:
        return inside
    after = words[before[-1] + 1 : mention.start]
    return not (after[:1] and after[0] in SOFTENERS) and not (
        MEASURES | lexicon.listed("more") | lexicon.listed("rarer")
    ) & set(after)


def is_flipped(clause: Clause, mention: Mention, subject: Subject) -> bool:
    """Is the opposite of the subject told?"""
    slighted = subject.qualifier != "low" and _is_slighted(clause, mention)
    return (is_negated(clause, mention) or slighted) != subject.negated


def _is_slighted(clause: Clause, mention: Mention) -> bool:
    """`little interest in history`, but not `a little more`."""
    words = clause.sentence.words
    start = max(clause.start, mention.start - 2)
    return any(words[at] == "little" and words[at - 1] != "a" for at in range(max(1, start), mention.end))
