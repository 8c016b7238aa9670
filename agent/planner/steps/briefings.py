"""When is the briefing sent, and to whom?"""

import re

from agent.planner.reading.names import take_briefed, take_profiles
from agent.planner.reading.times import time_of
from agent.planner.reading.zones import zone_of
from agent.planner.turn import Arguments, Draft, Turn

_DAYS = {
    "monday": r"mon(?:day)?s?",
    "tuesday": r"tue(?:s(?:day)?)?s?",
    "wednesday": r"wed(?:nesday|s)?s?",
    "thursday": r"thu(?:r|rs|rsday)?s?",
    "friday": r"fri(?:day)?s?",
    "saturday": r"sat(?:urday)?s?",
    "sunday": r"sun(?:day)?s?",
}
_EVERY = [
    (
        "month",
        re.compile(
            r"\b(?:month(?:ly)?|(?:once|twice) a month|(?:first|1st|last|15th|\d{1,2}(?:st|nd|rd"
            r"|th)) (?:day )?of (?:the|each|every) month|per month|every (?:four|4) weeks)\b",
            re.I,
        ),
    ),
    (
        "day",
        re.compile(
            r"\b(?:dail(?:y)|every ?day|each day|every (?:single )?(?:morning|evening|night"
            r"|afternoon|weekday|work(?:ing)? ?day|business day)|each (?:morning|evening|weekday)"
            r"|(?:once|twice) a day|per day|weekdays|every (?:one )?day|every 24 hours|mornings)\b",
            re.I,
        ),
    ),
]
_PAUSE = re.compile(
    r"\b(?:pause|paus(?:ed|ing)|suspend|stop(?! by)|cancel|turn(?:ing)? off|switch off"
    r"|disable|halt|mute|unsubscribe|no more|quit|kill|end|hold(?: off)?|discontinue"
    r"|cease|skip|don't (?:send|want)|do not send|silence|freeze"
    r"|put\b[^.]{0,20}\bon hold)\b",
    re.I,
)

_LEAVE_ME_OUT = re.compile(r"\b(?:unsubscribe|remove|drop) me\b|\btake me off\b", re.I)
FOR_EVERYBODY = (
    "Here the briefing can be paused for everybody: should it be? Whoever wants to be left out alone follows "
    "the link at the end of the mail."
)
_RESUME = re.compile(r"\b(?:un-?pause|resume|restart|start sending)\b", re.I)


def schedule_briefing(turn: Turn) -> Draft:
    """Send a briefing again and again, or stop it."""
    arguments: Arguments = {}
    text = turn.text
    every = next((name for name, pattern in _EVERY if pattern.search(text)), None)
    days = [
        name
        for name, pattern in _DAYS.items()
        if re.search(rf"\b{pattern}\b", text, re.I) and _is_day(text, name, pattern)
    ]
    if every and not (every == "day" and days):
        arguments["every"] = every
    if days:
        arguments["weekday"] = days[0]
    if at := time_of(text):
        arguments["at"] = at
    if zone := zone_of(text):
        arguments["timezone"] = zone
    arguments |= _recipients(turn)
    arguments |= _profile(turn)
    if _LEAVE_ME_OUT.search(text):
        return Draft("schedule_briefing", arguments | {"paused": True}, FOR_EVERYBODY)
    if _RESUME.search(text):
        arguments["paused"] = False
    elif _PAUSE.search(text):
        arguments["paused"] = True
    return Draft("schedule_briefing", arguments)


def _is_day(text: str, name: str, pattern: str) -> bool:
    """Whether a short form such as `sun` or `sat` is meant as a day."""
    for match in re.finditer(rf"\b{pattern}\b", text, re.I):
        if (
            len(match[0]) > 5
            or re.search(r"\b(?:on|every|each|,)\s$", text[: match.start()][-7:], re.I)
            or match[0].lower()
            in ("mon", "mons", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri")
        ):
            return True
    return False


def _recipients(turn: Turn) -> Arguments:
    values = [each.value for each in turn.found if each.kind in ("email", "channel")]
    return {"recipients": values} if values else {}


_THAT_PROFILE = re.compile(r"\b(?:that|this|the same) (?:profile|icp)\b", re.I)


def _profile(turn: Turn) -> Arguments:
    """The profile that the briefing is about: named, or the one spoken of last."""
    names = take_profiles(turn.sentence) or take_briefed(turn.sentence)
    if not names and turn.state.icp_profile and _THAT_PROFILE.search(turn.text):
        names = [turn.state.icp_profile]
    return {"icp_profile": names[0]} if names else {}


_SEND = re.compile(
    r"\b(?:send(?:ing)?(?: (?:it|this|that|out|the|them))*|e-?mail (?:it|this|the|me|them"
    r"|everyone|out|us)|mail (?:it|this|the|out)|post (?:it|this|the)|share (?:it|this"
    r"|the)|distribute|deliver|forward|push|publish|circulate|shoot)\b",
    re.I,
)


def run_briefing(turn: Turn) -> Draft:
    """Show this week's briefing now, or send it."""
    arguments: Arguments = {}
    found = _recipients(turn)
    if (
        _SEND.search(turn.text)
        and not re.search(
            r"\b(?:before (?:it|we|you) (?:goes|go|is|send|sent)|don't send|not send"
            r"|without sending|send me\b)",
            turn.text,
            re.I,
        )
    ) or found:
        arguments["send"] = True
    arguments |= found
    arguments |= _profile(turn)
    return Draft("run_briefing", arguments)
