"""By what are the people to be reached, in which form are they wanted, and who is left out?"""

import re

from agent.planner.reading.sentence import MARK, Sentence


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_JSONL = _any("jsonl", "nd-?json", r"json[- ]?lines?", "newline[- ]delimited json", "json per line")
_JSON = _any("json")
_CSV = _any(
    "csvs?",
    "spread ?sheets?",
    "excel",
    "xlsx?",
    "google sheets?",
    "sheets?",
    "comma[- ]separated(?: (?:file|values))?",
    r"\.csv",
    "download(?:able|ed|s|ing)?",
    r"(?<!crm )(?<!the )(?<!this )(?<!our )(?<!my )(?<!data )(?<!attached )(?<!an )export"
    r"(?:ed|ing|able)?(?! (?:from|file)\b)",
    r"(?:as|in|into|to|give me|send me|get me|want|need) a (?:data )?file",
)
_AS = (
    r"(?:(?:as|in|into|to|for|with|and|give me|make it|make that|a|an|the|it|them|output"
    r"|format(?:ted)?|file|please|that|this|everything|those|this time|instead|now) ){0,4}"
)
_AFTER = r"(?: (?:file|format|output|export|download|this time|instead|please|pls))*"


def take_format(sentence: Sentence) -> str | None:
    """The form in which a file is wanted, its words taken out."""
    for name, pattern in (("jsonl", _JSONL), ("json", _JSON), ("csv", _CSV)):
        match = pattern.search(sentence.left)
        if match:
            widened = re.compile(_AS + pattern.pattern + _AFTER, re.I).search(sentence.left)
            for found in (widened, pattern.search(sentence.left)):
                if found:
                    sentence.blank(*found.span())
            sentence.take_all(_CSV)
            return name
    return None


_KINDS: list[tuple[str, re.Pattern[str]]] = [
    (
        "address",
        _any(
            "direct[- ]mail(?:ers?|ing|ings|out|outs)?(?: (?:piece|campaign|drop|audience|list|push))?",
            "post ?cards?(?: (?:drop|campaign|mailing|mailer))?",
            "letters?(?: (?:drop|campaign))?",
            "(?:postal|snail) (?:mail(?:ing|ings)?|campaign|addresses|address|list|audience|drop)",
            "postal",
            "by post",
            "in the post",
            "the post",
            "catalog(?:ue)?s?(?: (?:mailing|drop|mailer|campaign))?",
            "flyers?",
            "leaflets?",
            "brochures?",
            "mail ?(?:shots?|outs?|ers?|drops?|pieces?)",
            "(?:home|street|mailing|physical|house) addresses",
            "addresses",
            "door[- ]?drops?",
            "by mail",
            "print(?:ed)? (?:mail(?:ing|er)?|campaign)",
            "door hangers?",
            "self[- ]mailers?",
            "mailers?",
            "letterbox(?:es)?",
            "mailbox(?:es)?",
        ),
    ),
    (
        "maid",
        _any(
            "maids?",
            "mobile (?:ad(?:vertising)?|device) ids?",
            "(?:mobile )?ad(?:vertising)? ids?",
            "device ids?",
            "in[- ]app(?: (?:ads?|advertising|campaign|audience|banners?|push))?",
            "idfas?",
            "gaids?",
            "aaids?",
            "mobile ids?",
            "mobile ads?",
            "app ads?",
            "app (?:campaign|advertising)",
            "mobile (?:app )?(?:campaign|advertising|banners?)",
            "push notifications?",
        ),
    ),
    (
        "phone",
        _any(
            "phones?(?: (?:numbers?|calls?|campaign|list|outreach|contacts?|banking|audience))?",
            "telephones?(?: (?:numbers?|list|campaign|calls?))?",
            "call(?:ing)? (?:lists?|cent(?:er|re)s?|campaign|sheet|team)",
            "cold[- ]call(?:s|ing)?",
            "sms(?: (?:campaign|blast|list|push|audience|text(?:s|ing)?|marketing))?",
            "text(?:ing)? (?:messages?|messaging|campaign|blast|list|them)",
            "texts",
            "texting",
            "telemarketing",
            "telesales",
            "tele ?sales",
            "dial(?:ler|er|ing)?(?: list)?",
            "mobile numbers?",
            "cell(?: ?phone)?s?(?: numbers?)?",
            "numbers to call",
            "(?:to|can|we(?:'ll)?|will) (?:call|ring|phone|text)(?: them)?",
            "mms",
            "whatsapp",
            "phone ?bank",
        ),
    ),
    (
        "email",
        _any(
            "e-?mails?(?: (?:campaign|addresses|address|list|newsletter|blast|audience|marketing"
            "|contacts?|send|push|drop|program(?:me)?|sequence|outreach))*",
            "news ?letters?",
            "mailing lists?",
            "inbox(?:es)?",
            "e-?blasts?",
            "e-?shots?",
            "mailchimp",
            "klaviyo",
            "hubspot email",
            "drip campaign",
        ),
    ),
]
_NOT = re.compile(
    r"\b(?:no|not|without|don't (?:need|want|include|use)|rather than|instead of"
    r"|skip(?:ping)?|never|excluding|minus|drop|forget|except)(?: (?:the|any|by|for|their"
    r"|need|want|with|via|on|use))*\s$",
    re.I,
)
_ONLY = (
    r"(?:(?:for|as|by|via|with|through|using|an?|the|our|my|their|just|only|now|so|to|use"
    r"|over|on|and|in|upcoming|next|new|monthly|weekly|spring|summer|autumn|fall|winter"
    r"|holiday) ){0,4}"
)


def take_identifier_type(sentence: Sentence) -> str | None:
    """By what the people are to be reached, its words taken out; what is not wanted does not count."""
    best: tuple[int, str] | None = None
    for name, pattern in _KINDS:
        for match in list(pattern.finditer(sentence.left)):
            negated = _NOT.search(sentence.left, max(0, match.start() - 32), match.start())
            start = negated.start() if negated else match.start()
            if not negated and (best is None or match.start() < best[0]):
                best = match.start(), name
            sentence.blank(start, match.end())
    return best[1] if best else None


CUSTOMERS = (
    r"(?:customers?|clients?|buyers?|accounts?|contacts?|subscribers|members?|users?"
    r"|patients?|donors?|patrons?|guests?|shoppers|base|file|list|crm|database"
    r"|customer base|client base)"
)
_THOSE = (
    r"(?:(?:all|any|anyone|anybody|everyone|everybody|people|the|our|my|those|of|who|that"
    r"|which|are|is|were|from|on|in|we|i|already|currently|existing|current|present|known"
    r"|own|seed|original|have|got|us|with|these|that's|actual|ones|folks|happen|to|be|as"
    r"|being) ){0,9}"
)
_EXCLUDE_CUSTOMERS = [
    re.compile(
        rf"\b(?:but |and |or )?(?:without|exclud(?:e|es|ing)|except(?: for)?|not including"
        rf"|not counting|suppress(?:ing)?|leav(?:e|ing) out|minus|omit(?:ting)?|remov(?:e|ing)"
        rf"|filter(?:ing)? out|tak(?:e|ing) out|drop(?:ping)?|skip(?:ping)?|strip(?:ping)? out"
        rf"|minus|no|not|don't include|do not include|don't count|other than|keep(?:ing)? out"
        rf"|weed(?:ing)? out|ignor(?:e|ing)|net of) {_THOSE}{CUSTOMERS}\b(?: (?:we have|i have"
        rf"|already|please|from it|from that|out|themselves|though|we already have|of ours"
        rf"|i already have))*",
        re.I,
    ),
    re.compile(
        rf"\b(?:who |that |which )?(?:aren't|are not|isn't|not|haven't been|have not been"
        rf"|never were|have never been|don't already|who've never been"
        rf"|weren't) {_THOSE}{CUSTOMERS}\b(?: already| yet| of ours)*",
        re.I,
    ),
    re.compile(
        rf"\b(?:but |and )?(?:nobody|no ?one|none|not anyone) (?:who(?:'s| is| are)|of) "
        rf"{_THOSE}(?:a )?{CUSTOMERS}\b"
        r"|\b(?:only |just )?(?:people|those|names|contacts|ones) (?:that |whom? )?"
        r"we don't (?:already )?(?:have|know)"
        r"(?: already| yet)?\b",
        re.I,
    ),
    re.compile(
        r"\b(?:only |just |all |purely |strictly )?(?:net[- ]?)?new (?:people|prospects|faces"
        r"|names|contacts|ones|customers|leads|to us|folks)(?: only)?\b|\b(?:who(?:'ve"
        r"| have)? |that |they )?(?:haven't|have not|never|don't"
        r"|have never) (?:already )?(?:bought|purchased|ordered|shopped|buy"
        r"|buying)(?: (?:from|with) us| before| yet| anything)+\b|\bnet[- ]new(?: only)?\b"
        r"|\bprospects only\b|\bexcl\.? (?:existing|current)\b|\b(?:without|exclud(?:e|ing)"
        r"|not|minus|leave out|except) (?:the )?(?:people|ones|those|anyone|names"
        r"|folks)?\s?(?:(?:that |who |whom )?(?:we|i)(?:'ve)? (?:already )?(?:have|know|got)"
        r"|(?:already |that are )?in (?:the|our|my) (?:file|list|crm|database|upload)"
        r"|who already (?:buy|bought)(?: from us)?)(?: already)?\b|\b(?:exclud(?:e|ing)"
        r"|without|minus|not) (?:them|themselves|the (?:seed|originals?|source)(?: list)?)\b",
        re.I,
    ),
]


_AND_CUSTOMERS = re.compile(
    r"\b(?:exclud(?:e|es|ing)|without|except(?: for)?|minus|leav(?:e|ing) out|skip)\b[^.,;]{2,40}?"
    r"(?P<them>,? (?:and|or) (?:our|my|existing|current)(?: existing| current)? (?:customers|clients)\b)",
    re.I,
)


def take_customers_excluded(sentence: Sentence) -> bool:
    """Whether the customers themselves are to be left out; the words are taken out."""
    if match := _AND_CUSTOMERS.search(sentence.left):
        sentence.blank(*match.span("them"))
        return True
    for pattern in _EXCLUDE_CUSTOMERS:
        if match := pattern.search(sentence.left):
            if re.search(rf"{MARK}", match[0]):
                continue
            sentence.blank(*match.span())
            return True
    return False
