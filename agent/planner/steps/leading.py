"""Which words only lead up to what is wanted?"""

import re

# What people say before the people whom they mean, and after them.
_ANYWHERE = [
    re.compile(
        r"\bhow (?:big|large|small) (?:is|are|would|was)(?: be)? (?:the|our|this"
        r"|a)? ?(?:market|group|pool|population|audience|number|crowd|base|universe)(?: (?:of"
        r"|for))?\b",
        re.I,
    ),
    re.compile(
        r"\bhow (?:many|much|big|large)(?: of (?:them|these|those|the))?(?: (?:people|persons"
        r"|folks|households|individuals|adults|consumers|customers))?(?: (?:are|is|do|does"
        r"|did|would|have|has|can) (?:there|we|you|it|the (?:pool|group|population"
        r"|number)))?(?: (?:who|that|have|hold|reach|find|got|know))*\b",
        re.I,
    ),
    re.compile(
        r"\b(?:a |the |an |rough |quick |exact |total ){0,4}(?:head ?counts?|counts?|numbers?"
        r"|sizes?|volumes?|tally|totals?|estimates?|quantity|(?:population|pool"
        r"|market)(?= of))(?: up)?(?: (?:of|for|on))?(?: (?:the )?(?:market|group|segment"
        r"|pool|population|people))?\b",
        re.I,
    ),
    re.compile(
        r"\b(?:is|are) there(?: (?:any(?:body|one)?|many|some|a lot of))?\b|\bdo(?:es)? (?:we"
        r"|you|it) (?:have|hold|know|got)\b|\bany idea\b|\bthere are\b|\bwhat(?:'s| is"
        r"| are) the\b|\b(?:we|you) (?:hold|have|got)\b(?=\W*$|\s*[?,])|\bwould we reach\b"
        r"|\bcould we reach\b|\bhave we got\b|\bdid we have\b",
        re.I,
    ),
    re.compile(
        r"\b(?:please|pls|kindly|thanks|thank you|cheers|ta|hey|hi|hello|okay|hmm+|um+|right"
        r"|now|then|first|next|finally|quick (?:one|question)|asap|today|tomorrow|tonight"
        r"|urgently|this (?:week|month|time)|next (?:week|month)|if (?:you can|possible)"
        r"|for me|for us|at (?:the )?moment|in (?:total|all|our data|the data|the database"
        r"|our database|this population|the population|here|there)|nationwide|overall|exactly"
        r"|roughly|approx(?:imately)?|as in|rather than [\w ]{1,20}|really)\b(?!-)",
        re.I,
    ),
    re.compile(
        r"\b(?:can|could|would|will|may|might|should) (?:you|we|i)(?: (?:please|kindly"
        r"|maybe))?\b|\b(?:i|we)(?:'d| would| want| need|'re| are|'ll| will|'m"
        r"| am)(?: (?:like|love|want|need|wish|looking|trying|going|hoping|planning|keen"
        r"|preparing|wanting))?(?: (?:to (?:know|see|have|find|build|create|make|get|reach"
        r"|target|count|look|contact|mail|call|email|text|send|advertise|market|promote"
        r"|go after|look at|look up|put together|understand))|for)?\b|\blet(?:'s| us"
        r"| me)\b(?: know)?",
        re.I,
    ),
]
_AT_START = re.compile(
    r"(?:^|(?<=[.,:;!?-]))[\s.,:;!?-]{0,4}(?:(?:and|so|well|ok|just|then|also|but|or"
    r"|go(?: for)?|to|for|of|maybe|with)\s){0,4}"
    r"(?:find(?: out)?|search(?: for| out)?|look(?:ing)?(?: up| for)|locate|show|give|get"
    r"|fetch|list|pull(?: up| out)?|count|tell|identify|select|pick|retrieve|return"
    r"|report|build|make|create|generate|assemble|put together|produce|compile|prepare"
    r"|set(?:ting)? up|spin up|draw up|need|want|target(?:ing)?|reach(?:ing)?(?: out to)?"
    r"|go after|advertise to|market to|promote to|mail(?: out)? to|send to|deliver|add"
    r"|start|try|grab|extract|output|go)\b(?: (?:me|us))?(?: (?:an?|the|all|some|every|up"
    r"|as|for|to))*(?![\w-])",
    re.I,
)
_NOUNS = re.compile(
    r"\b(?:custom |new |target(?:ed)? |prospect(?:ing)? |marketing |seed |niche |big "
    r"|large |small |nice |good |great |list[- ])*(?:audiences?|target (?:lists?|groups?"
    r"|segments?|market)|mailing lists?|lists?|campaigns?|prospecting|segments?|cohorts?"
    r"|ads?|adverts?|advertising|facebook|instagram|meta|google|linkedin|tiktok|snapchat"
    r"|pinterest|youtube|twitter|programmatic|upload|push|drop|launch(?:ing)?"
    r"|promo(?:tion)?s?|contacts|names|records|profiles?|of them|at (?:the )?most|at max"
    r"|max(?:imum)?|up to|around|tops|or so|roughly|capped? at|limit(?:ed)?(?: (?:it|that"
    r"|this|them))?(?: to)?|cap(?: (?:it|that))?(?: at)?|size(?:d)?|population|database"
    r"|warehouse)\b",
    re.I,
)
# `for our spring campaign`, `for the store opening in May`
_PURPOSE = re.compile(
    r"\b(?:for|in|as part of|ahead of|before) (?:an?|the|our|my|this|next|their|upcoming"
    r"|a client's)\s(?:[\w&'-]+\s){0,4}?(?:campaigns?|launch(?:es)?|promo(?:tion)?s?"
    r"|mailings?|newsletter|push|event|client|clients|store|stores|shop|opening|sale|deck"
    r"|plan|project|review|meeting|kick-?off|test|quarter|season|team|boss|brand|product|offer|offers"
    r"|presentation|pitch|report|webinar|workshop|drive|appeal|ads?|drop|mailer|blast"
    r"|send|cent(?:er|re)|program(?:me)?)\b(?: (?:next|this|in|on) (?:week|month|quarter"
    r"|spring|summer|autumn|fall|winter|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|monday|tuesday|wednesday|thursday|friday))?",
    re.I,
)
_OUR_PLACE = re.compile(
    r"\b(?:around|near|at|for|close to|by|to) (?:our|the|my|a|their) (?:new |first "
    r"|second |next |local )?(?:stores?|shops?|branch(?:es)?|locations?|offices?|venues?"
    r"|restaurants?|gyms?|clinics?|showrooms?|dealerships?|garden cent(?:er|re)s?)\b",
    re.I,
)
# Sentences that tell why, before the one that asks: they end in a full stop, or in a colon.
_STORY = re.compile(
    r"^\s*(?:(?!\b(?:how many|audience|who|find|build|create|need|make|count|target"
    r"|people|everyone)\b)[^.!?:]){2,200}[.!?:]\s",
    re.I,
)


_ASKS = re.compile(
    r"\b(?:how many|audience|who|find|build|create|need|make|count|target|people|everyone"
    r"|anyone|list|households|lookalikes?)\b",
    re.I,
)


# `we sell garden tools, …`: what the house does tells nobody apart.
_ABOUT_US = re.compile(
    r"^\W*(?:we|i|our (?:new )?(?:client|company|shop|store|brand|team)|my (?:client"
    r"|company|shop|store|brand|boss))(?:'re|'ve| are| have| is| has)? "
    r"(?:sells?|selling|makes?|making|runs?|running|offers?|launch(?:es|ing)?|owns?"
    r"|opening|starting)\b[^.!?,:;]{1,60}[.!?,:;]\s",
    re.I,
)


def _without_story(text: str) -> str:
    """The text without sentences before the request, which only tell why it is made."""
    text = _ABOUT_US.sub("", text)
    for _ in range(3):
        match = _STORY.match(text)
        if match is None:
            break
        rest = text[match.end() :]
        tells = re.search(_TRAIT_MARKS, match[0]) if match[0].rstrip().endswith(":") else None
        if tells or len(rest.split()) < 3 or not (_ASKS.search(rest) or match[0].rstrip().endswith(":")):
            break
        text = " " * match.end() + rest
    return text


_TRAIT_MARKS = re.compile(
    r"\b(?:owners?|lovers?|fans|men|women|married|aged|over|under|in (?-i:[A-Z])|with"
    r"|golf\w*|parents|retire\w+|millennials|boomers|movers)\b",
    re.I,
)


_SPACES = re.compile(r"(?<!\s)\s+")


def without_lead(text: str) -> str:
    """The text without the words that lead up to the people whom it describes."""
    text = _without_story(text)
    for pattern in (_PURPOSE, _OUR_PLACE, *_ANYWHERE, _AT_START, _NOUNS, _AT_START):
        text = pattern.sub(lambda match: re.sub(r"[^.,:;!?]", " ", match[0]), _SPACES.sub(" ", text))
    return _SPACES.sub(" ", text)
