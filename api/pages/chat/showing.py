"""The turns of a conversation as a page shows them, and which of them waits for somebody."""

from typing import NamedTuple

from agent.conversation.keeping import Keeping
from api.access.visit import Visit
from api.pages.chat.seen_turns import TurnSeen
from api.pages.chat.settings_of_steps import StepSettings, settings_of
from store.errors import NotFound
from store.records.conversations import Turn

LAST_TURNS = 20  # that a page shows at first
WITH_CARDS = 3  # of them, the last ones, whose cards come by themselves


class Shown(NamedTuple):
    """Turns in their order, and the number of the first that is not shown."""

    turns: list[TurnSeen]
    earlier: int  # how many turns lie before them


def shown_turns(visit: Visit, keeping: Keeping, before: int | None = None) -> Shown:
    """The last turns before a number, or of all."""
    turns = keeping.turns()
    waiting = waiting_number(keeping, turns)
    kept = turns if before is None else [turn for turn in turns if turn.number < before]
    page = kept[-LAST_TURNS:]
    seen = [_seen(visit, keeping, turn, waiting, len(turns)) for turn in page]
    return Shown(seen, len(kept) - len(page))


def shown_turn(visit: Visit, keeping: Keeping, number: int) -> TurnSeen:
    """One turn. Raises NotFound."""
    turns = keeping.turns()
    for turn in turns:
        if turn.number == number:
            return _seen(visit, keeping, turn, waiting_number(keeping, turns), len(turns))
    raise NotFound("There is no such turn", where="number")


def waiting_number(keeping: Keeping, turns: list[Turn]) -> int | None:
    """The turn whose plan waits."""
    if keeping.pending.waiting is None:
        return None
    return next((turn.number for turn in reversed(turns) if turn.status == "waiting"), None)


def settings_now(keeping: Keeping) -> list[StepSettings]:
    """The controls of the plan that waits; none where no plan does."""
    waiting = keeping.pending.waiting
    return settings_of(waiting) if waiting else []


def _seen(visit: Visit, keeping: Keeping, turn: Turn, waiting: int | None, last: int) -> TurnSeen:
    seen = TurnSeen.of(turn)
    # What runs is heard from its beginning by whoever follows it.
    for event in keeping.events(turn.number) if turn.status != "running" else ():
        seen.hear(event)
    seen.is_last, seen.waits = turn.number == last, turn.number == waiting
    seen.may_run = visit.principal.may("people", "run")
    seen.loads_cards = turn.number > last - WITH_CARDS
    return seen
