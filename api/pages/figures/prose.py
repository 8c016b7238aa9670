"""Which figures does a sentence hold, and where do they come from?"""

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from agent.explain.explanation import ExplainedFigure
from agent.explain.matching import words_of
from api.pages.figures.linked import Linked, Told

SAID = re.compile(
    r"(?<![\w.,-])(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<percent> %)?(?![\w-])(?![.,]\d)"
)
RANGE = re.compile(r"(?<=\()(\d+(?:[.,]\d+)*)-(\d+(?:[.,]\d+)*)(?=[),;])")
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z0-9])")
FEWEST = 2  # words that a figure and its sentence share
UNSAID = 0.35  # what a word of the figure that the sentence lacks takes away
LINK = Markup('<a class="figure" data-live data-into="#dialogs" data-how="inner" href="{}">{}</a>')


def dashed(text: str) -> str:
    """The text with its intervals written `2.6–2.9`: with a hyphen they would read as one sign."""
    return RANGE.sub(r"\1–\2", text)


class Prose:
    """Sentences whose figures open where they come from; a figure that is not sure stays as it is."""

    def __init__(
        self,
        linked: Linked,
        told: Callable[[str], str],
        figures: Sequence[ExplainedFigure] | None = None,
        fewest: int = FEWEST,
    ) -> None:
        """Figures: those that the sentences may mean; all of the result's without them."""
        self._told, self._fewest = told, fewest
        self._by_text: dict[str, list[tuple[frozenset[str], Told]]] = {}
        known = linked.each() if figures is None else ((one.what, linked(one)) for one in figures)
        for what, figure in known:
            self._by_text.setdefault(figure.text, []).append((frozenset(words_of(what)), figure))

    def __call__(self, text: str) -> Markup:
        """The text, its figures as the reader writes them and linked where it is clear which they are."""
        return Markup(" ").join(self._sentence(sentence) for sentence in SENTENCE.split(text))

    def _sentence(self, sentence: str) -> Markup:
        words, parts, end = set(words_of(sentence)), [], 0
        for found in SAID.finditer(sentence):
            figure = self._meant(found[0], words)
            if figure is None:
                continue
            parts += [
                self.plain(sentence[end : found.start()]),
                LINK.format(figure.address, self._told(found[0])),
            ]
            end = found.end()
        return Markup("").join([*parts, self.plain(sentence[end:])])

    def plain(self, text: str) -> Markup:
        """The text with its figures as the reader writes them, and no links."""
        return escape(self._told(dashed(text)))

    def _meant(self, said: str, words: set[str]) -> Told | None:
        """The figure that reads so and whose words the sentence holds; None where two do as well."""
        if len(said) < 2:  # a digit alone is more often part of a name: `0 children`
            return None
        alike = [
            (len(own & words) - UNSAID * len(own - words), figure)
            for own, figure in self._by_text.get(said, ())
            if len(own & words) >= self._fewest
        ]
        most = max((score for score, _ in alike), default=0.0)
        best = [figure for score, figure in alike if score == most]
        return best[0] if best and all(figure.value == best[0].value for figure in best) else None
