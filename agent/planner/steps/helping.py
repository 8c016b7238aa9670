"""What help is wanted?"""

import re

from agent.planner.steps.explaining import clean
from agent.planner.turn import Arguments, Draft, Turn

_TOPIC = re.compile(
    r"\bhelp(?: me)?(?: (?:with|on|about|understand|for|getting started with"
    r"|regarding))?\s(?P<what>(?!me\b|please\b|pls\b|out\b|us\b|here\b|needed\b"
    r"|menu\b)[\w -]{3,60})|\bhow (?:do|can|should|would) (?:i|we) (?P<how>(?!start|begin"
    r"|use (?:this|it|you)|get started|work with (?:this|it|you))[\w -]{4,60})"
    r"|\bwhat (?:can|could) (?:you|i|we) do (?:with|about|for|on) (?P<with>[\w -]{3,40})",
    re.I,
)


def help_with(turn: Turn) -> Draft:
    """Tell what can be asked for."""
    match = _TOPIC.search(turn.text)
    arguments: Arguments = {}
    if match:
        topic = clean(match["what"] or match["how"] or match["with"])
        if topic and not re.fullmatch(
            r"(?:this|it|with this|you|the tool|fieldmark|started|here|do here)", topic
        ):
            arguments["topic"] = topic
    return Draft("help", arguments)
