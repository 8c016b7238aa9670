"""Which states of the United States are spoken of?"""

import re
from functools import cache

from agent.planner.reading.word_lists import word_list
from store.identifiers.postal.words import STATES

_DEMONYMS = {
    "alabamians?": "AL",
    "alaskans?": "AK",
    "arizonans?": "AZ",
    "arkansans?": "AR",
    "californians?": "CA",
    "coloradans?": "CO",
    "delawareans?": "DE",
    "floridians?": "FL",
    "georgians?": "GA",
    "hawaiians?": "HI",
    "idahoans?": "ID",
    "illinoisans?": "IL",
    "hoosiers?|indianans?": "IN",
    "iowans?": "IA",
    "kansans?": "KS",
    "kentuckians?": "KY",
    "louisianans?": "LA",
    "mainers?": "ME",
    "marylanders?": "MD",
    "michiganders?": "MI",
    "minnesotans?": "MN",
    "mississippians?": "MS",
    "missourians?": "MO",
    "montanans?": "MT",
    "nebraskans?": "NE",
    "nevadans?": "NV",
    "new jerseyans?": "NJ",
    "new mexicans?": "NM",
    "new yorkers?": "NY",
    "north carolinians?": "NC",
    "ohioans?": "OH",
    "oklahomans?": "OK",
    "oregonians?": "OR",
    "pennsylvanians?": "PA",
    "rhode islanders?": "RI",
    "south carolinians?": "SC",
    "tennesseans?": "TN",
    "texans?": "TX",
    "utahns?|utahans?": "UT",
    "vermonters?": "VT",
    "virginians?": "VA",
    "washingtonians?": "WA",
    "west virginians?": "WV",
    "wisconsinites?": "WI",
    "wyomingites?": "WY",
    "bay staters?": "MA",
    "cali": "CA",
}
_REGIONS = {
    "new england": "CT ME MA NH RI VT",
    "(?:the )?mid-?west": "IL IN IA KS MI MN MO NE ND OH SD WI",
    "(?:the )?pacific north-?west": "OR WA",
    "(?:the )?west coast": "CA OR WA",
    "(?:the )?carolinas": "NC SC",
    "(?:the )?dakotas": "ND SD",
    "(?:the )?north-?east": "CT ME MA NH NJ NY PA RI VT",
    "(?:the )?tri-?state(?: area)?": "NY NJ CT",
}
_CODE_WORDS = word_list("state_code_words")


_HALVES = re.compile(
    r"\b(?P<one>north|south|west) (?P<joint>or|and|&) (?P<other>north |south )?"
    r"(?P<name>carolina|dakota|virginia)\b",
    re.I,
)


def written_in_full(text: str) -> str:
    """The text with `North or South Carolina` as two states with their whole names."""
    return _HALVES.sub(lambda m: f"{m['one']} {m['name']} {m['joint']} {m['other'] or ''}{m['name']}", text)


@cache
def _names() -> re.Pattern[str]:
    full = sorted((" ".join(words) for words in STATES if len(" ".join(words)) > 3), key=len, reverse=True)
    codes = sorted({code for code in STATES.values() if len(code) == 2})
    plain = "|".join(code for code in codes if code.lower() not in _CODE_WORDS)
    announced = "|".join(codes)
    parts = [
        rf"(?P<name>{'|'.join(re.escape(name) for name in full)})(?: state)?",
        rf"(?P<demonym>{'|'.join(_DEMONYMS)})",
        rf"(?P<region>{'|'.join(_REGIONS)})",
        rf"(?-i:(?P<code>{plain}))",
        rf"(?<=\bin )(?-i:(?P<announced>{announced}))",
        rf"(?<=\bin )(?P<lower>{plain.lower()})",
    ]
    return re.compile(rf"\b(?:the )?(?:state of )?(?:{'|'.join(parts)})\b(?!['-]\w|_)", re.IGNORECASE)


def states_in(text: str) -> list[tuple[list[str], int, int]]:
    """Codes of the states that some words name, and where these stand."""
    found = []
    for match in _names().finditer(text):
        codes = _codes(match)
        if codes and codes[0] in _FIFTY:
            found.append((codes, *match.span()))
    return found


def _codes(match: re.Match[str]) -> list[str]:
    if match["name"]:
        return [STATES[tuple(match["name"].upper().split())]]
    if match["demonym"]:
        return [code for words, code in _DEMONYMS.items() if re.fullmatch(words, match["demonym"], re.I)]
    if match["region"]:
        return next(
            codes.split() for words, codes in _REGIONS.items() if re.fullmatch(words, match["region"], re.I)
        )
    return [(match["code"] or match["announced"] or match["lower"]).upper()]


# Fifty, and the capital; the post has codes for more.
_FIFTY = frozenset(
    re.findall(
        r"\w+",
        "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM "
        "NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY",
    )
)
