"""Which clusters are meant by words, as people in marketing say them or by their meaning?"""

from agent.planner.traits.book import LEAST_SCORE, Book
from agent.planner.traits.hints import OBJECT_BUYERS, pieces, telling
from agent.planner.traits.lexicon import Entry, longest, named_traits, purchases
from agent.planner.traits.meaning import Meaning, meaning_of, phrase
from agent.planner.traits.spans import RENT

_TOPIC_LEAST = 0.75  # of a search that somebody made, where nothing says that searches are meant
HINT_LEAST = 0.40  # where the words before say in which domain to look
CLEARLY_SAID = 0.62  # as near as that, an atom joined to a hinted one takes its domain


_WANTED = ("intent_category", "intent_topic")  # what nobody is known to have bought may be wanted


class Lookup:
    """Looks words up, and keeps what they were taken for and what was not understood."""

    def __init__(self, book: Book | None) -> None:
        self._book = book
        self.meanings: list[Meaning] = []
        self.unknown: list[str] = []

    def in_domains(self, text: str, domains: tuple[str, ...], least: float) -> list[tuple[int, Meaning]]:
        """What the words mean of these domains, with the places where they stand."""
        found: list[tuple[int, Meaning]] = []
        for start, words in pieces(text):
            if self._book is None:
                meaning: Meaning | None = phrase(words)
            elif "purchase" in domains and (
                bought := self._by_lexicon(words, purchases(), whole=least == CLEARLY_SAID)
            ):
                meaning = bought
            else:
                meaning = self._nearest(words, domains, least)
                if meaning is None and least == HINT_LEAST:
                    meaning = self._nearest(words, _WANTED, least)
            if meaning is not None:
                self.meanings.append(meaning)
                found.append((start, meaning))
            elif least == HINT_LEAST:
                self.unknown.append(words)
        return found

    def _by_lexicon(self, words: str, entries: tuple[Entry, ...], *, whole: bool) -> Meaning | None:
        assert self._book is not None
        for entry, start, end in longest(words, entries):
            clusters = self._book.named(entry.key)
            if clusters and not (whole and telling(words[:start] + words[end:])):
                return meaning_of(words, clusters)
        return None

    def named_or_near(self, text: str) -> list[tuple[int, Meaning]]:
        """What the words name outright, and for the others the cluster that is nearest in meaning."""
        found, left = self._named(text)
        left = self._renters(left, found)
        for start, words in pieces(left):
            buyers = OBJECT_BUYERS.fullmatch(words)
            if buyers and self._book:
                bought = self.in_domains(buyers["what"], ("purchase", "intent_category"), HINT_LEAST)
                found += [(start, meaning) for _, meaning in bought]
                continue
            meaning = phrase(words) if self._book is None else self._nearest(words, (), LEAST_SCORE)
            if meaning is None:
                self.unknown.append(words)
            else:
                self.meanings.append(meaning)
                found.append((start, meaning))
        return found

    def _named(self, text: str) -> tuple[list[tuple[int, Meaning]], str]:
        """What the lexicon has of the words, and the text without it."""
        found: list[tuple[int, Meaning]] = []
        left = text
        for entry, start, end in longest(text, named_traits()):
            clusters = self._book.named(entry.key) if self._book else []
            if self._book is not None and not clusters:
                continue
            said = text[start:end]
            meaning = meaning_of(said, clusters) if self._book else phrase(said, entry.key.partition("=")[0])
            self.meanings.append(meaning)
            found.append((start, meaning))
            left = f"{left[:start]}{' ' * (end - start)}{left[end:]}"
        return found, left

    def _renters(self, text: str, found: list[tuple[int, Meaning]]) -> str:
        """Who rents owns no home, where the catalogue has no word of renting."""
        match = RENT.search(text)
        if match is None or self._book is None:
            return text
        renters, owners = self._book.named("is_renter"), self._book.named("is_home_owner")
        if not (renters or owners):
            return text
        tenants = renters or self._book.named("is_home_owner=No")
        meaning = meaning_of(match[0], tenants or owners, negated=not tenants)
        self.meanings.append(meaning)
        found.append((match.start(), meaning))
        return f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"

    def _nearest(self, words: str, domains: tuple[str, ...], least: float) -> Meaning | None:
        assert self._book is not None
        near = self._book.nearest(words, domains)
        if near is None or near[1] < least:
            return None
        if not domains and near[0].domain == "intent_topic" and near[1] < _TOPIC_LEAST:
            return None
        return meaning_of(words, [near[0]])
