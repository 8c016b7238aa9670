"""What is to be explained, what help is wanted, and what do people say of the answers?"""

import re

from agent.planner.turn import Arguments, Draft, Turn

_FIGURE = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?\s?(?:%|percent|x\b|k\b)?)(?![\w])", re.I)
_PRIVACY = re.compile(
    r"\b(?:privacy|private|gdpr|ccpa|dsgvo|legal(?:ly)?|lawful(?:ly)?"
    r"|complian(?:t|ce)|pii|personal (?:data|information|details)"
    r"|data protection|anonym\w+|confidential\w*|secure|safe(?:ly)?|security)\b"
    r"|\bdo you (?:\w+ )?(?:keep|store|save|share|sell|send|see|read|collect|retain"
    r"|hold on to)\b|\bwho (?:can |else )*(?:sees?|has access|access)\b"
    r"|\b(?:left|leav(?:e|es|ing)) (?:the |our |this |my )?"
    r"(?:house|building|machine|premises|server|network)\b"
    r"|\bwhat happens (?:to|with)\b|\bdata\b[^.]{0,30}\b(?:stored|kept|deleted|shared"
    r"|leave|leaves|sold)\b|\b(?:where|how long)\b[^.]{0,30}\b(?:data|emails?|addresses"
    r"|files?|uploads?|customers)\b[^.]{0,20}\b(?:stored|kept|go|goes|stay|stays|live"
    r"|lives|retained)\b|\b(?:see|send|sent|sees) (?:to )?(?:the )?(?:model|ai|llm|openai"
    r"|third part)",
    re.I,
)
_CONFIDENCE = re.compile(
    r"\bhow (?:sure|confident|certain|reliable|accurate|trustworthy|solid|robust"
    r"|significant|safe is (?:that|this) (?:claim|finding))\b|\b(?:can|should|could) (?:i"
    r"|we) (?:really )?(?:trust|rely|believe|bank|count)\b"
    r"|\b(?:statistically )?significant\b(?! (?:mean|other))|\bare you (?:sure|certain"
    r"|confident)\b|\bwhy should i believe\b|\b(?:could|might) (?:this|that"
    r"|it) be (?:chance|luck|random|noise|a coincidence)\b|\bjust (?:chance|luck|noise)\b"
    r"|\bhow much (?:can|should) (?:i|we) trust\b|\bmargin of error\b|\bevidence\b"
    r"|\b(?:is|are)\b[^.]{0,30}\b(?:reliable|trustworthy|accurate|robust|solid"
    r"|(?:statistically )?significant)\b",
    re.I,
)
_WHERE = re.compile(
    r"\bwhere (?:do|does|did|are|is)\b|\bhow (?:did|do|was|were|is"
    r"|are)\b[^?]{0,40}\b(?:calculat|comput|work|come up|arriv|got|get|measur|deriv"
    r"|estimat)\w*|\bcomes? from\b|\bbased on\b|\bexplain (?:this|that|the) (?:figure"
    r"|number|result|score)\b|\bwhat(?:'s| is) behind the\b",
    re.I,
)
_TERM = [
    re.compile(
        r"\bhow (?:does|do|is) (?:the )?(?P<what>[\w -]{3,30}?) (?:works?|done"
        r"|calculated|computed|measured)\b",
        re.I,
    ),
    re.compile(
        r"\bwhat (?:does|do|did) (?:(?:you|they|it|we) mean (?:by|with)|the (?:term|word)|an?"
        r"|the)?\s?(?P<what>.+?)(?: (?:actually|really|even|exactly))? (?:mean|stand for"
        r"|refer to|imply|tell (?:me|us))\b",
        re.I,
    ),
    re.compile(r"\bwhat (?:do|did) you mean (?:by|with|when you say) (?P<what>.+)", re.I),
    re.compile(r"\bwhat(?:'s| is| are)? meant by (?P<what>.+)", re.I),
    re.compile(r"\bwhat (?:an? |the )?(?P<what>[\w -]{2,40}?) (?:means?|is|are|stands? for)\W*$", re.I),
    re.compile(r"\b(?:the )?(?:meaning|definition) of (?P<what>.+)", re.I),
    re.compile(
        r"\b(?:define|explain|clarify|describe)(?: to me| me| us)?(?: (?:what"
        r"|how))?\s(?P<what>.+?)(?: (?:is|are|means?|works?))?(?: to (?:me|us|my|a|the)\b.*"
        r"| in (?:plain|simple|layman)\b.*| like i'm.*|,? please.*|,? pls.*|,? again.*| again"
        r"|for me.*|$)",
        re.I,
    ),
    re.compile(r"\bwhat(?:'s| is| are|'re| was) (?:meant by |exactly )?(?:an? |the )?(?P<what>.+)", re.I),
    re.compile(
        r"\b(?P<what>[\w -]{2,40}?)(?: -|,|:)? what(?:'s| is| does) (?:that|this"
        r"|it)(?: mean)?\b",
        re.I,
    ),
]
_DIFFERENCE = re.compile(
    r"\b(?:difference|distinction|differ(?:s|ence)?)\b(?: between)?(?: an?"
    r"| the)? ?(?P<what>.*)|\bhow (?:is|are|does|do) (?P<one>.+?) (?:different"
    r"|differ) from (?P<other>.+)",
    re.I,
)
_TRAIT = [
    re.compile(
        r"\bwhy (?:was|were|is|are|did you (?:pick|choose|select|include|use)|do you (?:pick"
        r"|choose|use|show)|have you (?:picked|chosen)|pick|choose)\s(?:the |this "
        r"|that )?(?P<what>.+?)(?: (?:clusters?|traits?|attributes?))?(?: (?:was|were|is|are"
        r"|got|been|being))?(?: (?:chosen|picked|selected|included|in there|in the (?:profile"
        r"|list|audience|results?)|a trait|part of|listed|so (?:strong|important|high)|there"
        r"|used|on the list|important|relevant|shown|in it|mentioned|first|on top"
        r"|at the top))?\b(?: of .*| in .*| for .*| as .*)?$",
        re.I,
    ),
    re.compile(
        r"\bwhy (?:does|do|did|is|are|was|would) (?:the |being "
        r"|having )?(?P<what>.+?) (?:matter|count|important|relevant|come up|show up|appear"
        r"|rank|score|stand out|a trait|in (?:here|there|it|the (?:list|profile|results?"
        r"|audience|analysis))|so (?:strong|high|important|big)|on (?:the list|top))\b.*$",
        re.I,
    ),
    re.compile(r"\bwhy (?P<what>.+)$", re.I),
]
_FEW = 4  # words that alone are a term asked about: `match quality?`
_ARTICLES = re.compile(
    r"^(?:(?:the|a|an|this|that|these|those|my|our|your|term|word|what|is|by|of|about"
    r"|how)\s+)+",
    re.I,
)
_ENDS = re.compile(
    r"(?:\s*(?:[?.!,;:\"']+|\b(?:please|pls|here|exactly|actually|then|again|to me|mean"
    r"|means|score again|thanks|thank you|in this|in that|anyway|in here"
    r"|like i'm .*|for me|in plain english|in simple terms|in this context"
    r"|to a (?:marketer|beginner))\b))+\s*$",
    re.I,
)


def explain(turn: Turn) -> Draft:
    """Explain a figure, a term, a segment, a trait, an audience, or how sure the findings are."""
    about, subject = _explained(turn)
    arguments: Arguments = {"about": about}
    if subject:
        arguments["subject"] = turn.shown(subject)[:300]
    return Draft("explain", arguments)


def _explained(turn: Turn) -> tuple[str, str | None]:
    """What is to be explained, and the words for it; the first reading that fits."""
    text = turn.text.strip(" ?.!,;:")
    segment = _segment_words(turn)
    for reading in (_difference, _sureness, _meaning):
        if (found := reading(text, segment)) is not None:
            return found
    if segment:
        return "segment", segment
    if _PRIVACY.search(text):
        return "privacy", None
    if _of_audience(text):
        return "audience", None
    return _figure(text) or _trait(text)


def _difference(text: str, _: str | None) -> tuple[str, str | None] | None:
    if (match := _DIFFERENCE.search(text)) and not re.search(r"\banalys[ei]s\b", text, re.I):
        return "difference", clean(match["what"] or f"{match['one']} and {match['other']}")
    if re.search(r"\bexplain\b.*\b(?:vs\.?|versus)\b", text, re.I):
        return "difference", _term(text)
    return None


def _sureness(text: str, segment: str | None) -> tuple[str, str | None] | None:
    if not _CONFIDENCE.search(text) or re.search(r"\bmeans?\b|\bdefin|\bdata\b", text, re.I):
        return None
    figure = _FIGURE.search(re.sub(r"\bsegment \d+", "", text))
    return "confidence", segment or (figure[1].strip() if figure else None)


def _meaning(text: str, _: str | None) -> tuple[str, str | None] | None:
    term = _term(text) if _is_term(text) else None
    return ("term", term) if term else None


def _figure(text: str) -> tuple[str, str | None] | None:
    figure = _FIGURE.search(text)
    asked = r"\bwhy\b|\bexplain\b|\bwhat(?:'s| is)\b|\bhow come\b"
    if figure and (_WHERE.search(text) or re.search(asked, text, re.I)):
        return "figure", figure[1].strip()
    if _WHERE.search(text) or re.search(r"\b(?:number|figure|percentage|result|value)s?\b", text, re.I):
        return "figure", _figure_words(text)
    return None


def _trait(text: str) -> tuple[str, str | None]:
    if re.search(r"\bsegments?\b", text, re.I):
        return "segment", None
    for pattern in _TRAIT:
        if (match := pattern.search(text)) and (what := clean(match["what"])):
            return "trait", what
    term = _term(text) or (clean(text) if len(text.split()) < _FEW else None)
    return ("term", term) if term and term != "explain" else ("confidence", None)


def _of_audience(text: str) -> bool:
    return bool(re.search(r"\baudience\b", text, re.I)) and bool(
        re.search(
            r"\bwhy\b|\bhow come\b|\bso (?:small|big|large|few|many)\b|\bexplain\b|\bhow (?:did"
            r"|was|were)\b",
            text,
            re.I,
        )
    )


def _figure_words(text: str) -> str | None:
    match = re.search(
        r"\b(?:the )?(?P<what>(?:fit |match |lead )?(?:score|rate|lift|size|total|share"
        r"|percentage|baseline|base rate|quality|recall|q-?value|interval)s?)\b",
        text,
        re.I,
    )
    return match["what"].lower() if match else None


def _segment_words(turn: Turn) -> str | None:
    """The segment as it was said: `segment 2`, or its name."""
    lowered = turn.text.lower()
    for name in turn.state.segments:
        if name.lower() in lowered:
            return name
    match = re.search(
        r"\b(?:segment (?:no\.? ?|number |#)?\w{1,6}|(?:first|second|third|fourth|fifth|last"
        r"|1st|2nd|3rd|4th) segment)\b",
        turn.text,
        re.I,
    )
    if match and re.search(
        r"\d|first|second|third|fourth|fifth|last|\b(?:one|two|three|four|five|six)\b", match[0], re.I
    ):
        return match[0]
    return None


def _is_term(text: str) -> bool:
    return bool(
        re.search(
            r"\bunderstand \"|\bhow (?:does|do) [\w -]{3,30} works?\b|\bmean(?:s|ing|t)?\b|\bdefin\w+\b"
            r"|\bstands? for\b|\bexplain\b|^(?:so |and |ok "
            r"|hey )?what(?:'s| is| are)\b",
            text,
            re.I,
        )
    ) and not re.search(
        r"\bsegment (?:\d|one|two|three)|\bwhere\b|\bwhy\b|\bhow (?:sure|did|was)\b|\bgdpr\b"
        r"|\bprivacy\b|\bpersonal data\b|\bexplain (?:this|that|it|the (?:figure|number"
        r"|result|score|audience|difference))\b|\bdata do you\b|(?<!\w)\d+\.\d",
        text,
        re.I,
    )


def _term(text: str) -> str | None:
    if quoted := re.search(r'"([^"]{2,60})"', text):
        return clean(quoted[1])
    for pattern in _TERM:
        if (match := pattern.search(text)) and (what := clean(match["what"])):
            return what
    return None


def clean(text: str) -> str | None:
    """The subject without what only surrounds it."""
    text = _ENDS.sub("", text.strip(" ?.!,;:\"'"))
    text = _ARTICLES.sub("", text)
    text = re.sub(r"\s(?:is|are|means?|was)$", "", text).strip(" ?.!,;:\"'")
    return text.lower() if text and text.lower() not in ("it", "this", "that", "you", "them") else None
