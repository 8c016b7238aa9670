"""Which audience is to be kept up to date, and where?"""

import re

from agent.planner.turn import Arguments, Draft, Turn
from store.destinations import Destinations
from tools.activation.platforms import PLATFORMS

NO_AUDIENCE = (
    "Which audience should be kept up to date? Build one first, such as “a balanced audience of people like "
    "our customers”, and say it then."
)
UNNAMED = "Kept audience"
_CALLED = re.compile(
    r"\b(?:called|named|as)\s+[\"'“`](?P<quoted>[^\"'”`]{1,80})[\"'”`]|\b(?:called|named)\s+(?P<word>[A-Z]\w{1,79})"
)
_WHERE = re.compile(
    r"\b(?:in|at|on|into|to|with)\s+(?:the\s+|my\s+|our\s+)?(?:destination\s+|folder\s+|bucket\s+)?"
    r"[\"'“`]?(?P<name>[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+)\b"
)
_KNOWN = re.compile(r"[a-z][a-z0-9_-]*")


def keep_audience(turn: Turn) -> Draft:
    """Keep the audience that is spoken of up to date, at a destination where one is named."""
    text = turn.message.original
    arguments: Arguments = {}
    if (at := turn.earlier_step("generate_audience")) is not None:
        arguments["audience_id"] = f"$steps.{at}.audience_id"
    if destination := _destination(turn, text):
        arguments["destination"] = destination
        if (platform := _platform(text)) is not None:
            arguments["platform"] = platform
    called = _CALLED.search(text)
    arguments["name"] = (called["quoted"] or called["word"]) if called else (destination or UNNAMED)
    has_audience = "audience_id" in arguments or turn.state.audience is not None
    return Draft("keep_audience", arguments, None if has_audience else NO_AUDIENCE)


def _destination(turn: Turn, text: str) -> str | None:
    """A destination that there is, or else what is written like the name of one: the tool tells of it."""
    workspace = turn.message.workspace
    words = set(_KNOWN.findall(text.lower()))
    known = [each.name for each in Destinations(workspace.home).all()] if workspace else []
    for name in known:
        if name.lower() in words:
            return name
    found = _WHERE.search(text)
    return found["name"] if found and found["name"] != "up-to-date" else None


def _platform(text: str) -> str | None:
    """The platform in whose form the files are wanted: `for HubSpot`, `in the form of Meta`."""
    for name in PLATFORMS:
        words = name.replace("_", " ")
        if re.search(rf"\b(?:for|form of|format of)\s+(?:{words}|{words.split()[0]})\b", text, re.I):
            return name
    return None
