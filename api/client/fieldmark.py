"""A served house, asked as if it were here."""

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, overload

from agent import CATALOGUE
from api.client.connection import Connection
from api.client.files import download
from api.client.jobs import Jobs
from api.client.profiles import Profiles
from store.exports import ExportLink
from store.workspace import Workspace
from tools.calls import tool_named
from tools.declaration import Tool, ToolQuery, ToolResult

Query = TypeVar("Query", bound=ToolQuery)
Result = TypeVar("Result", bound=ToolResult)
Arguments = dict[str, Any]


class Fieldmark:
    """A served house.

    >>> with Fieldmark("http://127.0.0.1:8321", key) as fm:
    ...     found = fm.find_persons(expression="…", warehouse="us")
    ...     found.total

    Every tool is a method of its name that takes its arguments by name; `call` takes them as an object. Both
    answer with the tool's result model and raise the refusals of `store.errors`.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8321",
        key: str = "",
        *,
        warehouse: str | None = None,
        **options: Any,
    ) -> None:
        """options: those of `Connection`, such as `retrying`, `timeout` and `transport`."""
        self.connection, self.warehouse = Connection(url, key, **options), warehouse
        self.jobs = Jobs(self, self.connection)
        self.profiles = Profiles(self)

    def __enter__(self) -> "Fieldmark":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self.connection.close()

    @overload
    def call(
        self, tool: str, arguments: Arguments | ToolQuery | None = None, *, warehouse: str | None = None
    ) -> Any: ...

    @overload
    def call(
        self,
        tool: Callable[[Workspace, Query], Result],
        arguments: Arguments | Query | None = None,
        *,
        warehouse: str | None = None,
    ) -> Result: ...

    def call(self, tool: Any, arguments: Any = None, *, warehouse: str | None = None) -> Any:
        """The tool's result. The tool is named by its name, or by its function, whose result type this has.

        The server checks the arguments. Raises ToolRefused as the tool itself does.
        """
        declared = _declared(tool)
        answer = self.connection.ask(
            "POST",
            f"/v1/tools/{declared.name}",
            {} if arguments is None else arguments,
            params={"warehouse": warehouse or self.warehouse},
            headers={"Prefer": "wait"},  # however much is sent: who wants to wait for a job submits one
        )
        return declared.result.model_validate_json(answer.content)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The tool of this name, as a method."""
        for each in CATALOGUE:
            if each.name == name:
                return _method(self, each)
        raise AttributeError(f"A served house has no `{name}`: its tools are {', '.join(_names())}.")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_names()]

    def pages(
        self, tool: str, arguments: Arguments | None = None, *, warehouse: str | None = None
    ) -> Iterator[Any]:
        """The tool's results page by page, as long as they name a next one."""
        asked = dict(arguments or {})
        while True:
            found = self.call(tool, asked, warehouse=warehouse)
            yield found
            if not (cursor := getattr(found, "next_cursor", None)):
                return
            asked = asked | {"cursor": cursor, "workflow_id": found.workflow_id}

    def listed(self, path: str, **filters: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list route such as `/v1/analyses`, a page at a time."""
        cursor: str | None = None
        while True:
            page = self.connection.ask("GET", path, params=filters | {"cursor": cursor}).json()
            yield from page["items"]
            if not (cursor := page.get("next_cursor")):
                return

    def download(self, export: ExportLink | str, out: Path) -> int:
        """Bytes of the export that is now at out, whole; an interrupted one is taken up where it broke."""
        return download(self.connection, export if isinstance(export, str) else export.url, out)


def _names() -> list[str]:
    return [each.name for each in CATALOGUE]


def _declared(tool: str | Callable[..., Any]) -> Tool:
    return tool_named(CATALOGUE, tool if isinstance(tool, str) else tool.__name__)


def _method(fieldmark: Fieldmark, tool: Tool) -> Callable[..., Any]:
    def ask(*, warehouse: str | None = None, **arguments: Any) -> ToolResult:
        return fieldmark.call(tool.name, arguments, warehouse=warehouse)

    method = partial(ask)
    method.__doc__ = tool.description
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=field.annotation)
        for name, field in tool.query.model_fields.items()
    ]
    named.append(
        inspect.Parameter("warehouse", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
    )
    method.__signature__ = inspect.Signature(named, return_annotation=tool.result)  # type: ignore[attr-defined]  # read by help() and editors
    return method
