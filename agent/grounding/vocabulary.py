"""Which traits and segments there are besides the given ones, so that they are known by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from agent.grounding import lexicon
from agent.grounding.reading import Token, read

LONGEST_NAME = 4
Keys = frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """The words of every trait of a warehouse and of every segment; built once, used for each text."""

    words: frozenset[str] = frozenset()
    names: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(
        cls,
        phrases: Iterable[str],
        labels: Iterable[str] = (),
        values: Iterable[str] = (),
        *,
        segments: Iterable[str] = (),
    ) -> "Vocabulary":
        """The vocabulary of these phrases, labels and values of clusters, and names of segments."""
        names = {content_stems(text) for text in (*phrases, *labels, *values, *segments)}
        words = {word for name in names for word in name if word not in _general_stems()}
        told = (name for name in names if any(not word[-1:].isdigit() for word in name))
        return cls(frozenset(words), frozenset(name for name in told if 2 <= len(name) <= LONGEST_NAME))

    def knows(self, token: Token) -> bool:
        """Does some trait have this word?"""
        return main_key(token) in self.words

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """How many words its names have."""
        return tuple(sorted({len(name) for name in self.names}))

    def name_in(
        self, tokens: Sequence[Token], given: frozenset[str], texts: frozenset[str]
    ) -> tuple[int, int] | None:
        """Where the tokens name a trait that is not made of given words."""
        content = [(at, main_key(token)) for at, token in enumerate(tokens) if is_content(token)]
        for first in range(len(content)):
            for length in self.lengths:
                run = content[first : first + length]
                name = tuple(key for _, key in run)
                if name in self.names and not all(
                    tokens[at].keys & given or tokens[at].lower in texts for at, _ in run
                ):
                    return run[0][0], run[-1][0] + 1
        return None


def content_stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words that are not grammar."""
    return tuple(main_key(token) for sentence in read(text) for token in sentence.tokens if is_content(token))


def is_content(token: Token) -> bool:
    """A word that is not grammar, or a number."""
    return token.kind == "number" or (
        token.kind == "word" and (token.lower not in lexicon.grammar() or token.text.isupper())
    )


def main_key(token: Token) -> str:
    """What it is compared by in names."""
    return min(token.keys, key=lambda key: (not key.startswith("state "), len(key), key), default=token.lower)


@cache
def _general_stems() -> frozenset[str]:
    return frozenset(key for word in lexicon.weak() for key in lexicon.keys(word))
