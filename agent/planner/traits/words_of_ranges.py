"""Which words say what a range of numbers measures?"""

import math
import re

DECADE = re.compile(
    r"\b(?:(?:in|are in|were in) (?:their|her|his|the) )?(?:(?P<part>early|mid|middle"
    r"|late)(?:[- ]to[- ](?:early|mid|late))?[- ])?"
    r"(?P<decade>twenties|thirties|forties|fifties|sixties|seventies|eighties|[2-8]0'?s)\b(?![- ]somethings?)"
    r"|\b(?P<some>twenty|thirty|forty|fifty|sixty|[2-6]0)[- ]?somethings?\b",
    re.I,
)


DECADES = {"twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60, "sevent": 70, "eight": 80}


AGES_IN_WORDS: list[tuple[re.Pattern[str], float, float]] = [
    (
        re.compile(
            r"\b(?:senior(?:s| citizens?)|the elderly|elderly(?: people)?|old(?:er)? (?:people"
            r"|folks|adults)|oaps?|golden agers)\b",
            re.I,
        ),
        65,
        math.inf,
    ),
    (
        re.compile(
            r"\b(?:young adults?|young(?:er)? (?:people|folks|crowd|consumers)|youths?|youngsters)\b", re.I
        ),
        18,
        25,
    ),
    (re.compile(r"\bmiddle[- ]aged?(?: (?:people|folks|adults))?\b", re.I), 45, 65),
]


CONTEXTS: list[tuple[str, re.Pattern[str]]] = [
    ("worth", re.compile(r"\b(?:net[- ]?worth|worth|assets?|wealth)\b", re.I)),
    ("credit", re.compile(r"\bcredit (?:score|rating)s?\b|\bfico\b|\bcredit\b", re.I)),
    (
        "income",
        re.compile(
            r"\b(?:incomes?|earn(?:s|ed|ing|ings|ers?)?|mak(?:e|es|ing)|salar(?:y|ies)|paid"
            r"|bring(?:s|ing)? (?:in|home)|a year|per year|per annum|annually|yearly"
            r"|(?:house)?holds? (?:over|above|at|on)|hhi|taking home)\b",
            re.I,
        ),
    ),
    ("hours", re.compile(r"\bhours?\b|\bhrs?\b", re.I)),
    ("children", re.compile(r"\b(?:kids?|child(?:ren)?|sons|daughters|little ones)\b", re.I)),
    ("adults", re.compile(r"\badults\b", re.I)),
    ("spend", re.compile(r"\b(?:spen[dt](?:s|ing|ers?)?)\b", re.I)),
    ("age", re.compile(r"\b(?:aged?|ages|years?[- ]?olds?|yrs? old|y/?o|older|younger|old)\b", re.I)),
]


OTHER_UNITS = re.compile(
    r"\s?(?:%|percent|miles?|mi\b|km|kilomet|days?|weeks?|months?|leads?\b|people"
    r"|persons?|contacts|names|records|prospects|employees|staff|lookalikes|of them"
    r"|emails|phones|customers|clusters|traits|minutes|points)",
    re.I,
)


NO_KIDS = re.compile(
    r"\b(?:child(?:less|[- ]free)|(?:with |have |has |having |had )?(?:no|zero"
    r"|0) (?:kids?|child(?:ren)?)(?: (?:at|in the) (?:home|house(?:hold)?))?"
    r"|kid[- ]?(?:free|less)|empty[- ]?nesters?|dinks?)\b",
    re.I,
)


# What is said around a range of a family, and belongs to it.
FILLERS = {
    "age": r"(?:(?:who|that)(?: are|'re)? )?(?:aged?|ages|years?|yrs?|olds?|age|of|the|are"
    r"|years?[- ]?olds?|yo|y/o|range|group|bracket|adults?)",
    "income": r"(?:house ?holds?|incomes?|earn(?:s|ed|ing|ings|ers?)?|mak(?:e|es|ing)|salar(?:y"
    r"|ies)|annual(?:ly)?|yearly|a|per|year|annum|of|with|is|are|the|bring(?:s|ing)?|in"
    r"|home|hhi|range|bracket|combined|total|gross)",
    "worth": r"(?:net|worth|house ?holds?|assets?|of|with|is|are|the|in|total|wealth)",
    "credit": r"(?:credit|scores?|ratings?|of|with|is|are|the|fico|range)",
    "children": r"(?:kids?|child(?:ren)?|of|with|have|has|having|parents?|famil(?:y|ies)|at|home|in"
    r"|the|house(?:hold)?|young|small|little|raising|got|or|more)",
    "adults": r"(?:adults?|of|with|have|has|house ?holds?|in|the|home|living|live)",
    "hours": r"(?:hours?|hrs?|work(?:s|ing)?|a|per|week|weekly|of|the)",
    "spend": r"(?:spen[dt](?:s|ing|ers?)?|on|apparel|clothes|clothing|fashion|dollars?|usd|of|the"
    r"|total|a|year|in|have|has|who|have)",
}
