"""Which companies does a profile describe that is written by hand?"""

import re
from typing import Any

from store.identifiers.postal.words import STATES

_COUNTRIES = (
    "united states(?: of america)?|usa|u\\.?s\\.?a?\\.?|america|canada|mexico"
    "|united kingdom|u\\.?k\\.?|great britain|britain|england|scotland|wales|ireland"
    "|germany|france|spain|portugal|italy|austria|switzerland|the netherlands"
    "|netherlands|holland|belgium|luxembourg|denmark|sweden|norway|finland|iceland"
    "|poland|czech republic|czechia|slovakia|hungary|romania|bulgaria|greece|turkey"
    "|ukraine|croatia|slovenia|serbia|estonia|latvia|lithuania|malta|cyprus|israel|uae"
    "|united arab emirates|saudi arabia|qatar|kuwait|egypt|morocco|tunisia|nigeria|kenya"
    "|ghana|south africa|india|pakistan|bangladesh|sri lanka|china|hong kong|taiwan"
    "|japan|south korea|korea|singapore|malaysia|indonesia|thailand|vietnam|philippines"
    "|australia|new zealand|brazil|argentina|chile|colombia|peru|uruguay|ecuador"
    "|costa rica|panama|"
    "europe|european union|eu|emea|dach|benelux|nordics?|the nordics|scandinavia|baltics"
    "|apac|asia|asia[- ]pacific|anz|latam|latin america|north america|south america"
    "|middle east|mena|gcc|africa|oceania|worldwide|global(?:ly)?|western europe"
    "|eastern europe|southern europe|northern europe|central europe|"
    "california|texas|new york|florida|illinois|ohio|georgia|massachusetts|washington"
    "|colorado|arizona|oregon|new england|midwest|west coast|east coast|bavaria|london"
    "|berlin|paris|ontario|quebec|queensland|new south wales"
)
_STATES = "|".join(sorted((" ".join(words).lower() for words in STATES if len(words[0]) > 3), key=len)[::-1])
_GEO = re.compile(rf"(?<![\w])(?:the )?(?P<place>{_STATES}|{_COUNTRIES})(?![\w])", re.I)
_PEOPLE = (
    r"(?:employees|staff(?: members)?|people|workers|headcount|fte'?s?|seats|lawyers"
    r"|doctors|developers|engineers|heads|beds|agents|stores|locations|team members|reps)"
)
_SIZE = re.compile(
    rf"\b(?:(?:more|fewer|less) than |over |under |above |below |up to |at least |at most "
    rf"|between )?(?<![\d,.])\d[\d,.]{{0,12}}k?\s?(?:(?:-|to"
    rf"|and)\s?\d[\d,.]{{0,12}}k?)?\s?\+?(?: or (?:more|fewer|less))? {_PEOPLE}\b"
    rf"|\b(?:company |team )?size:?\s?(?:of |is |from "
    rf"|between )?(?P<bare>\d[\d,.]{{0,12}}k?\s?(?:-|to|and)\s?\d[\d,.]{{0,12}}k?"
    rf"|\d[\d,.]{{0,12}}\+?)(?: {_PEOPLE})?\b"
    rf"|\b{_PEOPLE}:?\s(?P<after>\d[\d,.]{{0,12}}\s?(?:-|to)\s?\d[\d,.]{{0,12}})\b",
    re.I,
)
_LIST = (
    r"(?P<what>[^,.;:!?]{2,60}(?:(?:,\s?|\s(?:and|or|&)\s)(?!(?:not|no|except|exclud\w*|avoid\w*|never|without|skip|in|with"
    r"|size|geography|industr|buyers?|roles?|based)\b)[^,.;:!?]{2,40}?)*?)"
)
_STOP = (
    r"(?=\s?(?:[.;:!?]|,\s?(?:not|no|except|exclud\w*|in|with|size|geo|industr|but"
    r"|signals?|roles?|name|call|and not|never|\d|buyers?|disqualif|avoid|ideally)"
    r"|\sbut\s|\swith\s\d|\snot\s|\sin the\s|$))"
)
_NOT = re.compile(
    rf"(?:,|;|\bbut|\band|\.)?\s?\b(?:not(?! only)|no|except(?: for)?|exclud(?:e|es|ing)"
    rf"|never|disqualif(?:y|iers?|ied)(?: are| is)?:?|avoid(?:ing)?|without|other than"
    rf"|minus|skip(?:ping)?|rul(?:e|ing) out|but not)\s(?:any |the |for )?{_LIST}{_STOP}",
    re.I,
)
_ROLES = [
    re.compile(
        rf"\b(?:(?:the |our |typical |usual |main |key ){{0,4}}(?:buyers?|buying (?:role"
        rf"|persona|center|centre)s?|decision[- ]?makers?|champions?|personas?|contacts?"
        rf"|buyer persona|roles?|titles?|economic buyers?)(?: (?:is|are|would be|will be"
        rf"|should be|being|tend to be|usually|include)(?: (?:the|usually|mostly|typically))?"
        rf"|:)?)\s(?:is |are )?(?:the )?{_LIST}{_STOP}",
        re.I,
    ),
    re.compile(
        r"(?:^|[,;.:]|\bwhere|\band)\s?(?:the )?(?P<what>[\w /&-]{3,50}?) (?:decides?|buys?"
        r"|signs?(?: off)?|make the decisions?|makes the (?:call|decision)|make the call"
        r"|hold the budget|holds the budget|are the buyers|call the shots|(?:is"
        r"|are) in charge|choose|purchase)\b",
        re.I,
    ),
    re.compile(
        rf"\b(?:we )?(?:sell|selling|pitch|talk|speak"
        rf"|market)(?:ing)? to (?:the )?{_LIST}{_STOP}(?<!\bcompanies)",
        re.I,
    ),
    re.compile(rf"\btargeting (?:the )?{_LIST}{_STOP}", re.I),
]
_TITLE = re.compile(
    r"\b(?:c[a-z]{1,2}os?|vps?|svps?|evps?|heads?|directors?|managers?|owners?|founders?"
    r"|presidents?|chiefs?|leads?|partners?|officers?|executives?|procurement|principals?"
    r"|buyers?|admins?|engineers?|supervisors?|coordinators?|controllers?|gms?|hr|it"
    r"|marketers?|sales|ops|operations|specialists?|dentists?|architects?|planners?)\b",
    re.I,
)
_SIGNALS = re.compile(
    rf"\b(?:signals?(?: (?:are|is|include))?:?|(?:that|who) (?:are|have) (?=hiring"
    rf"|recently|just|raised)|(?=recently (?:raised|funded|hired|moved|opened|launched))"
    rf"|(?=(?:currently |actively )?hiring\b)|(?=using (?-i:[A-Z])))\s?{_LIST}{_STOP}",
    re.I,
)
_INDUSTRY = re.compile(rf"\bindustr(?:y|ies)(?: (?:is|are))?:?\s(?:the )?{_LIST}{_STOP}", re.I)
_LEAD = re.compile(
    r"^.*?(?:\b(?:profiles?|icps?|ideal (?:customer|client|buyer)s?(?: profile)?"
    r"|persona)\b(?: (?:profile|icp))?(?: (?:by hand|manually|from scratch))?(?: (?:for"
    r"|of|is|are|covering|that covers|targeting|aimed at|:|would be|should be|describing"
    r"|made of))?|:)\s*(?:-\s)?",
    re.I | re.S,
)
_TAIL = re.compile(r"\b(?:compan(?:y|ies)|business(?:es)?|sector|industry|industries|space)\b\s*$", re.I)
_JUNK = re.compile(
    r"\b(?:with|in|based in|located in|from|across|that|which|who|and|or|of|between"
    r"|having|the|a|an|for|by hand|please|pls|save (?:that|it|this)|make that (?:an icp"
    r"|a profile)|new|is|are|our|we|to|mostly|mainly|ideally|size|geography|geo|regions?"
    r"|markets?|location|countries|roles?|employing|operating|selling|sell|serve"
    r"|work with|want|target(?:ing)?|at|buyers?|buying)\b",
    re.I,
)


_LABEL = re.compile(
    r"\b(?:roles?|titles?|buyers?|size|industr(?:y|ies)|geo\w*|signals?|not|disqualifiers?)\s*$", re.I
)


def by_hand(text: str) -> dict[str, Any]:
    """The fields of a profile that the words describe; nothing where they describe no companies."""
    before, colon, after = text.partition(":")
    if _LABEL.search(before):
        colon = ""
    lead = None if colon else _LEAD.search(text)
    rest = after if colon else text[lead.end() :] if lead else text
    found: dict[str, Any] = {}
    rest = _take_size(rest, found)
    rest = _take_roles(rest, found)
    rest = _take_list(rest, _NOT, "disqualifiers", found)
    rest = _take_list(rest.strip(" ,"), _SIGNALS, "signals", found)
    rest = _take_list(rest, _INDUSTRY, "industries", found)
    rest = _take_geography(rest, found)
    named = bool(
        colon or found or _COMPANIES.search(rest) or re.search(r"\bfor\b", lead[0] if lead else "", re.I)
    )
    if "industries" not in found and named and (industries := _industries(rest)):
        roles = [each for each in industries if _IS_TITLE.search(each)]
        if roles and "roles" not in found and len(roles) < len(industries):
            found["roles"] = roles
            industries = [each for each in industries if each not in roles]
        found["industries"] = industries
    if not found.get("industries") and set(found) <= {"disqualifiers", "signals"}:
        return {}
    order = ("industries", "company_size", "geography", "roles", "signals", "disqualifiers")
    return {name: found[name] for name in order if name in found}


_IS_TITLE = re.compile(
    r"\b(?:c[a-z]{1,2}os?|vps?|(?:heads?|vps?|directors?) of .+|directors?|managers?|owners?"
    r"|founders?|presidents?|officers?|partners|leads)\s*$",
    re.I,
)
_COMPANIES = re.compile(
    r"\b(?:companies|firms|businesses|brands|agencies|retailers|manufacturers|startups"
    r"|organi[sz]ations|clinics|shops|chains|stores|restaurants|hotels|hospitals|schools"
    r"|banks|saas)\b",
    re.I,
)


def _take_size(text: str, found: dict[str, Any]) -> str:
    match = _SIZE.search(text)
    if match is None:
        return text
    said = match["bare"] or match["after"] or match[0]
    found["company_size"] = (
        re.sub(r"^between ", "", said.strip(), flags=re.I).replace(" and ", "-")
        if said.lower().startswith("between")
        else said.strip()
    )
    return f"{text[: match.start()]} , {text[match.end() :]}"


def _take_roles(text: str, found: dict[str, Any]) -> str:
    for pattern in _ROLES:
        for match in pattern.finditer(text):
            if not _TITLE.search(match["what"]):
                continue
            found["roles"] = _several(match["what"])
            return f"{text[: match.start()]} , {text[match.end() :]}"
    return text


def _take_list(text: str, pattern: re.Pattern[str], name: str, found: dict[str, Any]) -> str:
    for match in pattern.finditer(text):
        if values := _several(match["what"]):
            found[name] = values
            return f"{text[: match.start()]} , {text[match.end() :]}"
    return text


def _take_geography(text: str, found: dict[str, Any]) -> str:
    places = [
        match
        for match in _GEO.finditer(text)
        if not (
            match["place"] in ("us", "america's", "turkey", "eu")
            and match["place"].islower()
            and match["place"] == "us"
            and not re.search(r"\b(?:in|the)\s(?:the\s)?$", text[: match.start("place")])
        )
    ]
    if places:
        found["geography"] = [match["place"].removeprefix("the ") for match in places]
        for match in reversed(places):
            text = f"{text[: match.start()]} , {text[match.end() :]}"
    return text


def _several(text: str) -> list[str]:
    parts = re.split(r"\s*(?:,|;|\band\b|\bor\b|&|/)\s*", text)
    cleaned = [
        re.sub(
            r"^(?:the|a|an|any|our|their|also|usually|mostly|typically|are|is)\s+",
            "",
            part.strip(" .:-'\""),
            flags=re.I,
        )
        for part in parts
    ]
    return [part for part in cleaned if part]


def _industries(text: str) -> list[str]:
    found: list[str] = []
    for piece in re.split(
        r"[,;.:!?]|\b(?:with|in|based|located|from|across|that|which|who|between|having"
        r"|ideally|named|please)\b",
        text,
    ):
        for part in re.split(r"\b(?:and|or|&)\b", piece):
            words = _TAIL.sub("", part.strip(" -'\"")).strip()
            words = re.sub(
                r"^(?:the|a|an|for|new|our|of|to|is|are|we|sell|serve|target|we sell to|companies in)\s+",
                "",
                words,
                flags=re.I,
            )
            words = re.sub(
                r"^(?:(?:we|to|want|like|would|also) )*(?:go after|target|serve"
                r"|sell(?:ing)? to|work with|focus on|looking for)\s+",
                "",
                words,
                flags=re.I,
            )
            if words and _JUNK.sub("", words).strip() and words not in found:
                found.append(words)
    return found
