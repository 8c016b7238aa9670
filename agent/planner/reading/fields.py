"""Which of the eighteen domains are spoken of?"""

import re

from agent.planner.reading.sentence import Sentence
from store.population.domains import DOMAINS


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{text})\b", re.IGNORECASE)


# What marketers call each domain; the first that takes a word keeps it.
_NAMES: list[tuple[tuple[str, ...], re.Pattern[str]]] = [
    (("intent_category",), _words(r"intent[_ ]categor(?:y|ies)")),
    (
        ("intent_topic",),
        _words(r"intent[_ ]topics?|search topics?|topics? (?:of interest|they look up|they search)"),
    ),
    (
        ("intent_category", "intent_topic"),
        _words(
            r"(?:purchase |buying |purchasing |buyer )?intent(?:s|ions?)?(?: data| signals?)?"
            r"|in[- ]?market(?: (?:signals?|data|for))?|what (?:they|he|she) (?:are|is|'re"
            r"|'s) (?:shopping|in the market) for|shop(?:s|ping)? for|in the market for"
        ),
    ),
    (
        ("address", "email", "name", "phone"),
        _words(
            r"contact (?:details?|info(?:rmation)?|data|points?|fields?)|contacts|contactability"
            r"|how (?:to|can we|do we) (?:reach|contact) (?:them|him|her)|ways to (?:reach"
            r"|contact)(?: them)?"
        ),
    ),
    (("affinity",), _words(r"affinit(?:y|ies)|brand affinit(?:y|ies)")),
    (
        ("content",),
        _words(
            r"content(?: consumption| preferences| tastes?)?|media(?: habits| consumption| diet)?"
            r"|what (?:\w+ ){0,4}?(?:reads?|watch(?:es)?)|reading habits|viewing habits|reads?"
            r"|watch(?:es)?|read and watch"
        ),
    ),
    (
        ("demographic",),
        _words(
            r"demographics?(?: data| attributes| traits| fields)?|ages?|gender|sex|generation"
            r"|marital status|ethnicity|education(?:al)?(?: level)?|age and gender"
        ),
    ),
    (
        ("employment",),
        _words(
            r"employment|jobs?(?: titles?)?|works?|working life|occupations?(?:al)?|careers?"
            r"|professions?(?:al)?|employers?|do(?:es)? for a living|professional life"
        ),
    ),
    (
        ("financial",),
        _words(
            r"financ(?:e|es|ial|ials)(?: (?:data|situation|status|picture))?|money|incomes?"
            r"|wealth|earnings|net worth|credit(?: (?:rating|score|history))?|assets|investments?"
            r"|spending power|salary|salaries"
        ),
    ),
    (
        ("household",),
        _words(
            r"house ?holds?(?: (?:composition|make-?up|structure|data))?|famil(?:y"
            r"|ies)(?: (?:situation|life|status))?|home (?:life|situation)|home|kids|children"
            r"|living situation"
        ),
    ),
    (
        ("purchase",),
        _words(
            r"purchas(?:e|es|ing)(?: (?:history|data|behaviou?r|habits|records))?|what (?:they|he"
            r"|she|people|customers)(?:'ve| have| has)? (?:bought|buy|buys|purchased?)"
            r"|buying (?:history|behaviou?r|habits)|transactions?|order history"
            r"|shopping (?:history|behaviou?r|habits)|past purchases|bought"
        ),
    ),
    (
        ("political",),
        _words(
            r"politic(?:s|al)(?: (?:leanings?|views?|affiliation|party|data))?"
            r"|party(?: affiliation)?|voting|how (?:they|he|she) votes?"
        ),
    ),
    (("lifestyle",), _words(r"life ?styles?(?: (?:data|traits|attributes|habits))?|way of life|habits")),
    (
        ("interest",),
        _words(
            r"interests?(?: data)?|hobb(?:y|ies)|pastimes?|passions|leisure(?: activities)?"
            r"|free time|spare time|(?:is|are) into"
        ),
    ),
    (("email",), _words(r"e-?mails?(?: address(?:es)?)?")),
    (("phone",), _words(r"(?:tele)?phones?(?: numbers?)?|mobile numbers?|telephone")),
    (
        ("address",),
        _words(
            r"(?:home |street |mailing |postal )?address(?:es)?|where (?:they|he|she"
            r"|\w+ \d+) lives?|locations?|geograph(?:y|ic)|residence|lives?"
        ),
    ),
    (("maid",), _words(r"maids?|(?:mobile )?(?:device|ad) ids?|devices?")),
    (("name",), _words(r"(?:full |first |last |real )?names?")),
    (("id",), _words(r"external ids?|source ids?|source keys?")),
]
_NOT = re.compile(
    r"\b(?:no|not|without|except(?: for)?|excluding|minus|leave out|skip"
    r"|other than)(?: (?:the|any|their))*\s$",
    re.I,
)


def take_domains(sentence: Sentence) -> list[str]:
    """The domains that the words name, in alphabetical order; the words are taken out."""
    found: set[str] = set()
    without: set[str] = set()
    for names, pattern in _NAMES:
        for match in sentence.take_all(pattern):
            negated = _NOT.search(sentence.said, max(0, match.start() - 24), match.start())
            (without if negated else found).update(names)
    if without and not found:
        found = set[str](DOMAINS) - without
    return [name for name in DOMAINS if name in found - without]
