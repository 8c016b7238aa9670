"""Which profiles are named, and what is a new one to be called?"""

import re

from agent.planner.reading.sentence import Sentence
from agent.planner.reading.word_lists import word_list

_QUOTED = r"(?:\"(?P<q1>[^\"]{1,120})\"|(?<!\w)'(?P<q2>[^']{1,120})'(?!\w))"
_CAPITALS = (
    r"(?-i:[A-Z][\w&.'+-]{0,40}(?:\s(?:(?:of|the|for|in)\s(?=[A-Z0-9]))?(?:[A-Z0-9][\w&'+-]{0,40}|&)){0,5})"
)
_LOWER = (
    r"(?-i:[a-z][\w&'-]{1,40}(?:\s(?!(?:and|then|so|please|pls|for|with|from|in|at|on|to"
    r"|by|as|but|because|which|that|it|the|now|share|private"
    r"|again)\b)[a-z0-9][\w&'-]{0,40}){0,3})"
)
_NEW = re.compile(
    rf"(?:\b(?:and )?(?:(?:it's |its |to be |should be |be |is |are |is to be |shall be "
    rf"|will be |with the )?(?:named|called|titled|entitled|labelled|labeled|dubbed)"
    rf"|(?:re)?name (?:it|this|that|the (?:copy|clone|profile|icp|result|new one))"
    rf"|call (?:it|this|that|the (?:copy|clone|profile|icp|result|new one|duplicate))"
    rf"|under (?:the )?(?:new )?name|by the name of|(?:with )?(?:the )?name(?: of| is|:"
    rf"|=)?)(?: (?:profile|of|as|to))?\s?:?|->|=>)\s?"
    rf"(?:{_QUOTED}|(?P<capitals>{_CAPITALS})|(?P<lower>{_LOWER}))",
    re.I,
)
_AS = re.compile(
    rf"\b(?:as|to|into|->)\s(?:a (?:profile|copy|new profile) )?(?:(?:profile"
    rf"|icp)\s)?(?:{_QUOTED}|(?P<capitals>{_CAPITALS}))",
    re.I,
)
_SAVED_AS = re.compile(
    rf"\b(?:save|store|keep|record) (?:it|this|that|the (?:result|analysis|profile"
    rf"|icp))s? as (?:(?:a |an )?(?:new )?(?:profile|icp) )?(?:{_QUOTED}"
    rf"|(?P<capitals>{_CAPITALS}))",
    re.I,
)
_KIND = r"(?:icp|ideal customer|customer|buyer)?\s?(?:profiles?|icps?|personas?)"
_OF_PROFILE = [
    # profile 'Midmarket SaaS', the profile called X
    re.compile(rf"\b(?:profiles?|icps?)\s?:?\s?{_QUOTED}", re.I),
    re.compile(rf"{_QUOTED}\s(?:{_KIND}|one)\b", re.I),
    # the Enterprise profile
    re.compile(
        rf"(?:\b(?:the|our|my|a|this|that|of|for|against|with|on|from|profile|and|vs\.?|to)\s"
        rf"|(?<=\()|^|,\s?)(?P<capitals>{_CAPITALS})(?:'s)?\s(?:{_KIND}|one|ones)\b",
        re.I,
    ),
    # profile Enterprise
    re.compile(rf"\b(?:profiles?|icps?)\s(?P<capitals>{_CAPITALS})", re.I),
    re.compile(
        rf"\b(?:the|our|my)\s(?P<lower>[a-z][\w&'-]{{1,40}}(?:\s[a-z0-9][\w&'-]{{0,40}})?)\s{_KIND}\b", re.I
    ),
]
_BARE = re.compile(rf"{_QUOTED}|(?<![\w#@.])(?P<capitals>{_CAPITALS})", re.I)
_GENERIC = word_list("generic_names")


def _name_of(match: re.Match[str], *, given: bool = False) -> str | None:
    groups = match.groupdict()
    name = groups.get("q1") or groups.get("q2") or groups.get("capitals") or groups.get("lower")
    if name is None:
        return None
    name = name.strip(" .,;:!?'\"")
    words = name.split()
    if given:
        return re.sub(r"^(?:(?:the|a|an|profile|icp) )+", "", name, flags=re.I) or None
    if not groups.get("q1") and not groups.get("q2"):
        while words and words[0].lower() in _GENERIC:
            words = words[1:]
        while words and words[-1].lower() in (
            "profile",
            "icp",
            "please",
            "and",
            "the",
            "for",
            "of",
            "in",
            "again",
        ):
            words = words[:-1]
    return " ".join(words) or None


def take_new_name(sentence: Sentence, *, loosely: bool = False) -> str | None:
    """What something new is to be called; loosely: `as Enterprise EMEA` is a name too."""
    for pattern in (_NEW, _AS) if loosely else (_NEW, _SAVED_AS):
        for match in pattern.finditer(sentence.left):
            if name := _name_of(match, given=pattern is _NEW):
                sentence.blank(*match.span())
                return name
    return None


def take_profiles(sentence: Sentence, *, loosely: bool = False) -> list[str]:
    """Names of profiles in order of mention; loosely: any words with capitals or in quotes."""
    found: list[tuple[int, str]] = []
    if re.search(_KIND, sentence.left, re.I):
        for pattern in _OF_PROFILE:
            for match in list(pattern.finditer(sentence.left)):
                name = _name_of(match)
                if name and not set(name.lower().split()) <= _GENERIC:
                    found += [(match.start(), each) for each in _more(sentence, match, name)]
                    sentence.blank(*match.span())
    if not found and loosely:
        for match in list(_BARE.finditer(sentence.left)):
            name = _name_of(match)
            first = match.start() == 0 or sentence.left[: match.start()].rstrip()[-1:] in (".", "!", "?", "")
            if (
                name
                and not set(name.lower().split()) <= _GENERIC
                and not (first and len(name.split()) == 1 and match["capitals"])
            ):
                found.append((match.start(), name))
                sentence.blank(*match.span())
    return list(dict.fromkeys(name for _, name in sorted(found)))


_BRIEFED = [
    re.compile(
        rf"\b(?:the|our|my|a|an)\s(?:{_QUOTED}|(?P<capitals>{_CAPITALS}))"
        r"\s(?:(?:weekly|daily|monthly) )?briefings?\b",
        re.I,
    ),
    re.compile(rf"\bbriefings?\s(?:for|about)\s(?:the\s)?(?:{_QUOTED}|(?P<capitals>{_CAPITALS}))", re.I),
]


def take_briefed(sentence: Sentence) -> list[str]:
    """The profile of `the Enterprise briefing` or `the briefing for Enterprise`; empty without."""
    for pattern in _BRIEFED:
        for match in pattern.finditer(sentence.left):
            name = _name_of(match)
            if name and not {word.removesuffix("s") for word in name.lower().split()} & _GENERIC:
                sentence.blank(*match.span())
                return [name]
    return []


_AND_BEFORE = re.compile(
    rf"(?:{_QUOTED}|(?P<capitals>{_CAPITALS}))\s?(?:,|and|&|or|,\s?and)\s?(?:the\s)?$", re.I
)


def _more(sentence: Sentence, match: re.Match[str], name: str) -> list[str]:
    """Names that stand before this one and belong to the same profiles: `'A' and 'B'`, `A and B profiles`."""
    names = [name]
    after = re.compile(
        rf"\s?(?:,|and|&|,\s?and|or|vs\.?)\s(?:the\s)?(?:profile\s)?(?:{_QUOTED}|(?P<capitals>{_CAPITALS}))",
        re.I,
    )
    end = match.end()
    while (found := after.match(sentence.left, end)) and (other := _name_of(found)) and len(names) < 3:
        if set(other.lower().split()) <= _GENERIC:
            break
        names.append(other)
        sentence.blank(found.start(), found.end())
        end = found.end()
    plural = match[0].rstrip().lower().endswith(("profiles", "icps"))
    if plural and (found := _AND_BEFORE.search(sentence.left, max(0, match.start() - 60), match.start() + 1)):
        other = _name_of(found)
        if other and not set(other.lower().split()) <= _GENERIC:
            names.insert(0, other)
            sentence.blank(*found.span())
    if " and " in name and plural:
        names[names.index(name) : names.index(name) + 1] = name.split(" and ")
    return names


_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_SHORT_ORDINALS = ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th"]
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_SEGMENT = re.compile(
    rf"\b(?:(?:the )?(?P<ordinal>"
    rf"{'|'.join([*_ORDINALS, *_SHORT_ORDINALS, 'last', 'top', 'biggest', 'largest'])}) "
    rf"(?:customer )?(?:segment|seg|group)"
    rf"|(?:the )?segment (?:no\.? ?|number |nr\.? ?|#)?(?P<number>\d{{1,3}}|{'|'.join(_WORDS)})\b)",
    re.I,
)


def take_segment(sentence: Sentence, segments: list[str]) -> str | None:
    """The segment that is spoken of: by its name where it has one, else by the number as it was said."""
    lowered = sentence.left.lower()
    for name in sorted(segments, key=len, reverse=True):
        at = lowered.find(name.lower())
        if at >= 0:
            sentence.blank(at, at + len(name))
            sentence.take(re.compile(r"\b(?:the )?segments?\b", re.I))
            return name
    match = sentence.take(_SEGMENT)
    if match is None:
        return _named_in_part(sentence, segments)
    if match["ordinal"]:
        word = match["ordinal"].lower()
        if word == "last":
            return segments[-1] if segments else None
        table = _ORDINALS if word in _ORDINALS else _SHORT_ORDINALS
        number = table.index(word) + 1 if word in table else 1
    else:
        word = match["number"].lower()
        number = _WORDS.index(word) + 1 if word in _WORDS else int(word)
    if segments and 1 <= number <= len(segments):
        return segments[number - 1]
    return str(number)


_PART = re.compile(
    r"\b(?:the|from|of|for|like) (?:the )?(?P<name>[\w' -]{3,40}?) (?:segment|group|ones)\b", re.I
)


def _named_in_part(sentence: Sentence, segments: list[str]) -> str | None:
    """A segment by some words of its name: `the retirees segment`."""
    match = _PART.search(sentence.left)
    if match is None:
        return None
    said = {word.rstrip("s") for word in match["name"].lower().split()}
    near = [name for name in segments if said & {word.rstrip("s") for word in name.lower().split()}]
    if len(near) == 1:
        sentence.blank(*match.span())
        return near[0]
    return None
