"""At what time of the day?"""

import re

from agent.planner.reading.quantities import number_in

_TIME = re.compile(
    r"(?<![\w#.])(?P<h>[01]?\d|2[0-4])(?:\s?[:.h]\s?(?P<m>[0-5]\d))?\s?(?P<half>a\.?m\.?"
    r"|p\.?m\.?)(?![\w])|(?<![\w#.:])(?P<h2>[01]?\d"
    r"|2[0-3])\s?[:.h]\s?(?P<m2>[0-5]\d)(?![\w:.]\d|\d|%)"
    r"|\b(?:at|by|around|@|for|from)\s(?:about )?(?P<h3>[01]?\d"
    r"|2[0-3])(?:\s?o'?clock)?(?!\s?[:.%]?\d|\s?[ap]\.?m\b|\s?(?:st|nd|rd|th|days?|weeks?"
    r"|people))(?:\s(?:in the )?(?P<part>morning|afternoon|evening|night))?"
    r"|\b(?P<h4>\d{1,2}) o'?clock\b"
    r"|\b(?P<word>noon|midday|midnight|lunchtime)\b|\b(?:at |by )?(?P<rel>half past"
    r"|quarter past|quarter to|half) (?P<hw>\w+)\b|\bat (?P<spoken>one|two|three|four"
    r"|five|six|seven|eight|nine|ten|eleven"
    r"|twelve)(?: o'?clock)?(?: (?:in the )?(?P<part2>morning|afternoon|evening))?\b",
    re.I,
)


_AFTERNOON = re.compile(r"\b(?:afternoon|evening|tonight|night)\b", re.I)


def time_of(text: str) -> str | None:
    """The hour that is said, on a 24-hour clock: `09:30`."""
    for match in _TIME.finditer(text):
        if match["word"]:
            return "00:00" if match["word"].lower() == "midnight" else "12:00"
        if match["rel"]:
            if (at := _relative(match["rel"].lower(), match["hw"])) is not None:
                return at
            continue
        said = match["h"] or match["h2"] or match["h3"] or match["h4"]
        hour = int(said) if said else int(number_in(match["spoken"]) or 0)
        minute = int(match["m"] or match["m2"] or 0)
        half = (match["half"] or "").lower().replace(".", "")
        part = match["part"] or match["part2"] or ""
        if half == "pm" or (
            not half
            and hour < 12
            and hour > 0
            and (_AFTERNOON.search(part) or (hour < 8 and _AFTERNOON.search(text)))
        ):
            hour = hour + 12 if hour < 12 else hour
        elif half == "am" and hour == 12:
            hour = 0
        if hour < 24:
            return f"{hour:02d}:{minute:02d}"
    return None


def _relative(how: str, word: str) -> str | None:
    hour = int(word) if word.isdigit() else int(number_in(word) or -1)
    if not 1 <= hour <= 23:
        return None
    if how == "quarter to":
        return f"{hour - 1:02d}:45"
    return f"{hour:02d}:{15 if how == 'quarter past' else 30}"
