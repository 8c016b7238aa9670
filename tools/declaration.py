"""A tool, declared once: its name, its words and its two models come from one function."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from store.access import Scope
from store.exports import ExportLink
from store.workspace import Workspace

ExportFormat = Literal["none", "json", "csv", "jsonl"]
# A reader of JSON whose numbers are doubles keeps an id of 64 bits only as text.
PERSON_ID = {
    "anyOf": [
        {"type": "integer", "minimum": -(1 << 63), "exclusiveMaximum": 1 << 63},
        {"type": "string", "pattern": "^-?[0-9]{1,19}$"},
    ]
}
PersonId = Annotated[  # as snapshots and records keep it
    int, Field(ge=-(1 << 63), lt=1 << 63), WithJsonSchema(PERSON_ID, mode="validation")
]
WORKFLOW_ID = r"^[A-Za-z0-9_-]{1,64}$"


class ToolQuery(BaseModel):
    """What every request may say."""

    model_config = ConfigDict(extra="forbid")

    workflow_id: str | None = Field(
        default=None,
        pattern=WORKFLOW_ID,
        description="The job this call belongs to, a UUID; made by the first call that lacks one.",
    )


class ExportingQuery(ToolQuery):
    """A request whose answer can be a file."""

    format: ExportFormat = Field(
        default="none", description="`none` answers inline; `json`, `csv` and `jsonl` write an export."
    )


class ToolResult(BaseModel):
    """What every answer says."""

    workflow_id: str = ""
    tool_trace_id: str = ""


class ExportingResult(ToolResult):
    """An answer that may come with a file."""

    export: ExportLink | None = None


Query = TypeVar("Query", bound=ToolQuery)
Result = TypeVar("Result", bound=ToolResult)


@dataclass(frozen=True)
class Tool(Generic[Query, Result]):
    """A function of a workspace and a query, with the words and schemas that every door shows."""

    run: Callable[[Workspace, Query], Result]
    name: str
    summary: str
    description: str
    query: type[Query]
    result: type[Result]
    needs: frozenset[Scope]  # what whoever calls it must be allowed
    takes_away: bool = False  # something that was there is there no more

    @property
    def reads_only(self) -> bool:
        return "run" not in self.needs

    @property
    def input_schema(self) -> dict[str, Any]:
        return self.query.model_json_schema()

    @property
    def output_schema(self) -> dict[str, Any]:
        return self.result.model_json_schema(mode="serialization")


def tool(
    run: Callable[[Workspace, Query], Result],
    *,
    needs: tuple[Scope, ...] = ("read",),
    takes_away: bool = False,
) -> Tool[Query, Result]:
    """The declaration of a typed function `(workspace, query) -> result`."""
    hints = get_type_hints(run)
    names = list(inspect.signature(run).parameters)
    description = inspect.getdoc(run) or ""
    return Tool(
        run=run,
        name=run.__name__,
        summary=description.splitlines()[0],
        description=description,
        query=hints[names[1]],
        result=hints["return"],
        needs=frozenset(needs),
        takes_away=takes_away,
    )
