"""What stands in a text: sentences of tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agent.grounding import lexicon

TOKEN = re.compile(
    r"(?P<number>[$€£]?\d+(?:,\d{3})*(?:\.\d+)?(?:[kKmM](?![^\W\d_]))?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<mark>[^\w\s]|_)"
)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9$€£])")
ABBREVIATIONS = ("vs.", "e.g.", "i.e.", "approx.")


@dataclass(frozen=True)
class Token:
    """A word, a number or a mark, with its place in the sentence."""

    text: str
    kind: str
    start: int
    end: int

    @cached_property
    def lower(self) -> str:
        """As it is compared."""
        return self.text.lower().replace("’", "'")

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it can be the same word as."""
        return lexicon.keys(self.text) if self.kind == "word" else frozenset()


@dataclass(frozen=True)
class Sentence:
    """The tokens of one sentence."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every token in lower case."""
        return tuple(token.lower for token in self.tokens)

    def cut(self, start: int, end: int) -> str:
        """The text from one token up to another."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


def read(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text."""
    return tuple(Sentence(part, tuple(_tokens(part))) for part in _sentences(text))


def _sentences(text: str) -> Iterator[str]:
    begun = 0
    for end in SENTENCE_END.finditer(text):
        if text[: end.start()].endswith(ABBREVIATIONS):
            continue
        yield text[begun : end.start()].strip()
        begun = end.end()
    if rest := text[begun:].strip():
        yield rest


def _tokens(text: str) -> Iterator[Token]:
    for found in TOKEN.finditer(text):
        yield Token(found.group(), str(found.lastgroup), found.start(), found.end())
