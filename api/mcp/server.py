"""The server of the Model Context Protocol: what it answers to each request."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio.to_thread
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)
from pydantic import ValidationError

from agent import CATALOGUE
from agent.state import Cancelled
from agent.version import CODE_VERSION
from api.access.visit import Visit
from api.mcp import prompts, resources
from api.mcp.answers import EXACT, answered, failed, protocol_error, refused
from api.mcp.calling import Calls, called
from api.mcp.declared import WAREHOUSE, input_schema_named, shown, tools_for, unquoted
from api.mcp.paging import PAGE, page_of
from store.errors import BadInput, Busy, ToolRefused
from tools.calls import tool_named
from tools.declaration import Tool, ToolResult

log = logging.getLogger("fieldmark.mcp")
Asked = ServerRequestContext[Any, Any]
Paged = PaginatedRequestParams | None
INSTRUCTIONS = (
    "Fieldmark finds what sets a list of best customers apart from a population, proves it, and finds the "
    "people like them. Give every call of one job the `workflow_id` that the first answer brings. "
    "Identifiers go to `resolve_identities` or straight to `analyze_customers`; traits are clusters, found "
    "with `list_clusters`; expressions over cluster hashes go to `find_persons`; `generate_audience` builds "
    "from any of them. A `format` other than `none` writes a file whose signed link works for one hour. A "
    "refusal says what was wrong, where, and what would be right: mend that and call again. Integers beyond "
    f'2^53 are in `_meta["{EXACT}"]` once more, as digits; pass them back as strings.'
)


class McpDoor:
    """Answers the requests of whoever `visit_of` finds behind them."""

    def __init__(self, visit_of: Callable[[Asked], Visit], calls: Calls, page: int = PAGE) -> None:
        self._visit_of, self._calls, self._page = visit_of, calls, page

    def server(self) -> Server[Any]:
        """A server of the SDK with everything that is answered here."""
        server = Server[Any](
            "fieldmark",
            version=CODE_VERSION,
            title="Fieldmark",
            instructions=INSTRUCTIONS,
            get_tool_input_schema=input_schema_named,
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
            on_list_resources=self.list_resources,
            on_list_resource_templates=self.list_templates,
            on_read_resource=self.read_resource,
            on_list_prompts=self.list_prompts,
            on_get_prompt=self.get_prompt,
        )
        server.middleware.append(without_internals)
        return server

    async def list_tools(self, asked: Asked, paged: Paged) -> ListToolsResult:
        """The tools that the caller may use."""
        allowed = tools_for(self._visit_of(asked).principal)
        tools, after = page_of(allowed, _cursor(paged), lambda tool: tool.name, self._page)
        return ListToolsResult(tools=[shown(tool) for tool in tools], next_cursor=after)

    async def call_tool(self, asked: Asked, params: CallToolRequestParams) -> CallToolResult:
        """The answer of a tool; what it refuses is an answer too, for the model to read."""
        tool = tool_named(CATALOGUE, params.name)
        try:
            visit = self._visit_of(asked)
            visit.require(*sorted(tool.needs))
            return answered(await self._called(tool, visit, dict(params.arguments or {}), asked))
        except ToolRefused as refusal:
            return refused(refusal)
        except Cancelled:
            return refused(Busy("The server stops", where="mcp", instead="Call again in a minute."))
        except Exception as error:  # noqa: BLE001  # a bug in one tool must not end the connection
            _log(f"{tool.name} failed", error)
            return failed()

    async def _called(self, tool: Tool, visit: Visit, given: dict[str, Any], asked: Asked) -> ToolResult:
        warehouse = given.pop(WAREHOUSE, None)
        if not (warehouse is None or isinstance(warehouse, str)):
            raise BadInput("The warehouse is not a name", where=WAREHOUSE, instead="Write its name as text.")
        given, steps = unquoted(tool, given), 0

        async def tell(step: str) -> None:
            nonlocal steps
            steps += 1
            await asked.session.report_progress(steps, message=step)

        return await self._calls.run(
            lambda progress, is_cancelled: called(
                tool, visit.workspace(warehouse), given, progress, is_cancelled
            ),
            tell,
        )

    async def list_resources(self, asked: Asked, paged: Paged) -> ListResourcesResult:
        """The warehouses and analyses of the caller's organisation."""
        visit, cursor = self._visit_of(asked), _cursor(paged)
        found = await anyio.to_thread.run_sync(lambda: resources.listed(visit, cursor, self._page))
        return ListResourcesResult(resources=found[0], next_cursor=found[1])

    async def list_templates(self, asked: Asked, paged: Paged) -> ListResourceTemplatesResult:
        """How the addresses of resources are made."""
        kinds, after = page_of(resources.KINDS, _cursor(paged), lambda kind: kind.name, self._page)
        return ListResourceTemplatesResult(
            resource_templates=[kind.template for kind in kinds], next_cursor=after
        )

    async def read_resource(self, asked: Asked, params: ReadResourceRequestParams) -> ReadResourceResult:
        """One resource, as Markdown and as JSON."""
        visit = self._visit_of(asked)
        return await anyio.to_thread.run_sync(lambda: resources.read(visit, params.uri))

    async def list_prompts(self, asked: Asked, paged: Paged) -> ListPromptsResult:
        """The tasks that are offered."""
        tasks, after = page_of(prompts.TASKS, _cursor(paged), lambda task: task.name, self._page)
        return ListPromptsResult(prompts=[task.shown for task in tasks], next_cursor=after)

    async def get_prompt(self, asked: Asked, params: GetPromptRequestParams) -> GetPromptResult:
        """One task in words."""
        return prompts.filled(params.name, params.arguments or {})


async def without_internals(ctx: Asked, call_next: CallNext) -> HandlerResult:
    """What comes next, its refusals as protocol errors that teach, its failures without their inside."""
    with _told():
        return await call_next(ctx)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ToolRefused as refusal:
        raise protocol_error(refusal) from None
    except (MCPError, ValidationError):
        raise  # the SDK tells the second as invalid parameters, without what came in
    except Exception as error:  # noqa: BLE001  # the SDK would answer with the words of the error
        _log("A request failed", error)
        raise MCPError(INTERNAL_ERROR, "Something went wrong here") from None


def _log(what: str, error: Exception) -> None:
    # The words of an error may hold somebody's values; where it arose does not.
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)


def _cursor(paged: Paged) -> str | None:
    return paged.cursor if paged else None
