"""Which clusters are to be listed or shown?"""

import re

from agent.planner.reading.fields import take_domains
from agent.planner.reading.identifiers import cluster_keys
from agent.planner.reading.quantities import quantities
from agent.planner.turn import Arguments, Draft, Turn

_NAME = re.compile(r"(?<![\w\ue000-\uefff])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?!\w)", re.I)
_NOUN = (
    r"(?:clusters?|traits?|attributes?|variables?|fields?|data ?points?|selects?|filters?"
    r"|topics?|categories|segments?|data|information|values?|options?|facts"
    r"|characteristics|columns|things|ones|kinds?|sorts?|types?|stuff|anything|something)"
)
_ABOUT = re.compile(
    r"\b(?:about|related? to|relating to|regarding|concerning|around|to do with"
    r"|having to do with|to do|that (?:mention|cover|describe|concern|mean|are about"
    r"|relate to|have to do with|fit|suit|capture)|mention(?:s|ing)?|cover(?:s|ing)?"
    r"|describ(?:e|es|ing)|captur(?:e|es|ing)|tell(?:s|ing)? us about|like|matching|on"
    r"|for|in|of|with|by)\s(?P<what>.+)$",
    re.I,
)
_END = re.compile(
    r"(?:[?.!,;:]+|\s(?:please|pls|thanks|thank you|do you have|have you got|have we got"
    r"|(?:(?:that|which) )?you (?:can (?:list|show|offer)|hold|carry|track|know|offer|keep)"
    r"|we have|are there|there are|you have|you've got|you got|we got"
    r"|in the (?:catalog(?:ue)?|data(?:base)?|warehouse|population|system)|in (?:here"
    r"|there|your data|our data)|exist|available|at all|can i (?:use|target|filter on"
    r"|pick)|i can use|to (?:target|filter|use)|if any|by the way|btw|today|for me|too"
    r"|as well|do we have|do we hold|to us))+\s*$",
    re.I,
)
_LEAD = re.compile(
    rf"^(?:(?:hi|hey|hello|ok|so|and|please|pls|can you|could you|would you|i want to"
    rf"|i'd like to|i need|we need|let me|help me|do|does|is|are|there|you|we|have|has|got"
    rf"|any|anything|something|what|what's|which|who|kind|kinds|sort|sorts|type|types|of"
    rf"|show|see|list|find|search|look|looking|up|for|browse|give|get|me|us|tell|all|the"
    rf"|every|some|a|an|first|top|best|only|know|track|hold|cover|carry|store|keep|many"
    rf"|how|out|our|your|in|catalog(?:ue)?|{_NOUN}|\d+|ten|five|twenty|fifty|hundred|with"
    rf"|about|on|related|to|around|would|will|should|could|might|be|exist|available|that"
    rf"|this|these|those|related|domain|named|called|i|can|use|pick|target|filter|choose"
    rf"|want|like|go|through|display|print|fetch|pull|explore|dig|into|check|whether|if"
    rf"|describe|describes|mention|mentions|regarding|concerning|most|relevant)\b[\s,:]*)+",
    re.I,
)
_LIMIT_NOUN = re.compile(rf"\s?(?:\w{{1,30}} ){{0,2}}{_NOUN}\b", re.I)
_LIMIT_LEAD = re.compile(
    r"\b(?:first|top|best|only|up to|at most|max(?:imum)?|limit(?: of| to|:)?|show|list"
    r"|give me|no more than|just)\s*$",
    re.I,
)
_ALL_OF = ("intent_category", "intent_topic")


def list_clusters(turn: Turn) -> Draft:
    """List clusters by name, by domain or by what they mean."""
    arguments: Arguments = {}
    sentence = turn.sentence
    names = [match[1].lower() for match in _NAME.finditer(sentence.left)]
    named = [name for name in names if name not in _ALL_OF]
    if limit := _limit(turn):
        arguments["limit"] = limit
    named = (
        list(dict.fromkeys([*_known_names(turn), *named])) if named or _VALUES.search(turn.text) else named
    )
    if named:
        return Draft("list_clusters", {"cluster_names": list(dict.fromkeys(named))} | arguments)
    words = _words(sentence.left)
    domain = _domain(words)
    if domain:
        return Draft("list_clusters", {"domain": domain} | arguments)
    if words:
        return Draft("list_clusters", {"query": turn.shown(words)[:500]} | arguments)
    return Draft("list_clusters", arguments)


def _limit(turn: Turn) -> int | None:
    for number in quantities(turn.sentence.left):
        before, after = turn.sentence.left[: number.start], turn.sentence.left[number.end :]
        if not number.value.is_integer() or not 1 <= number.value <= 1_000:
            continue
        if _LIMIT_NOUN.match(after) or _LIMIT_LEAD.search(before[-20:]):
            lead = _LIMIT_LEAD.search(before)
            turn.sentence.blank(lead.start() if lead else number.start, number.end)
            return int(number.value)
    return None


_VALUES = re.compile(
    r"\bvalues?\b|\boptions? (?:for|of)\b|\bnamed\b|\bcalled\b|\bbrackets?\b|\bbands?\b"
    r"|\bbins?\b|\blevels?\b",
    re.I,
)


def _known_names(turn: Turn) -> list[str]:
    """Attributes of the catalogue by their names, where the words ask for their values."""
    workspace = turn.message.workspace
    if workspace is None or not _VALUES.search(turn.text):
        return []
    text = re.sub(r"[^a-z0-9]+", " ", turn.text.lower())
    found = []
    for name in workspace.population.catalogue.names:
        at = f" {text} ".find(f" {name.replace('_', ' ')} ")
        if at >= 0:
            found.append((at, name))
    kept = [
        (at, name)
        for at, name in found
        if not any(name != other and name in other and abs(at - o) < len(other) for o, other in found)
    ]
    return [name for _, name in sorted(kept)]


def _words(text: str) -> str:
    """The words for what the clusters should mean."""
    text = " ".join(text.split())
    if quoted := re.search(r'"([^"]{2,80})"', text):
        return quoted[1]
    text = re.sub(r"\b(?:on )?when it comes to\b", "about", text, flags=re.I)
    _, colon, asked = text.rpartition(": ")
    if colon and re.search(_NOUN, asked, re.I):
        text = asked
    for _ in range(3):
        text = _END.sub("", text)
    about = _ABOUT.search(text)
    head = text[: about.start()] if about else text
    # The words before `about` are only the question: `which traits are there`.
    if about and not _telling(head):
        text = about["what"]
    text = _LEAD.sub("", text)
    text = re.sub(
        r"\b(?:related |matching )?(?:clusters?|traits?|attributes?|data points?"
        r"|variables?)(?: (?:list|names?|there are|please))?\s*$",
        "",
        text,
        flags=re.I,
    )
    return re.sub(r"^(?:the|our|your|my|any|some)\s", "", text.strip(" .,;:?!-\"'"), flags=re.I)


def _telling(text: str) -> bool:
    return bool(_LEAD.sub("", text).strip(" .,;:?!-"))


def _domain(words: str) -> str | None:
    """The domain, where the words are but its name."""
    from agent.planner.reading.sentence import Sentence

    exact = re.sub(
        r"[\s_-]+(?:domain|clusters?|traits?|attributes?|data|ones|category|group|fields"
        r"|stuff|information)*$",
        "",
        words.lower(),
    ).replace(" ", "_")
    names = _DOMAIN_NAMES.get(exact)
    if names:
        return names
    if re.search(r"\bdomain\b", words, re.I):
        found = take_domains(Sentence(words))
        return found[0] if len(found) == 1 else None
    return None


_DOMAIN_NAMES = {
    "financial": "financial",
    "finance": "financial",
    "finances": "financial",
    "demographic": "demographic",
    "demographics": "demographic",
    "interest": "interest",
    "interests": "interest",
    "lifestyle": "lifestyle",
    "lifestyles": "lifestyle",
    "household": "household",
    "households": "household",
    "purchase": "purchase",
    "purchases": "purchase",
    "purchasing": "purchase",
    "political": "political",
    "politics": "political",
    "affinity": "affinity",
    "affinities": "affinity",
    "content": "content",
    "employment": "employment",
    "intent_category": "intent_category",
    "intent_categories": "intent_category",
    "intent_topic": "intent_topic",
    "intent_topics": "intent_topic",
    "address": "address",
    "money": "financial",
    "hobby": "interest",
    "hobbies": "interest",
    "job": "employment",
    "jobs": "employment",
    "work": "employment",
    "occupation": "employment",
    "geographic": "address",
    "location": "address",
    "political_ones": "political",
}


def get_cluster(turn: Turn) -> list[Draft]:
    """Show one cluster, or several one after the other."""
    keys = cluster_keys(turn.found, turn.text)
    if not keys:
        return [
            Draft("get_cluster", {}, "Which cluster? Give its id or its hash, as `list_clusters` shows them.")
        ]
    return [
        Draft("get_cluster", {"cluster_id" if each.kind == "cluster" else "cluster_hash": each.value})
        for each in keys
    ]
