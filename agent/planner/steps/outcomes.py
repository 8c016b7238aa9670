"""What do the outcomes say, and of how long ago?"""

import re

from agent.planner.reading.quantities import number_in
from agent.planner.steps.asking import NO_LEADS
from agent.planner.steps.profiles import OF_OUTCOMES
from agent.planner.turn import Arguments, Draft, Turn

_OUTCOMES = {
    "churned": r"\bchurn(?:s|ed|ing|ers?)?\b|\bcancel\w*\b|\battrition\b|\b(?:customers?|clients?"
    r"|accounts?|people|they|subscribers|members|users) (?:who |that |have |has "
    r"|are )*(?:leav(?:e|ing)|left|quit|go(?:ne)? away|drop(?:ped)? off|defect\w*)\b"
    r"|\blos(?:e|t|ing) (?:our |my |the |so many |more )*(?:customers|clients|subscribers"
    r"|members|users)\b|\bretention\b",
    "expanded": r"\bexpan(?:d\w*|sions?)\b|\bup-?s(?:ell\w*|old)\b|\bupgrad\w*\b|\bgr(?:ow|ew|own"
    r"|owing)\b[^.]{0,20}\b(?:with us|accounts?|spend)\b|\bcross-?s(?:ell|old)\w*\b"
    r"|\bbuy(?:ing)? more\b",
    "lost": r"\blos(?:e|es|t|ing|s(?:es)?)\b(?!\s(?:our |my |the |so many )*(?:customers|clients"
    r"|subscribers|members))|\bclosed[- ]lost\b|\bdeals? (?:fall|fell|die|slip)\w*\b"
    r"|\bkill(?:s|ing)? (?:our )?deals\b|\bdefeats?\b",
    "won": r"\bwon\b|\bwin(?:s|ning|ners)?\b|\bclosed[- ]won\b|\bsuccess(?:es|ful)?\b",
}


_ABOUT = [
    (
        "anti_patterns",
        re.compile(
            r"\banti-? ?patterns?\b|\bred flags?\b|\b(?:should|to|must) (?:we )?avoid\b"
            r"|\b(?:steer|stay) (?:clear|away)\b|\bwatch out\b|\bwarning signs\b(?! of churn)"
            r"|\bbad fits?\b|\bdon't fit\b",
            re.I,
        ),
    ),
    (
        "emerging",
        re.compile(
            r"\bemerg\w*\b|\bnew (?:patterns?|segments?|trends?)\b|\btrends?\b"
            r"|\bup[- ]and[- ]coming\b|\bnewly (?:buy|bought)\w*|\bnew buyers\b",
            re.I,
        ),
    ),
    (
        "criteria",
        re.compile(
            r"\bcriteri(?:a|on)\b|\bwhat (?:matters|predicts|makes|drives)\b[^.]{0,30}\b(?:win"
            r"|won|deals?|success|close)\b|\bpredict\w*\b|\bwhy (?:do|did) we win\b|\b(?:factors"
            r"|drivers|weights?|reasons)\b[^.]{0,30}\bw[io]n\w*|\bwhat (?:sets|separates"
            r"|distinguishes)\b[^.]{0,20}\bw[io]n|\bwin rates?\b(?! overview)|\bwhich (?:deals"
            r"|accounts|kinds?|companies|customers)\b[^.]{0,30}\b(?:win|won)\b"
            r"|\bwon deals have in common\b|\bw[io]n\w*\b[^.]{0,20}\bin common\b"
            r"|\bmatter(?:s)? most\b",
            re.I,
        ),
    ),
]


# Names of columns, as they are written: `keeping the columns duration and last_call`.
_KEPT = re.compile(
    r"\bkeep(?:ing)? (?:the )?columns? (?P<names>\w+(?:(?:,|,? and) \w+)*)",
    re.I,
)


_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}


_PERIOD = re.compile(
    r"\b(?:(?:in|over|for|during|within|of|from|across|throughout|on) )?(?:the )?(?:last"
    r"|past|previous|prior|recent|trailing|latest)\s(?P<count>\d{1,4}|a|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty-four"
    r"|couple(?: of)?|few)?[\s-]?(?P<unit>days?|weeks?|months?|quarters?|years?)\b"
    r"|\bthis (?P<this>week|month|quarter|year)\b|\b(?P<ytd>ytd|year to date)\b"
    r"|\b(?P<back>\d{1,4})[\s-](?P<back_unit>days?|weeks?|months?|quarters?"
    r"|years?)\b(?: back| ago)?|\b(?P<half>(?:last |past )?half(?: a)?[- ]year)\b"
    r"|\b(?P<today>yesterday|today)\b",
    re.I,
)


def analyze_outcomes(turn: Turn) -> Draft:
    """Tell what the outcomes say: reasons, signs, anti-patterns."""
    if waiting := _scores_that_wait(turn):
        return waiting
    text = turn.text
    arguments: Arguments = {}
    outcomes = [name for name, pattern in _OUTCOMES.items() if re.search(pattern, text, re.I)]
    about = next((name for name, pattern in _ABOUT if pattern.search(text)), None)
    if about is None and len(outcomes) == 1:
        about = {"churned": "churn", "expanded": "expansion", "lost": "losses", "won": "criteria"}[
            outcomes[0]
        ]
    if re.search(r"\b(?:overview|summary|in general|overall)\b", text, re.I) and about != "anti_patterns":
        about = None
    if about is None and set(outcomes) == {"won", "lost"}:
        about = (
            "criteria"
            if re.search(r"\b(?:separates?|differen\w+|apart|distinguish\w*)\b", text, re.I)
            else None
        )
    if outcomes and not (about in ("anti_patterns", "emerging", None) and len(outcomes) > 1):
        order = ("won", "lost", "churned", "expanded")
        arguments["outcomes"] = [name for name in order if name in outcomes]
    if about:
        arguments["about"] = about
    if days := last_days_of(text):
        arguments["last_days"] = days
    if kept := _KEPT.search(turn.message.original):
        arguments["keep"] = re.split(r",? and |, ?", kept["names"])
    return Draft("analyze_outcomes", arguments)


def _scores_that_wait(turn: Turn) -> Draft | None:
    """`Our outcomes` as the answer to what leads are to be scored against."""
    asked = turn.state.asked.steps[-1:] if turn.state.asked else []
    waits = asked and asked[0].tool == "score_leads" and OF_OUTCOMES.search(turn.text)
    if not waits or {"icp_profiles", "analysis_id"} & set(asked[0].arguments):
        return None
    arguments = asked[0].arguments | ({"file": turn.file} if turn.file else {})
    has_leads = any(arguments.get(name) for name in ("file", "multi_identifiers", "person_ids"))
    return Draft("score_leads", arguments | {"icp_profiles": ["outcomes"]}, None if has_leads else NO_LEADS)


def last_days_of(text: str) -> int | None:
    """How many days back are meant."""
    match = _PERIOD.search(text)
    if match is None:
        return None
    if match["ytd"]:
        return 365
    if match["half"]:
        return 182
    if match["today"]:
        return 1
    if match["this"]:
        return _DAYS[match["this"].lower()]
    unit = (match["unit"] or match["back_unit"]).lower().removesuffix("s")
    said = (match["count"] or match["back"] or "1").lower()
    few = {"a": 1, "couple": 2, "couple of": 2, "few": 3}
    count = few.get(said) or number_in(said) or 1
    return int(_DAYS[unit] * count)
