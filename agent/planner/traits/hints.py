"""Which words tell something of a person, and in which domain are they to be looked up?"""

import re

from agent.planner.reading.word_lists import word_list
from agent.planner.traits.lexicon import longest, named_traits

# Words of people, of being and of having, which tell nothing on their own.
_FILLER = word_list("fillers")


# What announces the domain in which the next words are to be looked up.
_HINTS: list[tuple[tuple[str, ...], re.Pattern[str]]] = [
    (
        ("intent_category", "intent_topic"),
        re.compile(
            r"\b(?:(?:actively |currently |now "
            r"|also )?(?:in[- ]?(?:the[- ])?market(?:ing)?(?: for)?|in-market"
            r"|shopping (?:around )?for|looking (?:to (?:buy|purchase|get|book|rent|lease"
            r"|acquire)|for|around for|into buying|at buying)|searching for|thinking (?:about"
            r"|of) (?:buying|getting|purchasing)|likely to (?:buy|purchase|get|book|need)"
            r"|planning (?:to (?:buy|get|purchase)|on buying|a"
            r"|an|their)|wanting to (?:buy|purchase)|(?:want|wants|intend|intends|intending"
            r"|hoping|about|ready|going) to (?:buy|purchase|get|book)|intent(?:ion)?s? (?:to buy"
            r"|for|on|around|towards?)|(?:considering|researching|browsing)(?: (?:buying"
            r"|getting))?|show(?:s|ing)? intent (?:for|on|around)|need(?:s|ing)? (?:a "
            r"|an )?(?:new )?(?=car\b|truck\b|sofa\b)))\b",
            re.I,
        ),
    ),
    (
        ("intent_topic", "intent_category"),
        re.compile(
            r"\b(?:look(?:s|ing|ed)? up|search(?:es|ed)? (?:for|about|on)|googl(?:e|es|ed|ing)"
            r"|read(?:ing)? up on|(?:search|intent) topics?(?: of| on| for)?)\b",
            re.I,
        ),
    ),
    (
        ("purchase",),
        re.compile(
            r"\b(?:(?:have |has |had |'ve |who )?(?:recently |previously |ever |already "
            r"|also )?(?:bought|booked|purchased|purchas(?:e|es|ing)|buy(?:s|ing)?|order(?:s|ed"
            r"|ing)?|shopp(?:ed|ing)(?: for)|shops? for|spen[dt](?:s|ing)?(?: money)? on)"
            r"|(?:past |previous |recent )?(?:buyers?|purchasers?|customers|shoppers) (?:of|for)"
            r"|purchas(?:es|e history) of)\b",
            re.I,
        ),
    ),
    (
        ("content",),
        re.compile(
            r"\b(?:(?:read|reads|reading|watch|watches|watching|listen(?:s|ing)? to|view(?:s"
            r"|ing)?|consum(?:e|es|ing)|subscrib(?:e|es|ing) to|stream(?:s|ing)?|tun(?:e|es"
            r"|ing) in to|viewers of|readers of|listeners (?:of|to)|read(?:s)? (?:or"
            r"|and) watch(?:es)?|follow(?:s)? the))\b",
            re.I,
        ),
    ),
]


TRAIT = "[\uf100-\uf8ff]"  # stands in a text for a trait that was understood
LEVELS = {
    "low": "Low",
    "weak": "Low",
    "little": "Low",
    "medium": "Medium",
    "some": "Medium",
    "moderate": "Medium",
}
AFFINITY = re.compile(
    r"\b(?:(?:show|shows|with|have|has|having) )?(?:an? )?(?:(?P<level>high"
    r"|strong|low|weak|little|medium|moderate"
    r"|some) )?affinit(?:y|ies) (?:for|to|with"
    r"|towards?) (?:the )?(?P<of>[a-z-]{3,20}(?: products| brands)?)\b"
    r"|\b(?:an? )?(?P<degree>high|strong|low|weak|medium|moderate) (?P<what>[a-z-]{3,20}) affinit(?:y|ies)\b",
    re.I,
)
# Two words for the same doing: `read or watch`, `bought or ordered`.
_DOING = (
    r"(?:reads?|watch(?:es)?|listens? to|views?)",
    r"(?:buys?|bought|purchased?|ordered)",
    r"(?:likes?|loves?|enjoys?)",
)
SAME_VERBS = re.compile("|".join(rf"\b{verb} (?:or|and) (?={verb}\b)" for verb in _DOING), re.I)
# `bought jewelry or are in the market for it`
SAME_OBJECT = re.compile(
    r"\b(?P<verb>bought|purchased|own|have) (?P<what>[\w' -]{3,30}?)(?P<more> (?:or|and|but)\b[\w' ]{0,24}"
    r"(?:in the market for|looking for|shopping for|interested in) )(?:it|them|one)\b",
    re.I,
)
OBJECT_BUYERS = re.compile(r"\b(?P<what>[\w' -]{3,30}?)[- ](?:buyers?|purchasers?|shoppers?)\b", re.I)


def hinted(text: str) -> tuple[tuple[str, ...], str, str]:
    """The domains that a word for buying, reading or searching announces, and the text around it."""
    named = [(start, end) for _, start, end in longest(text, named_traits())]
    for domains, pattern in _HINTS:
        match = pattern.search(text)
        if match is None or any(start <= match.start() and match.end() <= end for start, end in named):
            continue
        goes_on = domains != ("content",) and not text[match.end() :].strip()  # `bought both …`
        if goes_on or telling(text[match.end() :]) or re.search(TRAIT, text[match.end() :]):
            return domains, text[: match.start()], text[match.end() :]
    return (), "", text


def pieces(text: str) -> list[tuple[int, str]]:
    """Runs of words that may mean something, without those that tell nothing around them."""
    found = []
    for match in re.finditer(r"[^\uf0ff]+", text):
        if words := telling(match[0]):
            found.append((match.start() + match[0].find(words.split()[0]), words))
    return found


def telling(text: str) -> str:
    """The words of a text from the first to the last that tells something."""
    words = re.findall(r"[^\W_][\w'&.-]*", text)
    tells = [
        at for at, word in enumerate(words) if word.lower().strip(".-'") not in _FILLER and not word.isdigit()
    ]
    return " ".join(words[tells[0] : tells[-1] + 1]) if tells else ""
