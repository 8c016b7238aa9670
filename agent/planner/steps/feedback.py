"""What do people say of the answers?"""

import re

from agent.planner.reading.identifiers import cluster_keys
from agent.planner.turn import Arguments, Draft, Turn

_KINDS: list[tuple[str, re.Pattern[str]]] = [
    ("bad_score", re.compile(r"\bscor(?:e|es|ed|ing)\b|\b(?:fit|tier|grade|ranking)\b(?! (?:in|for))", re.I)),
    (
        "stale_data",
        re.compile(
            r"\b(?:out[- ]of[- ]date|out-?dated|stale|years? (?:out|old|ago|behind)|no longer|is old"
            r"|moved(?: (?:away|out|house))?|used to|obsolete|old (?:address|data|email|number"
            r"|job)|expired|not (?:current|up to date)|(?:died|dead|deceased"
            r"|passed away)(?! wrong)|hasn't (?:lived|worked)|since (?:19|20)\d\d|changed jobs"
            r"|months old|anymore|any more)\b",
            re.I,
        ),
    ),
    (
        "wrong_match",
        re.compile(
            r"\b(?:mis-?match\w*|(?:wrong|bad|false|incorrect|poor)(?:ly)? (?:match\w*|person"
            r"|people|identity|individual|human|guy|customer)|match(?:ed|es"
            r"|ing)?\b[^.]{0,50}\b(?:wrong(?:ly)?|incorrect(?:ly)?|bad(?:ly)?|false|off|not right"
            r"|mistake\w*)|wrong(?:ly)? match\w*|(?:not|isn't) (?:the (?:right|same) (?:person"
            r"|one)|our customer|my customer|who)|somebody else|someone else|different person"
            r"|two (?:different )?people|false (?:positive|match)|matched? (?:to|with) the wrong"
            r"|not him|not her|mixed up|confus\w+)\b",
            re.I,
        ),
    ),
    ("bad_segment", re.compile(r"\bsegments?\b|\bgroups?\b", re.I)),
    (
        "missing_data",
        re.compile(
            r"\b(?:missing|lacks?|lacking|absent|blank|empty|incomplete|has no|have no"
            r"|no (?:email|phone|address|income|data|number|age|interests)|not there|isn't there"
            r"|nothing (?:for|on|about)|don't have|doesn't have|without an?|gaps?)\b",
            re.I,
        ),
    ),
    (
        "wrong_attribute",
        re.compile(
            r"\b(?:wrong|incorrect|not (?:right|true|correct|accurate|a)|isn't|aren't|inaccurate"
            r"|mistake\w*|false|off|error|listed as|marked as|says|shown as|doesn't|does not"
            r"|never|bogus|fix|correct)\b",
            re.I,
        ),
    ),
]


_PRAISE = re.compile(
    r"^\W*(?:nice|good|great|excellent|amazing|fantastic|brilliant|well done|love|awesome|perfect|super)\b",
    re.I,
)


def submit_feedback(turn: Turn) -> Draft:
    """Keep what somebody says of an answer."""
    message = turn.message.original.strip()
    arguments: Arguments = {"kind": _kind_of(turn), "message": message[:4_000]}
    ids = turn.person_ids or [
        int(number) for number in re.findall(r"(?<![\w.,%])(\d{2,12})(?=\s(?:is|was|has|are))", turn.text)
    ]
    if ids and arguments["kind"] != "bad_segment":
        arguments["person_id"] = ids[0]
    keys = cluster_keys(turn.found, turn.text)
    if keys:
        arguments["cluster"] = keys[0].value
    return Draft("submit_feedback", arguments)


def _kind_of(turn: Turn) -> str:
    text = turn.text
    if _PRAISE.search(text):
        return "other"
    if cluster_keys(turn.found, text) and not turn.person_ids:
        return "other"
    of_segment = re.search(r"\bsegments?\b", text, re.I)
    for kind, pattern in _KINDS:
        if kind == "wrong_attribute" and not (
            turn.person_ids
            or re.search(
                r"\b(?:attribute|trait|income|age|address|email|phone|job|gender|household|person|he"
                r"|she|they|homeowner|married|kids|interests?)\b",
                text,
                re.I,
            )
        ):
            continue
        if of_segment and kind in ("stale_data", "wrong_match", "missing_data"):
            continue
        if pattern.search(text):
            return kind
    return "other"
