"""Whom is it about: identifiers to be matched, persons to be shown, people to be found by their traits?"""

import re

from agent.planner.reading.delivery import take_format, take_identifier_type
from agent.planner.reading.fields import take_domains
from agent.planner.reading.identifiers import groups_of
from agent.planner.reading.names import take_profiles
from agent.planner.reading.places import Place
from agent.planner.steps.asking import NO_TRAITS, unknown_place, unknown_words
from agent.planner.steps.expressions import take_written
from agent.planner.steps.leading import without_lead
from agent.planner.traits.reading import Described
from agent.planner.turn import Arguments, Draft, Turn

_OF_LIST = re.compile(
    r"\b(?:list|file|upload(?:ed)?|attach(?:ed|ment)|export|spreadsheet|sheet|csv|crm"
    r"|dump)\b",
    re.I,
)


def resolve_identities(turn: Turn) -> Draft:
    """Match identifiers, or those of a file, to persons."""
    arguments: Arguments = {}
    # `Resolve these and enrich them: …`: the identifiers may stand in another clause.
    groups = turn.groups or (groups_of(turn.message.found, turn.message.marked.text) if not turn.file else [])
    if groups:
        arguments["multi_identifiers"] = groups
    elif turn.file:
        arguments["file"] = turn.file
    form = take_format(turn.sentence)
    if form:
        arguments["format"] = form
    ask = None if groups or turn.file else "Which identifiers should be matched? Upload a file or give them."
    return Draft("resolve_identities", arguments, ask)


_NUMBER = re.compile(r"(?<![\w.,$-])#?(\d{1,18})(?![\w%]|[.,]\d)")


def get_person(turn: Turn) -> Draft:
    """Show what is known of persons."""
    ids = turn.person_ids or [int(match[1]) for match in _NUMBER.finditer(turn.text)]
    arguments: Arguments = {"person_ids": ids} if ids else {}
    form = take_format(turn.sentence)
    turn.sentence.take_all(
        re.compile(
            r"\b(?:profiles?|persons?|people|records?|individuals?|(?<!ad )(?<!device )ids?|everything|enrich"
            r"|names? of)\b",
            re.I,
        )
    )
    domains = take_domains(turn.sentence)
    if domains:
        arguments["domains"] = domains
    if form:
        arguments["format"] = form
    before: list[Draft] = []
    matched = turn.earlier_step("resolve_identities")
    if matched is None and turn.groups and not turn.person_ids:
        before, matched = [resolve_identities(Turn(turn.message, turn.text))], len(turn.earlier)
        before[0].arguments.pop("format", None)
        ids = []
    if not ids and matched is not None:
        arguments["person_ids"] = f"$steps.{matched}.person_ids"
    ask = (
        None
        if "person_ids" in arguments
        else "Which persons? Give their ids, or match identifiers to persons first."
    )
    return Draft("get_person", arguments, ask, before)


def find_persons(turn: Turn) -> Draft:
    """Count or look up people by their traits."""
    arguments: Arguments = {}
    asks: list[str] = []
    delivery(turn, arguments)
    place = turn.place()
    profiles = take_profiles(turn.sentence) if re.search(r"\bprofile\b", turn.text, re.I) else []
    written = take_written(turn)
    people = Described() if written else turn.people_in(without_lead(turn.sentence.left))
    if text := written or people.text:
        arguments["expression"] = text
    asks += placed(arguments, place)
    if people.unknown and (not people.text or not _harmless(people.unknown)):
        asks.append(unknown_words(people.unknown))
    if profiles:
        arguments["icp_profile_id"] = profiles[0]
    if "expression" not in arguments and not asks:
        asks.append(NO_TRAITS)
    return Draft("find_persons", arguments, " ".join(asks) or None)


def _harmless(unknown: list[str]) -> bool:
    return all(len(words) < 3 for words in unknown)


def delivery(turn: Turn, arguments: Arguments) -> None:
    """How the people are to be handed over."""
    form = take_format(turn.sentence)
    kind = take_identifier_type(turn.sentence)
    if kind:
        arguments["identifier_type"] = kind
    if form:
        arguments["format"] = form


def placed(arguments: Arguments, place: Place | None) -> list[str]:
    """Put the place into the arguments; what must be asked of it."""
    if place is None:
        return []
    circle = place.circle
    if circle:
        arguments["location"] = circle
        return []
    return [unknown_place(place.unknown)]
