"""What is an audience made from: an analysis, a segment, a profile, a file, people who did something?"""

import re
from dataclasses import dataclass, field

from agent.planner.reading.names import take_profiles, take_segment
from agent.planner.reading.quality import min_quality_of
from agent.planner.steps.analyses import analyze_customers, outcome_of
from agent.planner.turn import Arguments, Draft, Turn

_WHOM = (
    r"(?:them(?:selves)?|they|these(?: (?:people|customers|folks|ones|guys|buyers"
    r"|clients))?|those(?: (?:people|customers|folks|ones|buyers|clients))?|it|this|that"
    r"|him|her"
    r"|(?:(?:my|our|the|these|those|this|that|your|all|of|current|existing|best|top|loyal"
    r"|good|most|valuable|ideal|biggest|recent|vip|own|real|people|in|attached|uploaded"
    r"|seed|customer|above|previous|last|latest) ){0,6}"
    r"(?:customers?|clients?|buyers?|custs?|accounts?|subscribers?|members?|donors?"
    r"|shoppers?|patrons|users|guests|file|list|upload|attachment|seed|base|results?"
    r"|analysis|set|group|segment|crm|export|spreadsheet|winners|fans|profile|ones"
    r"|audience|people|persons|folks))"
)
_LIKE = re.compile(
    rf"\b(?:(?:who|that) )?(?:also )?(?:look-? ?a-? ?likes?(?: (?:audience|list|model"
    rf"|people|of|to|for|from|based on|on)){{0,4}}|(?:is |are |look(?:s|ing)? |people "
    rf"|more |folks |others? |prospects |just ){{0,4}}(?:like|similar(?: people| prospects"
    rf"| folks| ones| customers| audience| leads)?(?: to| like| as)?|resembl(?:e|es|ing)"
    rf"|close to|alike|akin to|the same as|matching|modell?ed (?:on|after)|twins of"
    rf"|based on|mirror(?:s|ing)?|who else is like))\s(?:the people in |people from "
    rf"|everyone in |everybody in |those in )?{_WHOM}\b"
    rf"|\blook-? ?a-? ?likes?(?: (?:audience|list|model|people|of|to|for|from)){{0,4}}\b"
    rf"|\bmore (?:people )?(?:of|like) (?:them|these|those)\b|\bmore (?:of )?(?:them"
    rf"|these)\b|\bsimilar (?:people|prospects|folks|audience|ones|customers|profiles)\b"
    rf"|\bwho else (?:is|looks) like (?:them|these|that)\b|\bof (?:the same|that"
    rf"|this) (?:kind|sort|type)\b|\bexpand(?:ing)? (?:on )?(?:my|our|the"
    rf"|this) (?:customer base|base|audience|customers|seed|list)\b"
    rf"|\bseed\b(?:\s?=\s?(?:the )?(?:attached|file|upload|list))?",
    re.I,
)
_FROM = re.compile(
    r"\b(?:from|out of|using|with|on|off|of|based on|for|use|take|into)\s(?:the |this "
    r"|that |my |our |these |those )?(?:results? of (?:the |this |that )?)?(?:last "
    r"|latest |previous |same |current |customer |new )?(?:analysis|results?|it|this|them"
    r"|that|findings|these|those|upload|file|list|seed|attachment|attached(?: (?:file"
    r"|list|customers))?|customers)\b(?! (?:who|that|which|with))"
    r"|\b(?:turn|convert|make) (?:it|this|that|them|the (?:analysis|results?)) into\b",
    re.I,
)
_OWN_CUSTOMERS = re.compile(
    r"\b(?:my|our|these|the attached|the uploaded) (?:\w+ )?(?:customers|clients|buyers"
    r"|subscribers|members|donors)\b",
    re.I,
)
_THE_PROFILE = re.compile(
    r"\b(?:the|our|this|that|my) (?:icp|(?:ideal customer |customer |saved )?profile)\b", re.I
)
_FROM_ONE = re.compile(r"\b(?:from|using|with|for|of|use)\b", re.I)
_POINTED_AT = re.compile(r"\b(?:it|this|that|profile)\b", re.I)
_LEFT_OVER = re.compile(r"\banalys[ie]s\b|\b(?:the )?attached\b|\bseed\b", re.I)


@dataclass
class Source:
    """The arguments that name the source, and the analysis that is needed first."""

    arguments: Arguments
    before: list[Draft] = field(default_factory=list)


@dataclass
class Said:
    """What the words say of the source; they are taken out of the sentence."""

    segment: str | None
    profiles: list[str]
    of_customers: bool = False  # in whatever words
    of_like: bool = False  # `lookalikes`, `people like my customers`
    of_own: bool = False  # `my customers`
    of_profile: bool = False  # `the profile`


def names_said(turn: Turn) -> Said:
    """The segment and the profiles that are named."""
    return Said(take_segment(turn.sentence, turn.state.segments), take_profiles(turn.sentence))


def source_of(turn: Turn, said: Said) -> Source | None:
    """The source that the words speak of; None where they speak of none, or it is not there."""
    _take_words(turn, said)
    if ids := turn.analysis_ids():
        return _of_analysis(ids[0], said)
    if profile := _profile(turn, said):
        return Source({"icp_profile_id": profile})
    if said.segment is not None or said.of_customers:
        found = source_at_hand(turn, of_segment=said.segment is not None)
        return Source(found.arguments | _segment(said), found.before) if found else None
    at = turn.earlier_step("analyze_customers")
    return None if at is None else _of_analysis(f"$steps.{at}.analysis_id", said)


def source_at_hand(turn: Turn, *, of_segment: bool = False) -> Source | None:
    """The analysis of a step before, of the file or identifiers that came along, or of an earlier turn."""
    at = turn.earlier_step("analyze_customers")
    if at is not None:
        return Source({"analysis_id": f"$steps.{at}.analysis_id"})
    if (turn.file or turn.groups or turn.person_ids) and not of_segment:
        words = turn.text if turn.groups or turn.person_ids else "analyze the file"
        draft = analyze_customers(Turn(turn.message, words, turn.earlier))
        quality = min_quality_of(turn.text)
        if quality and re.search(r"\bquality\b|\bconfiden|\bsure\b", turn.text, re.I):
            draft.arguments.setdefault("min_quality", quality[0])
        return analyzed_first(turn, draft)
    return Source({"analysis_id": turn.state.analysis_id}) if turn.state.analysis_id else None


def analyzed_first(turn: Turn, draft: Draft) -> Source:
    """The analysis that this draft will make."""
    return Source({"analysis_id": f"$steps.{len(turn.earlier)}.analysis_id"}, [draft])


def _take_words(turn: Turn, said: Said) -> None:
    sentence = turn.sentence
    said.of_profile = sentence.take(_THE_PROFILE) is not None
    like = sentence.take_all(_LIKE)
    from_them = sentence.take(_FROM)
    said.of_own = sentence.take(_OWN_CUSTOMERS) is not None
    said.of_like = bool(like)
    said.of_customers = bool(like or from_them or said.of_own)
    sentence.take_all(_LEFT_OVER)


def _profile(turn: Turn, said: Said) -> str | None:
    """The profile that is named, or the one spoken of last where that is meant."""
    if said.profiles:
        return said.profiles[0]
    last = turn.state.icp_profile
    if last is None:
        return None
    if said.of_profile and (said.of_customers or _FROM_ONE.search(turn.text)):
        return last
    nothing_else = not (turn.state.analysis_id or turn.file or turn.earlier or said.segment or said.of_own)
    return last if said.of_customers and nothing_else and _POINTED_AT.search(turn.text) else None


def _of_analysis(analysis_id: str, said: Said) -> Source:
    return Source({"analysis_id": analysis_id} | _segment(said))


def _segment(said: Said) -> Arguments:
    return {} if said.segment is None else {"segment": said.segment}


_LIKE_THOSE_WHO = re.compile(
    r"\b(?:look-? ?a-? ?likes? (?:of|for|to)|(?:people |more |folks "
    r"|others? ){0,4}(?:like|similar to|resembling)) (?:the )?(?P<who>(?:people|those"
    r"|everyone|folks|the ones|customers) (?:who|that|with|in the market)\b.+)",
    re.I,
)


def like_those_who(turn: Turn) -> Source | None:
    """`lookalikes of people who gave to charity`: those are analyzed first."""
    match = _LIKE_THOSE_WHO.search(turn.sentence.left)
    if match is None:
        return None
    told = re.split(r",| but ", match["who"])[0]
    draft = outcome_of(turn, told)
    if draft is None:
        return None
    start = match.start("who")
    turn.sentence.blank(match.start(), start + len(told))
    return analyzed_first(turn, draft)
