"""Whose profile is wanted, and what changed since?"""

import re

from agent.planner.reading.fields import take_domains
from agent.planner.reading.quality import min_quality_of
from agent.planner.reading.sentence import Sentence
from agent.planner.steps.asking import NO_CUSTOMERS
from agent.planner.steps.leading import without_lead
from agent.planner.traits.meaning import Meaning
from agent.planner.traits.reading import described
from agent.planner.turn import Arguments, Draft, Turn
from store.population.catalogue import Cluster
from tools.audience.expression import all_of, canonical, to_text

_SENSITIVE = re.compile(
    r"\b(?:includ(?:e|es|ing)|with|also|even|plus|look at|add|allow|use|and|don't (?:skip"
    r"|leave out|exclude)|consider|cover"
    r"|incl\.?)\b[^.,;]{0,30}?\b(?:sensitive(?: (?:attributes|traits|data|ones|fields"
    r"|topics))?|religio(?:n|us)|ethnicit(?:y|ies)|race|politic(?:s|al)|health(?: (?:data"
    r"|status|traits))?|sexuality|sexual orientation|faith)\b(?:(?:,| and| or"
    r"|/) ?(?:religion|ethnicity|politics|health|race|sexuality|faith"
    r"|political views))*(?: (?:as well|too|traits|attributes|data))*",
    re.I,
)
_NOT_SENSITIVE = re.compile(
    r"\b(?:no|without|not|don't|exclud\w+|leave out|skip)\b[^.,;]{0,24}\b(?:sensitive"
    r"|religion|ethnicity|politics|health)\b",
    re.I,
)
_ONLY = re.compile(
    r"\b(?:only|just|solely|purely|nothing but|focus(?:s?(?:ed|ing))?|limit(?:ed)?"
    r"|restrict(?:ed)?|stick(?:ing)? to|concentrat(?:e|ing)|look(?:ing)? (?:only )?at"
    r"|in terms of|based on|regarding|concerning|when it comes to|as far as"
    r"|with respect to|with regard to|considering|using|by|on their|what about|we care about|i care about)\b",
    re.I,
)
_ON_ONLY = re.compile(r"\bon\b(?=[^.]{0,60}\b(?:only|traits|attributes|domains)\b)", re.I)


def analyze_customers(turn: Turn) -> Draft:
    """Find out what sets customers apart."""
    arguments: Arguments = {}
    quality = min_quality_of(turn.sentence.left)
    if quality:
        arguments["min_quality"] = quality[0]
        turn.sentence.blank(*quality[1])
    _sensitive(turn, arguments)
    domains = _domains(turn)
    among = _among(turn)
    ask = None
    if turn.groups:
        arguments["multi_identifiers"] = turn.groups
    elif turn.person_ids:
        arguments["person_ids"] = turn.person_ids
    elif turn.file:
        arguments["file"] = turn.file
    elif draft := outcome_of(turn, turn.sentence.left):
        arguments |= draft.arguments
    else:
        ask = NO_CUSTOMERS
    if domains:
        arguments["domains"] = domains
    if among and "among" not in arguments:
        arguments["among"] = among
    return Draft("analyze_customers", arguments, ask)


def _sensitive(turn: Turn, arguments: Arguments) -> None:
    if turn.sentence.take(_NOT_SENSITIVE) is None and turn.sentence.take(_SENSITIVE):
        arguments["include_sensitive"] = True


def _domains(turn: Turn) -> list[str]:
    """The domains to be looked at, where the words narrow it to some."""
    sentence = turn.sentence
    match = _ONLY.search(sentence.left) or _ON_ONLY.search(sentence.left)
    if match is None:
        return []
    start = match.start()
    found = take_domains(Sentence(sentence.left[start:]))
    if not found:
        head = Sentence(sentence.left[max(0, start - 60) : start])
        if re.match(r"only\b", match[0], re.I) and (found := take_domains(head)):
            sentence.blank(max(0, start - 60), start)
    if found:
        sentence.blank(start, start + len(sentence.left[start:].split(".")[0].split(";")[0]))
    return found


_AMONG = re.compile(
    r"\b(?:among(?:st)?|compared (?:to|with) (?:other )?|relative to (?:other )?"
    r"|within the (?:population|universe) of|versus other|vs\.? other|against other"
    r"|compar(?:e|ed|ing) (?:[\w']+ ){0,3}?(?:with|to|against)(?: only)?"
    r"|but only (?:among|in|for)|only (?:among|in|for|people (?:in"
    r"|from)))\s(?P<who>[^.;?!]{2,120})",
    re.I,
)


def _among(turn: Turn) -> str | None:
    """An expression for the people among whom it is looked."""
    match = _AMONG.search(turn.sentence.left)
    if match is None:
        return None
    found = turn.people_in(without_lead(match["who"]))
    if found.text is None:
        return None
    turn.sentence.blank(*match.span())
    return found.text


def outcome_of(turn: Turn, text: str) -> Draft | None:
    """An analysis of the people with a trait, as if they were the customers; other traits narrow it."""
    if turn.message.workspace is None:
        return _outcome_in_words(text)
    found = described(_without_question(text), turn.message.workspace)
    meanings = [one for one in found.meanings if one.clusters and found.expression is not None]
    if not meanings or found.unknown:
        return _spelled_outcome(text)
    turn.take_in(found)
    outcome = next((one for one in meanings if not _is_background(one)), meanings[0])
    cluster: Cluster = outcome.clusters[0]
    arguments: Arguments = {"outcome": {"attribute": cluster.name, "value": cluster.value}}
    others = [one.expression for one in meanings if one is not outcome]
    if others:
        arguments["among"] = to_text(canonical(all_of(others)))
    return Draft("analyze_customers", arguments)


def _is_background(meaning: Meaning) -> bool:
    """Whether a trait rather says among whom: a state, an age, a gender."""
    return meaning.attribute in (
        "state",
        "gender",
        "age_range",
        "age",
        "zip3",
        "area_type",
        "household_income_range",
    )


_QUESTION = re.compile(
    r"\b(?:what(?:'s| is| are)?|which (?:traits|things)?|how|find out|tell me|show me"
    r"|analy[sz](?:e|ing)|analysis(?: of| on)?|profil(?:e|ing)|sets?|setting|makes?|make"
    r"|apart|different|special|tick|unusual|unique|distinctive|from|everyone else"
    r"|everybody else|else|ordinary people|others|the rest|distinguish(?:es)?"
    r"|characteri[sz]es?|characteristics|describes?|defines?|in common|common|typical"
    r"|for me|them|as if they were (?:my|our) customers|as (?:my|our) customers|(?:my|our"
    r"|the|best|top|loyal|own) customers|stands?|out|understand|patterns?|there"
    r"|insights?(?: on| into)?|about|compared(?: to| with)?"
    r"|the (?:general )?(?:population|average|norm)|do|does|share|run|customers?|why"
    r"|profile|give me|have|look like|look at|people like)\b",
    re.I,
)


def _without_question(text: str) -> str:
    kept = re.compile(r"\b(?:who|people who|that) (?:have|has|own)\b", re.I).sub(" who own ", text)
    return without_lead(_QUESTION.sub(lambda m: " " * len(m[0]), kept))


_DONE = {
    "subscri": "subscribed",
    "convert": "converted",
    "respon": "responded",
    "renew": "renewed",
    "upgrad": "upgraded",
    "buy": "bought",
}
_DOER = re.compile(
    r"\b(subscri(?:bers?|bed?)|convert(?:ers?|ed|s)?|respon(?:ders?|ded|dents?)"
    r"|renew(?:ers?|ed|als?)|upgrad(?:ers?|ed))\b",
    re.I,
)
_SPELLED = re.compile(
    r"\b([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\s?(?:=|is|equals)\s?(yes|no|true|false"
    r"|[\w-]{1,30})\b",
    re.I,
)


def _outcome_in_words(text: str) -> Draft | None:
    """Without a catalogue: an attribute that is written out, or what people did."""
    if draft := _spelled_outcome(text):
        return draft
    if match := _DOER.search(text):
        done = next(done for start, done in _DONE.items() if match[1].lower().startswith(start))
        return Draft("analyze_customers", {"outcome": {"attribute": done, "value": "Yes"}})
    return None


def _spelled_outcome(text: str) -> Draft | None:
    """An attribute that is written out with its value, though no catalogue has it: `plan_level is gold`."""
    match = _SPELLED.search(text)
    if match is None or not ("_" in match[1] or "=" in match[0]):
        return None
    value = match[2].capitalize() if match[2].lower() in ("yes", "no") else match[2]
    return Draft("analyze_customers", {"outcome": {"attribute": match[1], "value": value}})


_BIGGEST = re.compile(
    r"\b(?:(?:only|just|the|top|first) ){1,2}(\d{1,3}) (?:(?:biggest|largest|main|top) )?"
    r"(?:changes|differences|shifts)\b",
    re.I,
)


def compare_analyses(turn: Turn) -> Draft:
    """Tell what changed from one analysis to another."""
    ids = turn.analysis_ids()
    arguments: Arguments = {}
    if len(ids) > 1:
        arguments = {"before": ids[0], "after": ids[1]}
        if re.search(r"\bafter\b[^a-z]{0,4}" + _mark(turn, ids[0]), turn.text, re.I):
            arguments = {"before": ids[1], "after": ids[0]}
    elif ids:
        arguments = {"before": ids[0]}
    if shown := _BIGGEST.search(turn.text):
        arguments["max_shown"] = int(shown[1])
    return Draft("compare_analyses", arguments)


def _mark(turn: Turn, value: str) -> str:
    return next((each.mark for each in turn.found if each.value == value), "\uffff")
