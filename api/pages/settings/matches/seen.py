"""What is known of whose identifiers these are, with every value masked?"""

from typing import NamedTuple, cast

from agent import CATALOGUE
from agent.conversation.answers.people import masked_value
from store.population.domains import HashType, IdentifierType
from store.population.fields import CONTACTS
from store.population.lookup import digest, normal_form
from store.workspace import Workspace
from tools.calls import call, tool_named
from tools.identity.corrections.keeping import place_of
from tools.identity.corrections.known_again import Own, Place, identifiers_of
from tools.identity.corrections.overlay import SHIFT, Corrected, corrections_on
from tools.identity.corrections.split_match import seen_identifiers
from tools.identity.resolve_identities import ResolveResult

MOST = 10  # persons shown of those an identifier leads to


class Given(NamedTuple):
    """An identifier as somebody typed it."""

    kind: IdentifierType
    hashed: HashType
    value: str

    def is_that(self, own: Own) -> bool:
        """Whether this one of a person's is it."""
        if own.id_type != self.kind:
            return False
        if self.hashed != "plaintext":
            return digest(own.normal, self.hashed) == self.value.strip().lower()
        return normal_form(self.kind, self.value) == own.normal


class Mine(NamedTuple):
    """One identifier of a person.

    number: its place among theirs of the kind. shared_by: how many others have it. is_asked: whether it is
    the one that was looked for. is_split: whether it was split off already and does not lead to them.
    """

    which: str
    kind: str
    number: int
    masked: str
    shared_by: int
    is_asked: bool
    is_split: bool


class Seen(NamedTuple):
    """A person, masked."""

    person_id: str
    masked: str
    quality: float | None  # of the match that led here
    identifiers: list[Mine]


class Led(NamedTuple):
    """To whom an identifier leads, the surest first. others: how many more there are."""

    people: list[Seen]
    others: int


def masked_id(person_id: int | str) -> str:
    """`•••47`."""
    return masked_value("id", str(person_id))


def person_seen(
    workspace: Workspace, person_id: int, given: Given | None = None, quality: float | None = None
) -> Seen:
    """The person of this id. Raises NotFound."""
    population, corrected = workspace.population, corrections_on(workspace)
    place = place_of(population, person_id, "person")
    own = identifiers_of(population, place)
    shared = {each.which: each.shared_by for each in seen_identifiers(population, own, place)}
    mine = [
        Mine(
            each.which,
            each.id_type,
            each.slot + 1,
            masked_value(each.id_type, each.normal),
            shared[each.which],
            given is not None and given.is_that(each),
            corrected is not None and _is_split(corrected, place, each),
        )
        for each in own
    ]
    return Seen(str(person_id), masked_id(person_id), quality, mine)


def _is_split(corrected: Corrected, place: Place, own: Own) -> bool:
    shard, number = place
    split = corrected.split.get(own.id_type)
    return split is not None and (shard << SHIFT | number) * CONTACTS + own.slot in split


def led_to(workspace: Workspace, given: Given) -> Led:
    """Whoever this identifier leads to, by the tool that resolves it: corrections hold. Raises BadInput."""
    asked = {"id_type": given.kind, "id_hash": given.hashed, "identifiers": [given.value]}
    found = cast(ResolveResult, call(tool_named(CATALOGUE, "resolve_identities"), workspace, asked))
    ordered = sorted(found.identities, key=lambda each: -each["overall_quality_score"])
    people = [
        person_seen(workspace, each["person_id"], given, each["overall_quality_score"])
        for each in ordered[:MOST]
    ]
    return Led(people, len(ordered) - len(people))
