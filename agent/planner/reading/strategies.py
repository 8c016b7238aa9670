"""How wide is the audience to be?"""

import re

from agent.planner.reading.sentence import Sentence

Pattern = re.Pattern[str]


def _any(*words: str) -> Pattern:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_FIT = (
    r"(?:fit|score|likelihood|similarity|lookalike score|match|likeness|probability"
    r"|relevance|closeness|propensity)"
)
RANKED = _any(
    r"ranked(?: (?:audience|list|strategy|by [a-z ]{0,20}?" + _FIT + r"|best first|highest first))?",
    r"(?:rank|order|sort|prioriti[sz]e)(?:ed)? (?:them |it |everyone |everybody |people "
    r"|by |on |for |how ){0,3}(?:by |on )?(?:the |their |how )?(?:[a-z]+ )?" + _FIT + r"(?: score)?",
    r"(?:by|in order of) (?:the )?(?:[a-z]+ )?" + _FIT + r"(?: score)?",
    r"best[- ]scor(?:ing|ed)",
    r"(?:highest|top|best)[- ](?:scor(?:ing|ed|es?)|ranked|ranking)",
    r"best first",
    r"most likely first",
    r"ranking",
)
TOP = re.compile(
    r"\b(?:the )?(?:top|best|first|highest|likeliest|closest|most (?:similar|likely"
    r"|alike))\s(?=(?:about |around )?(?:\d|a (?:hundred|thousand|quarter|couple|million)"
    r"|half|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty"
    r"|hundred))",
    re.I,
)
_HYBRID = _any(
    "hybrid",
    "balanced?",
    "well[- ]balanced",
    r"in[- ]between",
    "middle(?: of the road| ground| way)?",
    "a mix",
    "mixed",
    r"(?:a |some )?(?:good )?(?:compromise|trade[- ]?off)(?: between [a-z]+ and [a-z]+)?",
    "half ?way",
    "medium(?:[- ]wide| width| breadth)?",
    r"not too (?:broad|wide|narrow|tight|precise)(?:,? (?:and |but |or )?not too (?:broad"
    r"|wide|narrow|tight|precise))?",
    "moderate(?:ly)?(?: (?:wide|broad))?",
    r"somewhere between(?: [a-z]+ and [a-z]+)?",
    "mix of (?:precision|quality) and (?:reach|scale|quantity)",
    "(?:both )?(?:precision|quality) and (?:reach|scale|quantity)",
)
_REACH = _any(
    r"(?:as |very |really |quite |pretty |much |a lot |even |bit |more "
    r"|super )*(?:broad(?:er|est|ly)?|wide(?:r|st)?|loose(?:r|st)?)(?: as (?:possible"
    r"|we can|you can|it gets))?",
    r"as (?:many|much|big|large) (?:people |of them |contacts |reach "
    r"|prospects )?as (?:possible|we can|you can|there are)(?: (?:find|get|reach))?",
    r"(?:max(?:imum|imi[sz]e|imal)?|biggest|most|full|greatest|larger|more|highest|widest"
    r"|extended|big)(?: possible)? (?:reach|coverage|scale|volume)",
    r"(?:for|at|brand|on|go for|to) (?:scale|awareness)",
    "brand awareness",
    "awareness(?: (?:campaign|push|play|drive))?",
    "cast a wide(?:r)? net",
    r"wide(?:st)? net",
    "broaden(?: it)?",
    "widen(?: it)?",
    "go wide(?:r)?",
    "go big(?:ger)?",
    "scale (?:it )?up",
    r"volume over (?:quality|precision)",
    r"quantity over quality",
    "reach strategy",
    r"strategy[:= ]+reach",
    r"mass[- ](?:market|reach)",
    "everyone (?:remotely|vaguely) (?:similar|like)",
    r"(?:with |use |using |the )reach(?: (?:setting|mode|option))?(?! (?:out|people|them"
    r"|new|golf|customers|the))",
    r"(?:for|prefer|prioriti[sz]e|favou?r|optimi[sz]e for) reach",
    "upper[- ]funnel",
)
_PRECISION = _any(
    r"(?:very |really |quite |super |pretty |more |a lot |much |even |bit "
    r"|as )*(?:precise(?:ly)?|precision|tight(?:er|est|ly)?|narrow(?:er|est|ly)?"
    r"|strict(?:er|est|ly)?|selective|picky|pickier|stricter|sharper|pinpoint"
    r"|laser[- ]?focus(?:s?ed)?|focus(?:s?ed)?|picky)(?: as (?:possible|we can|you can"
    r"|it gets))?",
    r"best[- ]fit(?:s|ting)?(?: only)?",
    r"(?:the )?(?:closest|best|exact|perfect|strongest|tightest)(?: possible)? (?:fits?"
    r"|match(?:es)?|lookalikes?)(?: only)?",
    r"only (?:the )?(?:very |absolute(?:ly)? |really )?(?:best|closest|most similar"
    r"|strongest|surest)(?: (?:people|ones|prospects|fits?|match(?:es)?))?",
    r"(?:the )?(?:very|absolute) best(?: ones| people| prospects| only)?",
    r"high(?:er|est)?[- ]quality(?: (?:over|not) quantity)?(?: audience)?",
    r"quality (?:over|not|rather than|before|instead of) (?:quantity|reach|volume|scale)",
    r"narrow(?: it| this| that)? down",
    r"tighten(?: it)?(?: up)?",
    "zero in",
    "super[- ]targeted",
    "highly targeted",
    r"surgical",
    r"(?:very|highly|tightly|super|really|well)[- ]targeted",
    r"no waste",
    r"minimal waste",
)
_NEGATED = re.compile(
    r"\b(?:not|isn't|don't|no need|less|without|too)(?: (?:to be|so|too|be|very|necessarily|make it))*\s$",
    re.I,
)


def take_strategy(sentence: Sentence) -> str | None:
    """The strategy that is said, its words taken out; None where none is."""
    for name, pattern in (
        ("hybrid", _HYBRID),
        ("ranked", RANKED),
        ("precision", _PRECISION),
        ("reach", _REACH),
    ):
        for match in pattern.finditer(sentence.left):
            negated = _NEGATED.search(sentence.left, max(0, match.start() - 24), match.start())
            if negated:
                if name in ("precision", "reach"):
                    sentence.blank(negated.start(), match.end())
                    return "reach" if name == "precision" else "precision"
                continue
            sentence.blank(*match.span())
            return name
    return None
