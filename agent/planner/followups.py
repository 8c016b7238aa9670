"""What changes when a request only alters the one before, or answers a question?"""

import re
from typing import Any

from agent.planner.reading.curve_points import says_point
from agent.planner.reading.names import take_profiles, take_segment
from agent.planner.reading.swaps import take_given_up
from agent.planner.steps.asking import unknown_place, unknown_words
from agent.planner.steps.audiences import joined_text, narrow, wishes
from agent.planner.steps.leading import without_lead
from agent.planner.turn import Arguments, Draft, Turn
from tools.audience.expression import Expression, Not, canonical, to_text

_ALTERS = re.compile(
    r"\b(?:same|again|instead|this time|once more|one more time|repeat|redo|re-?run"
    r"|likewise|ditto|as before|like before|previous(?:ly)?|that audience|the audience"
    r"|last one"
    r"|(?:make|made|keep|have|get|want|turn|give me|do|send me|export|download"
    r"|can i (?:have|get)|put) (?:it|that|them|this)\b|halve|double|triple|half of (?:it"
    r"|that)|twice"
    r"|broad(?:er|en)|wid(?:er|en)|narrow(?:er)?|tight(?:er|en)|stricter|looser|bigger"
    r"|smaller|larger|fewer|more precise"
    r"|(?:no|without(?: an?y?)?|drop|remove|forget|lose|lift|scrap|skip|ignore|cancel"
    r"|clear|get rid of) (?:the )?(?:size|limit|cap|location|radius|place|format|export"
    r"|exclusions?|strategy|filter|segment|restriction|area|geo\w*)"
    r"|leave\b[^.]{0,20}\bin|try|middle way|change|switch|swap|replace|update"
    r"|adjust|increase|raise|reduce|lower|cut|bump"
    r"|go (?:for|with|wider|broader|narrower)|limit (?:it|that|them)|actually|rather"
    r"|oh and|and now|now (?:only|just|with|without|for|as|by|in|exclude|add|make|do|use"
    r"|also)|what (?:about|if)|how about)\b"
    r"|^\W*(?:and|but|ok(?:ay)?|hmm+|nice|great|good|perfect|now|also|just|only|plus|oh"
    r"|so|no|wait|then|actually)[\s,.!]+(?:only|just|now|with(?:out)?|for|by|as|in|near"
    r"|within|exclude|excluding|add|make|leave|drop|remove|not|no|those|under|over|also"
    r"|include|but|and|can|phones?|emails?|maids?|postal|addresses|direct|sms|top|ranked"
    r"|from|keep|use|the|up|at|to|\d)"
    r"|^\W*(?:only|just|without|exclude|excluding|except|drop|remove|add|include|but"
    r"|within|as (?:a )?(?:csv|json|excel|spreadsheet|file)|in (?:csv|json)|for (?:email"
    r"|sms|phones?|direct mail|post)|phones?|emails?|by (?:email|phone|post|sms)|ranked"
    r"|precise|precision|balanced|hybrid|reach|max(?:imum)? reach|exclud\w+|up to|at most"
    r"|near|around|in)\b",
    re.I,
)
_NEW = re.compile(
    r"\b(?:a |an )?(?:new|different|another|fresh|separate) (?:\w+ )?audience\b"
    r"|\b(?:build|create|make|generate|set up|put together)\b[^.]{0,24}\b(?:an?|another"
    r"|the|new) (?:\w+ )?(?:audience|list|lookalike)\b(?! (?:again|broader|bigger|tighter"
    r"|smaller|instead))|\blookalikes? of\b|\bhow many\b|\bcount\b",
    re.I,
)
_NO_SIZE = re.compile(
    r"\b(?:(?:no|without(?: an?y?)?|drop|remove|forget|lose|lift|scrap|ignore|take off"
    r"|get rid of|skip) (?:the |any )?(?:target )?(?:size|limits?|caps?|number|maximum"
    r"|max)(?: limits?| caps?)?|unlimited|uncapped|all of (?:them|it)(?: this time)?"
    r"|everyone this time|as many as there are|don't limit(?: it| them)?"
    r"|size doesn't matter|whatever the size)\b",
    re.I,
)
_NO_PLACE = re.compile(
    r"\b(?:(?:no|without(?: the| an?y?)?|drop|remove|forget|lose|lift|scrap|ignore"
    r"|take off|get rid of|skip|clear) (?:the |any |that )?(?:location|radius|place|area"
    r"|geo\w*|distance|city|geographic(?:al)? (?:limit|filter|restriction))(?: (?:filter"
    r"|limit|restriction|bit|part))?|anywhere|nation-?wide|country-?wide|everywhere"
    r"|regardless of (?:location|place|where))\b",
    re.I,
)
_NO_FORMAT = re.compile(
    r"\b(?:no|without(?: an?)?|drop|skip|forget|don't|not) (?:the |a |need (?:the "
    r"|a )?)?(?:export|file|csv|download|json)\b",
    re.I,
)
_NO_SEGMENT = re.compile(
    r"\b(?:whole|entire|full) (?:analysis|customer base|set)\b|\ball (?:the )?segments\b"
    r"|\bnot (?:just )?(?:the |that )?segment\b|\b(?:drop|forget|remove) the segment\b",
    re.I,
)
_NO_EXCLUSION = re.compile(
    r"\b(?:include|keep|add back|bring back|allow|put back|with|don't exclude"
    r"|stop excluding|leave(?= (?:our|the|my|existing) \w+ in))\b[^.,]{0,24}"
    r"\b(?:customers|clients)\b(?: (?:again|back|in|too"
    r"|this time))*|\b(?:no|without|drop|remove|lift) (?:the )?exclusions?\b",
    re.I,
)
_DOUBLE = [
    (
        re.compile(
            r"\b(?:halve|half (?:of )?(?:it|that|the size|as (?:many|big|large))"
            r"|half (?:the )?size|cut (?:it|that|the size)? ?in half|half that)\b",
            re.I,
        ),
        0.5,
    ),
    (
        re.compile(
            r"\b(?:double|twice(?: (?:as (?:many|big|large)|the size|that))?|two times)(?: (?:it"
            r"|that|the size|the audience|the number))?\b",
            re.I,
        ),
        2.0,
    ),
    (re.compile(r"\b(?:triple|three times)(?: (?:it|that|the size|as many))?\b", re.I), 3.0),
]
_ALSO = re.compile(
    r"\b(?:add|also (?:include|add)|include|plus|as well|or)\b(?![^.]{0,20}\b(?:only"
    r"|filter|condition)\b)",
    re.I,
)
_WORDS = re.compile(
    r"\b(?:same(?: (?:thing|again|one|audience|as before|as (?:last|the last) (?:one"
    r"|time)|deal|list|settings|request))?|again|instead|this time|once more"
    r"|one more time|repeat(?: (?:it|that|this))?|redo(?: (?:it|that|this))?|likewise"
    r"|ditto|as before|like before|that audience|the audience|last one|make (?:it|that"
    r"|them|this)|keep (?:it|that|everything)|have (?:it|that)|get (?:it|that)|do (?:it"
    r"|that)|halve|double|change (?:it|that|this)?(?: to)?|switch (?:it|that"
    r"|this)?(?: to)?|swap|replace|update|adjust|increase|raise|reduce|lower|cut|bump"
    r"|limit(?: (?:it|that|them))?(?: to)?|actually|rather|i meant|i mean|sorry|nice"
    r"|great|perfect|good|thanks|go (?:for|with)|what (?:about|if)|how about|to|it|that"
    r"|them|the size|size|everything else|else|otherwise|the rest|unchanged|different"
    r"|please|no|wait|oh|hmm+|ok|okay|yes|yeah|sure|right|also|only|just|but|and|now|for"
    r"|with|use|can|i|have|in|at|by|of)\b",
    re.I,
)


def alters_audience(text: str) -> bool:
    """Whether the words only alter the audience of before."""
    return (bool(_ALTERS.search(text)) or says_point(text)) and not _NEW.search(text)


def altered_audience(turn: Turn) -> Draft:
    """The audience of before with what was said changed."""
    assert turn.state.audience is not None  # asked for only where there is one
    arguments: Arguments = turn.state.audience.model_dump(
        mode="json", exclude_defaults=True, exclude={"workflow_id"}
    )
    given = turn.state.audience.model_fields_set
    arguments |= {
        name: value
        for name, value in turn.state.audience.model_dump(mode="json").items()
        if name in given and value is not None and value != []
    }
    asks: list[str] = []
    take_given_up(turn.sentence)
    _removed(turn, arguments)
    _resized(turn, arguments)
    _moved(turn, arguments, asks)
    changed: Arguments = {}
    wishes(turn, changed, asks)
    if "customers" in changed.pop("exclude", []):
        arguments["exclude"] = list(dict.fromkeys([*arguments.get("exclude", []), "customers"]))
    _widened(turn, arguments, changed)
    arguments |= changed
    _sourced(turn, arguments)
    _retraited(turn, arguments, asks)
    return Draft("generate_audience", arguments, " ".join(asks) or None)


def _widened(turn: Turn, arguments: Arguments, changed: Arguments) -> None:
    """A point takes the place of a strategy, and a strategy that of a point; a curve is of no segment."""
    if "strategy" in changed:
        arguments.pop("point", None)
    if "point" in changed:
        arguments.pop("strategy", None)
        arguments.pop("segment", None)
        if not {"analysis_id", "icp_profile_id"} & set(arguments) and turn.state.analysis_id:
            for name in ("expression", "traits"):
                arguments.pop(name, None)
            arguments["analysis_id"] = turn.state.analysis_id


def _removed(turn: Turn, arguments: Arguments) -> None:
    for pattern, name in (
        (_NO_SIZE, "target_size"),
        (_NO_PLACE, "location"),
        (_NO_FORMAT, "format"),
        (_NO_SEGMENT, "segment"),
    ):
        if turn.sentence.take_all(pattern):
            arguments.pop(name, None)
    if turn.sentence.take(_NO_EXCLUSION):
        left = [each for each in arguments.get("exclude", []) if each != "customers"]
        arguments.pop("exclude", None)
        if left:
            arguments["exclude"] = left


def _resized(turn: Turn, arguments: Arguments) -> None:
    for pattern, factor in _DOUBLE:
        if turn.sentence.take(pattern) and arguments.get("target_size"):
            arguments["target_size"] = int(arguments["target_size"] * factor)


def _moved(turn: Turn, arguments: Arguments, asks: list[str]) -> None:
    """A new place, or another radius around the old one."""
    place = turn.place()
    if place is None:
        return
    before: dict[str, Any] = arguments.get("location") or {}
    if circle := place.circle:
        if place.radius is None and before:
            circle |= {"radius": before["radius"], "unit": before.get("unit", "miles")}
        arguments["location"] = circle
    elif before and not place.unknown:
        arguments["location"] = before | {"radius": place.radius, "unit": place.unit}
    else:
        asks.append(unknown_place(place.unknown))


def _sourced(turn: Turn, arguments: Arguments) -> None:
    segment = take_segment(turn.sentence, turn.state.segments)
    if segment is not None and (arguments.get("analysis_id") or turn.state.analysis_id):
        arguments.setdefault("analysis_id", turn.state.analysis_id)
        arguments["segment"] = segment
    ids, profiles = turn.analysis_ids(), take_profiles(turn.sentence)
    if ids or profiles:
        for name in ("analysis_id", "icp_profile_id", "segment", "expression", "traits"):
            arguments.pop(name, None)
        arguments["analysis_id" if ids else "icp_profile_id"] = ids[0] if ids else profiles[0]


def _retraited(turn: Turn, arguments: Arguments, asks: list[str]) -> None:
    """Traits that are added or left out: in the expression, or beside the analysis."""
    adds = bool(_ALSO.search(turn.sentence.left)) and not re.search(r"\bonly\b", turn.sentence.left, re.I)
    kept = _WORDS.sub(" ", turn.sentence.left)
    people = turn.people_in(without_lead(kept))
    if people.unknown and people.expression is None and not _is_noise(people.unknown):
        asks.append(unknown_words(people.unknown))
    if people.expression is None:
        return
    if "expression" not in arguments:
        narrow(arguments, people)
    elif adds and not isinstance(people.expression, Not):
        arguments["expression"] = f"{arguments['expression']} OR {to_text(canonical(people.expression))}"
    else:
        arguments["expression"] = _and(str(arguments["expression"]), people.expression)


def _is_noise(unknown: list[str]) -> bool:
    return all(len(words.split()) < 2 for words in unknown)


def _and(text: str, more: Expression) -> str:
    bare = text if " OR " not in text else f"({text})"
    return joined_text(None, more) if not text else f"{bare} AND {_inner(more)}"


def _inner(more: Expression) -> str:
    text = to_text(canonical(more))
    return f"({text})" if " OR " in text and not text.startswith("NOT") else text


def answered(turn: Turn, waiting: list[Draft], steps: list[Draft]) -> list[Draft]:
    """The plan that waited for an answer, with what the answer adds to its last step."""
    *before, last = waiting
    *needed, answer = steps
    arguments = last.arguments | answer.arguments
    if (
        any(name in last.arguments for name in ("expression",))
        and "analysis_id" in answer.arguments
        and "expression" not in answer.arguments
    ):
        arguments.pop("analysis_id")
    ask = None if arguments != last.arguments else answer.ask
    return [*before, *needed, Draft(last.tool, arguments, ask)]
