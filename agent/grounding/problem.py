"""What is wrong with words, so that whoever wrote them can try again."""

from dataclasses import dataclass

MOST_WORDS_SHOWN = 80


@dataclass(frozen=True)
class Problem:
    """A piece of a field that is not grounded; reason is a sentence for one more try."""

    field: str
    rule: str
    words: str
    reason: str


def problem(field: str, rule: str, words: str, reason: str) -> Problem:
    """The problem, with its words cut to a length that can be shown."""
    return Problem(field, rule, words[:MOST_WORDS_SHOWN], reason)
