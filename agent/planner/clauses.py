"""Into how many requests does a message fall?"""

import re

_VERBS = (
    "analy[sz]e|analy[sz]ing|build|make|create|generate|export|send|score|save|store"
    "|share|unshare|clone|copy|duplicate|schedule|set up|show|give|tell|explain|find"
    "|count|compare"
    "|resolve|match|identify|enrich|run|list|get|target|pull|draft|turn|keep|restore"
    "|rank|grade|put|produce|prepare|turn|use|define|describe|pause|stop|brief|look up"
    "|lookup|report|roll|revert|check|profile|do|fetch|add|select|see|let me know|let"
    "|i(?:'d| would)? (?:want|need|like)|can you|could you|please|what|how many|how big"
    "|how (?:sure|confident|certain|reliable)|which|who|why|where|lookalikes?|an audience"
    "|build me|(?:the )?top \\d"
)
# Between two requests: a full stop, `then`, or a joint before a word that asks for something.
_JOINT = re.compile(
    rf"(?:\s*(?:(?<!\bno)(?<!\d)[.;!?]+|,)\s*|\s+)(?:(?:and|&|\+|plus|,)\s+)?(?:(?:then"
    rf"|after that|afterwards|next|finally|also|once (?:done|that's done|you're done"
    rf"|ready)|when (?:done|you're done|that's done|ready)|subsequently|from there"
    rf"|second(?:ly)?|third(?:ly)?|lastly)\b[,:]?\s+(?:(?:also|please|pls|i'd like to"
    rf"|i want to|we need to|can you|could you|go ahead and)\s+)*)(?=\S)"
    rf"|(?:\s*[.;!?]+\s+|\s*,\s*(?:and|&)\s+|\s+(?:and|&|\+|plus)\s+(?:also\s+|please\s+"
    rf"|then\s+|to\s+)*|\s*,\s+)(?=(?:{_VERBS})\b)",
    re.I,
)
MOST = 8
_ENUMERATED = re.compile(
    r"^(?:please |pls |can you |could you |i need you to )?(?:do )?(?:(?:these "
    r"|the following )?(?:two|three|four|five|2|3|4|5|a couple of|a few) (?:things|steps"
    r"|tasks|jobs))\s?[:,.-]\s*",
    re.I,
)


def clauses(text: str) -> list[str]:
    """The stretches of a message that may each ask for something, in order; together they are all of it."""
    text = _ENUMERATED.sub("", text)
    found: list[str] = []
    place = 0
    for match in _JOINT.finditer(text):
        if len(found) + 1 >= MOST:
            break
        if match.start() > place:
            found.append(text[place : match.start()])
            place = match.start()
    found.append(text[place:])
    return [each for each in found if re.search(r"\w|[\ue000-\uefff]", each)]
