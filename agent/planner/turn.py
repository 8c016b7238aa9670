"""One request of a message: its words, what came with it, and what was said before."""

from dataclasses import dataclass, field
from typing import Any

from agent.planner.plan import ConversationState, UnderstoodTrait, Uploaded
from agent.planner.reading.identifiers import Found, groups_of, person_ids_of, values_of
from agent.planner.reading.places import Place, take_place
from agent.planner.reading.sentence import Marked, Sentence
from agent.planner.traits.reading import Described, described
from store.workspace import Workspace
from tools.audience.expression import canonical, to_text

Arguments = dict[str, Any]


@dataclass
class Draft:
    """A step in the making: its arguments so far, what must be asked, and the steps that it needs first."""

    tool: str
    arguments: Arguments = field(default_factory=dict)
    ask: str | None = None
    before: list["Draft"] = field(default_factory=list)


@dataclass
class Message:
    """All that was sent, and all that is known beside it."""

    original: str
    marked: Marked
    found: list[Found]
    state: ConversationState
    file: Uploaded | None
    workspace: Workspace | None
    understood: list[UnderstoodTrait] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # what the text of an expression was called


@dataclass
class Turn:
    """A clause of a message that asks for one thing, and the steps planned before it."""

    message: Message
    text: str
    earlier: list[Draft] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sentence = Sentence(self.text)

    @property
    def state(self) -> ConversationState:
        return self.message.state

    @property
    def found(self) -> list[Found]:
        """What stands aside in this clause."""
        return [each for each in self.message.found if each.mark in self.text]

    @property
    def file(self) -> str | None:
        """The name of the file that came along, or of one that is named."""
        if self.message.file:
            return self.message.file.name
        named = values_of(self.message.found, "file")
        return named[0] if named else None

    @property
    def groups(self) -> list[dict[str, object]]:
        """Identifiers of persons, grouped as the tools take them."""
        return groups_of(self.found, self.text)

    @property
    def person_ids(self) -> list[int]:
        return person_ids_of(self.text)

    def analysis_ids(self) -> list[str]:
        """Ids of analyses in this clause."""
        return values_of(self.found, "analysis")

    def earlier_step(self, tool: str) -> int | None:
        """The number of the last earlier step of this tool."""
        numbers = [at for at, draft in enumerate(self.earlier) if draft.tool == tool]
        return numbers[-1] if numbers else None

    def shown(self, text: str) -> str:
        """A text with what its marks stand for."""
        return self.message.marked.restored(text)

    def people_in(self, text: str) -> Described:
        """The people whom a text describes."""
        found = described(text, self.message.workspace)
        self.take_in(found)
        return found

    def place(self) -> Place | None:
        """The place that is spoken of, whose words are taken out; the plan then tells its name."""
        place = take_place(self.sentence)
        if place is not None and place.name:
            self.message.said[f"{place.latitude}, {place.longitude}"] = place.name
        return place

    def take_in(self, found: Described) -> None:
        """Tell in the plan what these words were taken for."""
        message = self.message
        message.understood += [one for one in found.understood if one not in message.understood]
        message.said |= {
            to_text(canonical(one.expression)): one.said for one in found.meanings if one.clusters
        }
