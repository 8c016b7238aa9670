"""What does a page show of a turn? Put together from what was told of it, in the order it was told."""

from dataclasses import dataclass, field, replace
from typing import Any

from agent.conversation.approval import why_approval
from agent.conversation.masking import is_masked
from agent.conversation.turn import Event
from agent.planner.plan import PlanStep
from api.pages.cards.of_results import CARDS
from api.pages.words import texts
from store.records.conversations import Turn

# What a workflow does, part by part, where that is known before it runs.
PARTS: dict[str, tuple[str, ...]] = {
    "analyze_customers": (
        "resolve",
        "mine",
        "segment",
        "profile",
        "size_strategies",
        "learn",
        "brief",
        "tell",
    )
}
SAID_AT_ONCE = ("explain", "help", "submit_feedback")
ENDED = ("done", "refused", "skipped", "planned", "cancelled")


@dataclass
class PartSeen:
    """One part of a step that has parts."""

    name: str
    status: str = "ahead"  # ahead, running or done
    count: int | None = None

    @property
    def words(self) -> str:
        """What it does."""
        return texts("chat").get(f"part_{self.name}", self.name.replace("_", " "))

    @property
    def counted(self) -> str:
        """What it counted, where that says something to a reader."""
        return _counted(f"counted_{self.name}", "", self.count)


@dataclass
class StepSeen:
    """One step of a plan: what it does, how far it is."""

    at: int
    tool: str
    in_words: str
    needs_yes: bool
    status: str = "ahead"
    count: int | None = None
    seconds: float | None = None
    done: int = 0
    of: int = 0
    parts: list[PartSeen] = field(default_factory=list)

    @property
    def counted(self) -> str:
        """What it counted, with what that is."""
        return _counted(f"counted_{self.tool}", "counted", self.count)

    def hear(self, body: dict[str, Any]) -> None:
        """Take in how far it is now."""
        self.status, self.count = body["status"], body.get("count", self.count)
        self.seconds = body.get("seconds")
        self.done, self.of = body.get("done", 0), body.get("of", 1)
        if body.get("part"):
            self._hear_part(body)
        if self.status in ENDED:
            self.parts = [one for one in self.parts if one.status != "ahead"]
            for one in self.parts:
                one.status = "done" if self.status == "done" else one.status

    def _hear_part(self, body: dict[str, Any]) -> None:
        for one in self.parts:
            if one.status == "running" and one.name != body["part"]:
                one.status = "done"
        part = next((one for one in self.parts if one.name == body["part"]), None)
        if part is None:
            part = PartSeen(body["part"])
            ahead = next((n for n, one in enumerate(self.parts) if one.status == "ahead"), len(self.parts))
            self.parts.insert(ahead, part)
        part.status = "done" if body.get("count") is not None else "running"
        part.count = body.get("count", part.count)
        self.count = None


@dataclass
class TurnSeen:
    """One message and what came of it, so far."""

    conversation_id: str
    number: int
    message: str
    file: str
    status: str
    workflow_id: str
    at: Any
    text: str = ""
    steps: list[StepSeen] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    is_last: bool = False
    waits: bool = False  # for somebody's yes, a no or a change
    may_run: bool = True  # whoever looks
    loads_cards: bool = True  # at once; else when asked to
    last_event: int = 0

    @classmethod
    def of(cls, turn: Turn) -> "TurnSeen":
        """The turn as its record has it, before any event."""
        return cls(
            conversation_id=turn.conversation_id,
            number=turn.number,
            message=turn.message,
            file=turn.file,
            status=turn.status,
            workflow_id=turn.workflow_id,
            at=turn.started_at,
            text=turn.text,
        )

    def hear(self, event: Event) -> None:
        """Take in one thing that was told."""
        body, self.last_event = event.body, event.number
        if event.kind == "plan":
            self.steps = [_step(at, step) for at, step in enumerate(body.get("steps", []))]
            if body.get("ask") or body.get("decline"):
                self.steps = []  # what is understood so far is told in the question
        elif event.kind == "progress":
            for step in self.steps:
                if step.at == body["step"]:
                    step.hear(body)
        elif event.kind == "answer":
            self.text, self.results = body["text"], body["results"]
            self.follow_ups = body["follow_ups"]
        elif event.kind == "done":
            self.status = body["status"]

    def begun(self) -> "TurnSeen":
        """The turn as it is before it told anything: its stream tells all of it, also where it has ended."""
        return replace(self, status="running", text="", steps=[], results=[], follow_ups=[], waits=False)

    @property
    def id(self) -> str:
        """Of its element."""
        return f"turn-{self.number}"

    @property
    def address(self) -> str:
        """Where what is its own is asked for."""
        return f"/chat/{self.conversation_id}/turns/{self.number}"

    @property
    def is_running(self) -> bool:
        return self.status == "running"

    @property
    def is_broken(self) -> bool:
        """Whether it ended without a word: its process died."""
        return self.status == "failed" and not self.text

    @property
    def can_be_said_again(self) -> bool:
        """Whether its message still says what it said."""
        return bool(self.message) and not is_masked(self.message)

    @property
    def shows_plan(self) -> bool:
        """Whether there is more to do than to answer in words."""
        return any(step.tool not in SAID_AT_ONCE for step in self.steps)

    @property
    def card_places(self) -> list[int]:
        """The places of the steps that may get a card."""
        return sorted({result["step"] for result in self.results})

    @property
    def is_told_by_cards(self) -> bool:
        """Whether each result has a card, so that the words say the same once more."""
        return bool(self.results) and all(any(mark in one for mark in CARDS) for one in self.results)

    @property
    def now(self) -> StepSeen | None:
        """The step that runs."""
        return next((step for step in self.steps if step.status == "running"), None)


def _counted(name: str, otherwise: str, count: int | None) -> str:
    known = texts("chat")
    told = (known.get(f"{name}_one") if count == 1 else None) or known.get(name) or known.get(otherwise)
    return told.format(count=count) if told and count is not None else ""


def _step(at: int, step: dict[str, Any]) -> StepSeen:
    tool = step["tool"]
    needs_yes = why_approval(PlanStep.model_validate(step)) is not None
    parts = [PartSeen(name) for name in PARTS.get(tool, ())]
    return StepSeen(at, tool, step["in_words"], needs_yes, parts=parts)
