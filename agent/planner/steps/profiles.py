"""Which profile is scored against, made, copied, shared or looked back on?"""

import re

from agent.planner.reading.delivery import take_format
from agent.planner.reading.names import take_new_name, take_profiles
from agent.planner.reading.quantities import quantities
from agent.planner.steps.asking import NO_LEADS, NO_PROFILE
from agent.planner.steps.company import by_hand
from agent.planner.turn import Arguments, Draft, Turn
from store.records.learned import published_model

_OF_ANALYSIS = re.compile(
    r"\b(?:against|with|to|using|on|vs\.?|by|from)\s(?:the |this |that |our "
    r"|my )?(?:last |latest |previous |recent |current |same )?analysis\b|\banalysis we\b",
    re.I,
)
_TIER = re.compile(
    r"(?<![\w'])(?:(?-i:[A-C]))(?:'s|s)? ?(?:and|or|/|&|,) ?(?P<both>(?-i:[B-D]))(?:'s"
    r"|s)?\b(?! (?:and|or) (?-i:[A-Z][a-z]))|(?<![\w'])(?P<up>(?-i:[A-D]))(?:s"
    r"|'s)? (?:and|or) (?:better|above|up|higher|over)\b|\b(?:tier"
    r"|grade)s? (?P<tier>[A-D])\b|(?<![\w'])(?P<only>(?-i:[A-D]))(?:'s|s|[- ](?:leads?"
    r"|tier|grade|rated|ones))\b|\bonly (?:the )?(?P<just>(?-i:[A-D]))(?:'?s)?\b",
    re.I,
)
_MIN_SCORE = re.compile(
    r"\b(?:scor(?:e|es|ed|ing)|fit(?: scores?)?)\s?(?:of |is |are |at |that )*(?:at least"
    r"|above|over|more than|higher than|>=?|from|min(?:imum)?(?: of)?"
    r"|better than)\s?(?P<a>\d{1,3})\b|\b(?:nothing|none|no(?:body|thing| one| leads?)?"
    r"|not|don't show|drop (?:anything|everything|all)|skip (?:anything|everything)"
    r"|cut(?:[- ]?off)?(?: at)?|ignore (?:anything|everything))\s?(?:lower than "
    r"|less than |under |below |at )(?P<b>\d{1,3})\b"
    r"|\bmin(?:imum)?(?: fit)? scores?\s?(?:of|is|:|=)?\s?(?P<c>\d{1,3})\b"
    r"|\b(?P<d>\d{1,3})\s?(?:\+|plus|or (?:more|better|higher|above)|and (?:up|above"
    r"|over))|\b(?:at least|above|over|>=?"
    r"|better than) (?:a )?(?:score of )?(?P<e>\d{1,3})\b(?!\s?(?:leads|people|k\b|%))",
    re.I,
)
_TOP = re.compile(
    r"\b(?:top|best|first|highest|hottest|strongest|only(?: the)?(?: best)?)\s(?=(?:\d"
    r"|ten|five|twenty|fifty|hundred|a hundred|two hundred|one hundred|twenty-five|thirty"
    r"|forty))",
    re.I,
)


OF_OUTCOMES = re.compile(
    r"\b(?:against|by|with|on|from|using|to|vs\.?|versus)\s(?:what (?:we|you) learned from )?(?:(?:the|our|my"
    r"|past|recorded|closed|previous|historical|own|all) ){0,3}(?:(?:deal )?outcomes?(?: profile)?"
    r"|(?:closed[- ])?won(?: and (?:closed[- ])?lost)? deals|deals (?:that )?we(?:'ve| have)? won"
    r"|wins(?: and losses)?|deal history)\b(?!'| profiles?\b)"
    r"|^\W*(?:(?:use|the|our|my|deal) )*outcomes?(?: (?:please|pls))?\W*$",
    re.I,
)


def score_leads(turn: Turn) -> Draft:
    """Score leads against profiles, against an analysis, or against what the outcomes taught."""
    arguments: Arguments = {}
    asks = _leads(turn, arguments)
    form = take_format(turn.sentence)
    _scores(turn, arguments)
    if not _against(turn, arguments):
        asks.append("Against which profile should they be scored?")
    if form:
        arguments["format"] = form
    return Draft("score_leads", arguments, " ".join(asks) or None)


def _against(turn: Turn, arguments: Arguments) -> bool:
    """Whether the words, or what was said and learned before, tell what the leads are held against."""
    if turn.sentence.take(OF_OUTCOMES):
        arguments["icp_profiles"] = ["outcomes"]
        return True
    profiles = take_profiles(turn.sentence, loosely=True)
    ids = turn.analysis_ids()
    made = turn.earlier_step("create_icp_profile")
    analyzed = turn.earlier_step("analyze_customers")
    if profiles:
        arguments["icp_profiles"] = profiles[:3]
    elif ids:
        arguments["analysis_id"] = ids[0]
    elif made is not None and turn.earlier[made].arguments.get("name"):
        arguments["icp_profiles"] = [turn.earlier[made].arguments["name"]]
    elif analyzed is not None:
        arguments["analysis_id"] = f"$steps.{analyzed}.analysis_id"
    elif _OF_ANALYSIS.search(turn.text) and turn.state.analysis_id:
        arguments["analysis_id"] = turn.state.analysis_id
    elif turn.state.icp_profile:
        arguments["icp_profiles"] = [turn.state.icp_profile]
    elif turn.state.analysis_id:
        arguments["analysis_id"] = turn.state.analysis_id
    elif turn.earlier_step("analyze_outcomes") is not None or _has_learned(turn):
        arguments["icp_profiles"] = ["outcomes"]
    else:
        return False
    return True


def _has_learned(turn: Turn) -> bool:
    """Whether the warehouse has a profile that was learned from its outcomes."""
    workspace = turn.message.workspace
    return workspace is not None and bool(
        published_model(workspace.database, workspace.warehouse.name, "fit")
    )


def _leads(turn: Turn, arguments: Arguments) -> list[str]:
    if turn.groups:
        arguments["multi_identifiers"] = turn.groups
    elif turn.person_ids:
        arguments["person_ids"] = turn.person_ids
    elif turn.file:
        arguments["file"] = turn.file
    else:
        return [NO_LEADS]
    return []


def _scores(turn: Turn, arguments: Arguments) -> None:
    sentence = turn.sentence
    if match := sentence.take(_TIER):
        arguments["tier"] = (
            match["both"] or match["up"] or match["tier"] or match["only"] or match["just"]
        ).upper()
    if match := _TOP.search(sentence.left):
        number = next((q for q in quantities(sentence.left) if q.start >= match.end()), None)
        if number and number.start <= match.end() + 1 and number.value >= 1:
            arguments["top"] = int(number.value)
            sentence.blank(match.start(), number.end)
    if match := sentence.take(_MIN_SCORE):
        score = int(next(value for value in match.groups() if value))
        if 0 <= score <= 100:
            arguments["min_score"] = score


def create_icp_profile(turn: Turn) -> Draft:
    """Make an ideal customer profile from an analysis, from a file, or by hand."""
    arguments: Arguments = {}
    name = take_new_name(turn.sentence) or _quoted_profile(turn)
    if name:
        arguments["name"] = name
    hand = by_hand(turn.sentence.left)
    ids = turn.analysis_ids()
    analyzed = turn.earlier_step("analyze_customers")
    if ids:
        arguments["analysis_id"] = ids[0]
    elif analyzed is not None:
        arguments["analysis_id"] = f"$steps.{analyzed}.analysis_id"
    elif turn.file and not hand.get("company_size"):
        arguments["file"] = turn.file
    elif hand:
        arguments |= hand
    elif turn.state.analysis_id:
        arguments["analysis_id"] = turn.state.analysis_id
    made_from = set(arguments) - {"name"}
    ask = (
        None if made_from else "What should the profile be made from: an analysis, a file, or a description?"
    )
    return Draft("create_icp_profile", arguments, ask)


def _quoted_profile(turn: Turn) -> str | None:
    names = take_profiles(turn.sentence, loosely=False)
    return names[0] if names else None


def clone_icp_profile(turn: Turn) -> Draft:
    """Copy a profile under another name."""
    new = take_new_name(turn.sentence, loosely=True)
    arguments = _of_profile(turn)
    if new:
        arguments["name"] = new
    return Draft("clone_icp_profile", arguments, None if "icp_profile" in arguments else NO_PROFILE)


_PRIVATE = re.compile(
    r"\bprivate\b|\bun-?shar(?:e|ed|ing)\b|\b(?:stop|end|revoke|quit|undo|no longer|cease"
    r"|cancel|take back|withdraw|don't|do not)\b[^.]{0,30}\bshar(?:e|ed|ing)\b|\bhide\b"
    r"|\bnobody else\b|\bno one else\b|\bonly (?:i|me)\b|\bto myself\b"
    r"|\bjust (?:for )?me\b|\bunpublish\b|\bsecret\b|\bremove (?:everyone's "
    r"|the team's )?access\b|\bmake it mine\b",
    re.I,
)


def share_icp_profile(turn: Turn) -> Draft:
    """Share a profile with the organisation, or make it private."""
    arguments = _of_profile(turn)
    if "icp_profile" not in arguments:
        for tool in ("clone_icp_profile", "create_icp_profile"):
            at = turn.earlier_step(tool)
            if at is not None and turn.earlier[at].arguments.get("name"):
                arguments["icp_profile"] = turn.earlier[at].arguments["name"]
    if _PRIVATE.search(turn.text):
        arguments["visibility"] = "private"
    return Draft("share_icp_profile", arguments, None if "icp_profile" in arguments else NO_PROFILE)


_REVISION = r"(?:revisions?|versions?|revs?|v|r)\.?\s?(?:number |no\.? ?|#)?"
_TWO = re.compile(
    rf"\b{_REVISION}(?P<a>\d{{1,4}})\s?(?:and|with|to|vs\.?|versus|against|&|,|-|from"
    rf"|or)\s?(?:{_REVISION})?(?P<b>\d{{1,4}})\b",
    re.I,
)
_TWO_ORDINALS = re.compile(
    r"\b(?P<a>\d{1,4})(?:st|nd|rd|th) (?:and|with|to|vs\.?|versus|against|&) (?:the )?"
    r"(?P<b>\d{1,4})(?:st|nd|rd|th) (?:revisions?|versions?)\b",
    re.I,
)
_ONE = re.compile(
    rf"\b{_REVISION}(?P<a>\d{{1,4}})\b|\b(?P<ordinal>\d{{1,4}})(?:st|nd|rd|th) (?:revision"
    rf"|version)\b",
    re.I,
)
_RESTORE = re.compile(
    r"\b(?:restor\w*|revert\w*|rol(?:l|ls|led|ling) ?(?:[\w' ]{0,40}? )?back|rollback"
    r"|go back|put\b[^.]{0,40}\bback|bring\b[^.]{0,40}\bback|back to|undo|reset|reinstate"
    r"|switch back|return to|want\b[^.]{0,30}\bback|use\b[^.]{0,20}\bagain|recover"
    r"|reactivate)\b",
    re.I,
)
_COMPARE = re.compile(
    r"\b(?:compar\w*|diff\w*|changed? (?:from|between)|changes between|versus|vs|against"
    r"|between)\b",
    re.I,
)


def icp_profile_history(turn: Turn) -> Draft:
    """Show the revisions of a profile, compare two, or go back to one."""
    arguments: Arguments = {}
    left = turn.sentence.left
    two, one = _TWO.search(left) or _TWO_ORDINALS.search(left), _ONE.search(turn.sentence.left)
    if two and not _RESTORE.search(turn.text):
        arguments["compare"] = [int(two["a"]), int(two["b"])]
        turn.sentence.blank(*two.span())
    elif len(ones := _ONE.findall(turn.sentence.left)) == 2 and _COMPARE.search(turn.text):
        arguments["compare"] = [int(a or b) for a, b in ones]
        turn.sentence.take_all(_ONE)
    elif one and (_RESTORE.search(turn.text) or not _COMPARE.search(turn.text)):
        if _RESTORE.search(turn.text):
            arguments["restore"] = int(one["a"] or one["ordinal"])
        turn.sentence.blank(*one.span())
    arguments = _of_profile(turn) | arguments
    return Draft("icp_profile_history", arguments, None if "icp_profile" in arguments else NO_PROFILE)


def _of_profile(turn: Turn) -> Arguments:
    """The profile that is named, or else the one spoken of last."""
    names = take_profiles(turn.sentence, loosely=True)
    name = names[0] if names else turn.state.icp_profile
    if name is None:
        for tool in ("create_icp_profile", "clone_icp_profile"):
            at = turn.earlier_step(tool)
            if at is not None and turn.earlier[at].arguments.get("name"):
                name = turn.earlier[at].arguments["name"]
    return {"icp_profile": name} if name else {}
