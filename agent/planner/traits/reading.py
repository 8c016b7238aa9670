"""Which people are described: their traits as one expression, and the words not understood."""

import re
from dataclasses import dataclass, field

from agent.planner.plan import UnderstoodTrait
from agent.planner.traits.bins import meaning_of_range
from agent.planner.traits.book import Book, book_of
from agent.planner.traits.children import children_in, parents_in
from agent.planner.traits.connectives import (
    ANY,
    ANY_OF,
    CONNECTIVE,
    SIGN_JOINTS,
    SIGNS,
    STARTS,
    THOSE,
    as_alternatives,
    kind_of,
    verb_of,
)
from agent.planner.traits.geography import states_in
from agent.planner.traits.hints import AFFINITY, LEVELS, SAME_OBJECT, SAME_VERBS, TRAIT, hinted
from agent.planner.traits.joining import Token, joined
from agent.planner.traits.lookup import CLEARLY_SAID, HINT_LEAST, Lookup
from agent.planner.traits.meaning import Meaning, meaning_of, phrase
from agent.planner.traits.ranges import ranges_in
from agent.planner.traits.spans import ZIP3, named_with_joints, unique, widened, written_out
from store.workspace import Workspace
from tools.audience.expression import Expression, canonical, to_text

FIRST_TRAIT = 0xF100  # what stands in the text for a trait that was understood
MOST_TRAITS = 40
LONGEST = 2_000  # characters that are looked through for traits


@dataclass
class Described:
    """The people of a text."""

    expression: Expression | None = None
    understood: list[UnderstoodTrait] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    meanings: list[Meaning] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """The expression as the tools take it."""
        return None if self.expression is None else to_text(self.expression)


def described(text: str, workspace: Workspace | None) -> Described:
    """The people whom a text describes; without a workspace as phrases in quotes."""
    return _Text(text[:LONGEST], book_of(workspace) if workspace else None).described()


class _Text:
    """A text in which traits are put aside one after the other, and then joined."""

    def __init__(self, text: str, book: Book | None) -> None:
        self._text, self._book = text, book
        self._lookup = Lookup(book)

    def described(self) -> Described:
        """All of it."""
        self._text = SAME_OBJECT.sub(r"\g<verb> \g<what>\g<more>\g<what>", self._text)
        self._text = ANY_OF.sub(f" {ANY} ", self._text, count=1)
        self._put_names_aside()
        self._put_places_aside()
        self._put_ranges_aside()
        self._text = SAME_VERBS.sub("", self._text)
        self._text = SIGN_JOINTS.sub(lambda match: SIGNS[match[1]], self._text)
        tokens = self._tokens()
        expression = joined(tokens)
        if expression is not None and self._book:
            expression = canonical(expression)
        text = to_text(expression) if expression is not None else ""
        meanings = [one for meaning in self._lookup.meanings for one in (meaning, meaning.lacking) if one]
        return Described(
            expression,
            unique([u for one in meanings for u in one.understood() if u.cluster_hash in text]),
            list(dict.fromkeys(self._lookup.unknown)),
            meanings,
        )

    def _mark(self, meaning: Meaning, start: int, end: int) -> None:
        if len(self._lookup.meanings) < MOST_TRAITS:
            mark = chr(FIRST_TRAIT + len(self._lookup.meanings))
            self._lookup.meanings.append(meaning)
            self._text = f"{self._text[:start]} {mark}{' ' * max(0, end - start - 2)} {self._text[end:]}"

    def _put_names_aside(self) -> None:
        """Values written out that hold `and`, keys such as `state=TX`, and attributes by their own name."""
        if self._book is None:
            return
        for entry, start, end in named_with_joints(self._text):
            clusters = self._book.named(entry.key)
            if clusters and not hinted(self._text[max(0, start - 30) : end])[0]:
                self._mark(meaning_of(self._text[start:end], clusters), start, end)
        for cluster, start, end in written_out(self._text, self._book):
            self._mark(meaning_of(self._text[start:end], [cluster]), start, end)
        for match in reversed(list(AFFINITY.finditer(self._text))):
            level = LEVELS.get((match["level"] or match["degree"] or "high").lower(), "High")
            near = self._book.nearest(match["of"] or match["what"], ("affinity",), level)
            if near:
                self._mark(meaning_of(match[0], [near[0]]), *match.span())

    def _put_places_aside(self) -> None:
        for codes, start, end in reversed(states_in(self._text)):
            said = self._text[start:end]
            if self._book is None:
                self._mark(phrase(said, "state"), start, end)
            elif clusters := [c for code in codes for c in self._book.named(f"state={code}")]:
                self._mark(meaning_of(said, clusters), start, end)
        for match in reversed(list(ZIP3.finditer(self._text))):
            if self._book and (clusters := self._book.named(f"zip3={match[1]}")):
                self._mark(meaning_of(match[0], clusters), *match.span())

    def _put_ranges_aside(self) -> None:
        for wanted in reversed(ranges_in(self._text)):
            start, end = widened(self._text, wanted.family, wanted.start, wanted.end)
            if meaning := meaning_of_range(self._book, wanted, " ".join(self._text[start:end].split())):
                self._mark(meaning, start, end)
        for gender, wanted in reversed(parents_in(self._text)):
            self._put_parents_aside(gender, wanted.start, wanted.end)
        for wanted in reversed(children_in(self._text)):
            said = self._text[wanted.start : wanted.end]
            if meaning := meaning_of_range(self._book, wanted, said):
                self._mark(meaning, wanted.start, wanted.end)

    def _put_parents_aside(self, gender: str, start: int, end: int) -> None:
        """Mothers are women with children: said so, they are read like everybody else."""
        words = "women with children" if gender == "Female" else "men with children"
        self._text = f"{self._text[:start]} {words} {self._text[end:]}"

    def _tokens(self) -> list[Token]:
        tokens: list[Token] = []
        hint: tuple[str, ...] = ()
        place, listed = 0, False
        for match in CONNECTIVE.finditer(self._text):
            hint = self._add_atoms(tokens, self._text[place : match.start()], hint)
            place = match.end()
            kind = kind_of(match)
            if kind == "any":
                tokens = as_alternatives(tokens)
                listed = not tokens
                continue
            if listed and kind in ("and", "comma"):
                kind = "or"
            if kind in ("then", "but") and match[0].strip().lower() in ("that", "only") and not tokens:
                continue
            those = kind in ("except", "without") and bool(THOSE.match(self._text, match.end()))
            tokens.append(Token(kind, those=those))
            if kind in ("then", "but", "(", "except", "without"):
                hint = ()
        self._add_atoms(tokens, self._text[place:], hint)
        return tokens

    def _add_atoms(self, tokens: list[Token], text: str, hint: tuple[str, ...]) -> tuple[str, ...]:
        """Add what a stretch without joints says; gives the domains in which the next may be looked up."""
        own, before, rest = hinted(text)
        found = self._meant(before, (), hint) if own else []
        found += self._meant(rest, own, () if own else hint)
        is_clause = bool(STARTS.match(text))
        for number, meaning in enumerate(found):
            if number or (tokens and tokens[-1].kind == "atom"):
                tokens.append(Token("then"))
            tokens.append(Token("atom", meaning, is_clause, verb=verb_of(text) if not number else ""))
        return own or hint

    def _meant(self, text: str, own: tuple[str, ...], inherited: tuple[str, ...]) -> list[Meaning]:
        """What a stretch of words means, trait by trait, in the order in which they stand."""
        placed: list[tuple[int, Meaning]] = [
            (match.start(), self._lookup.meanings[ord(match[0]) - FIRST_TRAIT])
            for match in re.finditer(TRAIT, text)
        ]
        rest = re.sub(TRAIT, " \uf0ff ", text)
        if own:
            placed += self._lookup.in_domains(rest, own, HINT_LEAST)
        else:
            same = self._lookup.in_domains(rest, inherited, CLEARLY_SAID) if inherited else []
            placed += same or self._lookup.named_or_near(rest)
        return [meaning for _, meaning in sorted(placed, key=lambda each: each[0])]
