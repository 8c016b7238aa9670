"""What must somebody say yes to first, and is this message that yes, or a no?"""

import re

from agent.markdown import told
from agent.planner.plan import PlanStep

LONGEST = 80  # characters of a decision; more says more
SENDING = {"schedule_briefing", "share_icp_profile"}
YES = re.compile(
    r"(?:(?:yes|y|yep|yeah|yup|sure|ok|okay|fine|please|of course|absolutely|definitely|correct|right|agreed|"
    r"perfect|great|good|sounds good|looks good|go ahead|go on|go for it|go|proceed|continue|confirm(?:ed)?|"
    r"approved?|do it|do that|do so|run it|send it|export it|make it|build it|please do|thanks|thank you|"
    r"i agree|i approve|i confirm)(?:[\s,.!;]+|$))+"
)
NO = re.compile(
    r"(?:(?:no|n|nope|nah|not now|not yet|don'?t|do not|do it not|do that|stop|cancel(?: it| that)?|"
    r"never ?mind|forget it|leave it|skip it|abort|wait|please|thanks|thank you|do it|export it|send it|"
    r"run it)(?:[\s,.!;]+|$))+"
)
REFUSES = re.compile(r"\b(no|n|nope|nah|not|don'?t|stop|cancel|never ?mind|forget|leave|skip|abort|wait)\b")


def decision(message: str) -> bool | None:
    """True for a yes, False for a no, None for a message that says anything more."""
    words = " ".join(message.lower().replace("’", "'").split()).strip(" .!?")
    if not words or len(words) > LONGEST:
        return None
    if REFUSES.search(words):
        return False if NO.fullmatch(words) else None
    return True if YES.fullmatch(words) else None


def why_approval(step: PlanStep) -> str | None:
    """Why somebody must say yes before this step; also where the plan forgot to say so."""
    if step.needs_approval:
        return step.needs_approval
    if step.arguments.get("format", "none") not in ("none", None):
        return told("approval_export")
    if step.tool == "share_icp_profile":
        return told("approval_share")
    if step.tool == "schedule_briefing" and step.arguments.get("paused"):
        return None
    if step.tool == "keep_audience" and step.arguments.get("destination"):
        return told("approval_keep")
    if step.tool in SENDING or step.arguments.get("send") or step.arguments.get("recipients"):
        return told("approval_send")
    return None
