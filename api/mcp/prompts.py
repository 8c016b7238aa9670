"""Which tasks does MCP offer as prompts, and what do they say?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mcp_types import GetPromptResult, PromptArgument, PromptMessage, TextContent
from mcp_types import Prompt as ShownPrompt

from prompts import Prompt
from store.errors import BadInput, NotFound

LONGEST = 20_000  # characters of one argument


@dataclass(frozen=True)
class Blank:
    """One argument of a prompt. `usual` stands in its place when it is left out; none: it is wanted."""

    name: str
    description: str
    usual: str | None = None


@dataclass(frozen=True)
class Task:
    """A prompt: its words lie in `prompts/mcp`, under its name."""

    name: str
    title: str
    description: str
    blanks: Sequence[Blank]

    @property
    def shown(self) -> ShownPrompt:
        return ShownPrompt(
            name=self.name,
            title=self.title,
            description=self.description,
            arguments=[
                PromptArgument(name=b.name, description=b.description, required=b.usual is None)
                for b in self.blanks
            ],
        )

    @property
    def words(self) -> Prompt:
        return _words(self.name)


TASKS = (
    Task(
        "analyze_best_customers",
        "Analyse my best customers",
        "Who the best customers are: what sets them apart, their segments, and how many more there are.",
        (
            Blank(
                "customers",
                "Their e-mails, phones, addresses, ad ids or person ids; or their outcome.",
            ),
            Blank("goal", "What it is for.", ""),
        ),
    ),
    Task(
        "build_audience",
        "Build an audience",
        "People who fit, from an analysis, traits or an expression: sized, near a place, as a file.",
        (
            Blank("wanted", "Whom: traits in words, an expression over clusters, or an analysis_id."),
            Blank("strategy", "`precision`, `hybrid`, `reach` or `ranked`.", "precision"),
            Blank("size", "How many at most.", "as many as fit"),
            Blank("place", "Latitude, longitude and radius.", "anywhere"),
        ),
    ),
    Task(
        "weekly_briefing",
        "Weekly briefing",
        "What changed since the analysis before, one risk, one thing to do.",
        (Blank("about", "The analysis_id it is about.", "The newest analysis."),),
    ),
)


@cache
def _words(name: str) -> Prompt:
    return Prompt(name, files("prompts").joinpath(f"mcp/{name}.md").read_text(encoding="utf-8"))


def filled(name: str, given: dict[str, str]) -> GetPromptResult:
    """The prompt of this name, its blanks filled. Raises NotFound, and BadInput that names arguments."""
    task = next((each for each in TASKS if each.name == name), None)
    if task is None:
        names = ", ".join(each.name for each in TASKS)
        raise NotFound("There is no such prompt", where="name", instead=f"The prompts are {names}.")
    _require_fitting(task, given)
    text = task.words.fill(**{blank.name: given.get(blank.name, blank.usual) for blank in task.blanks})
    message = PromptMessage(role="user", content=TextContent(text=text))
    return GetPromptResult(description=task.description, messages=[message])


def _require_fitting(task: Task, given: dict[str, str]) -> None:
    known = {blank.name for blank in task.blanks}
    missing = [blank.name for blank in task.blanks if blank.usual is None and not given.get(blank.name)]
    long = [blank.name for blank in task.blanks if len(given.get(blank.name, "")) > LONGEST]
    if missing or long or set(given) - known:
        raise BadInput(
            f"The arguments of {task.name} do not fit",
            where="arguments",
            instead=f"It takes {', '.join(blank.name for blank in task.blanks)}"
            + (f"; {', '.join(missing)} is wanted" if missing else "")
            + (f"; {', '.join(long)} may have {LONGEST:,} characters" if long else "")
            + ".",
        )
