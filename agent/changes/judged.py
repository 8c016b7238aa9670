"""Which changes are new, which go on, and which three are told?"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from agent.changes import words
from agent.changes.outcomes import telling
from agent.changes.result import Changes, ToldChange

if TYPE_CHECKING:
    from tools.outcomes.changes.findings import OutcomeChanges

MOST_TOLD = 3
MOST_OF_ONE = 2  # changes of one thing that are told, where others are too few


class Candidate(BaseModel):
    """A significant change in words, and what it is chosen by."""

    told: ToldChange
    short: str = Field(description="The change in a few words, for the headline.")
    thing: str = Field(description="What it is of: two levels of one attribute are of one thing.")
    p_value: float


class Judged(BaseModel):
    """What is significant: new, or told before."""

    told: list[Candidate] = Field(default_factory=list, description="New; the surest, at most three.")
    more: list[Candidate] = Field(default_factory=list, description="New too.")
    continuing: list[ToldChange] = Field(default_factory=list)
    keys: list[str] = Field(default_factory=list, description="Of all that is significant.")
    new_keys: list[str] = Field(default_factory=list)
    data_known: list[str] = Field(default_factory=list, description="Changes of the data told before.")
    data_lately: list[str] = Field(default_factory=list, description="Of these, told first a few weeks ago.")

    @property
    def new(self) -> list[Candidate]:
        """All that is new."""
        return [*self.told, *self.more]


def judged(
    found: Changes | None,
    outcomes: "OutcomeChanges | None",
    known: Collection[str],
    links: tuple[str, str] = ("", ""),
    left_out: Collection[str] = (),
) -> Judged:
    """What is new and what goes on.

    known: keys that were significant before. links: pages of the comparison, and of the outcomes. left_out:
    hashes of clusters of which nothing is to be told.
    """
    candidates = [*_of_outcomes(outcomes, links[1]), *_of_analyses(found, links[0], left_out)]
    candidates.sort(key=lambda each: (each.p_value, each.told.key))
    new = [each for each in candidates if each.told.key not in known]
    told = _varied(new)
    carried = [each.key for each in outcomes.carried] if outcomes else []
    return Judged(
        told=told,
        more=[each for each in new if each not in told],
        continuing=[each.told for each in candidates if each.told.key in known],
        keys=sorted({each.told.key for each in candidates} | set(carried)),
        new_keys=[each.told.key for each in new],
    )


def _of_outcomes(found: "OutcomeChanges | None", link: str) -> list[Candidate]:
    if found is None:
        return []
    return [
        Candidate(
            told=telling.told(each, found, link),
            short=telling.short(each, found.currency),
            thing=telling.thing_of(each),
            p_value=each.p_value,
        )
        for each in found.changes
    ]


def _of_analyses(found: Changes | None, link: str, left_out: Collection[str]) -> list[Candidate]:
    if found is None:
        return []
    from tools.mining.changes.changes import significant

    return [
        Candidate(
            told=words.told(each, found.tests).model_copy(update={"link": link}),
            short=words.short(each),
            thing=words.thing_of(each),
            p_value=words.p_of(each),
        )
        for each in significant(found, found.q)
        if words.hash_of(each) not in left_out
    ]


def _varied(new: Sequence[Candidate]) -> list[Candidate]:
    """The surest of each thing first; a second of one thing only where there is room, a third never."""
    told: list[Candidate] = []
    for most in range(1, MOST_OF_ONE + 1):
        for each in new:
            of_it = sum(other.thing == each.thing for other in told)
            if len(told) < MOST_TOLD and each not in told and of_it < most:
                told.append(each)
    return sorted(told, key=new.index)
