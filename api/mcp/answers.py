"""How is a tool's result, or its refusal, told over MCP?"""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, ContentBlock, ResourceLink, TextContent

from api.rest.form.problems import problem
from api.rest.found.exports import MEDIA_TYPES
from store.errors import ToolRefused
from tools.declaration import ToolResult

PROBLEM, EXACT = "fieldmark/problem", "fieldmark/exact_integers"  # keys of `_meta`
SAFE = (1 << 53) - 1  # JavaScript reads no larger integer without losing digits (RFC 8259, section 6)


def answered(result: ToolResult) -> CallToolResult:
    """The result as structured content, the same as text, and a link to its export.

    Integers that JavaScript would round are in `_meta` once more, as digits by JSON pointer.
    """
    body = result.model_dump(mode="json", exclude_none=True, warnings=False)
    exact = dict(_large(body))
    export = body.get("export")
    content: list[ContentBlock] = [TextContent(text=json.dumps(body, ensure_ascii=False))]
    return CallToolResult(
        content=[*content, export_link(export)] if export else content,
        structured_content=body,
        _meta={EXACT: exact} if exact else None,
    )


def export_link(export: dict[str, Any]) -> ResourceLink:
    """The file of an export, as a resource to fetch."""
    return ResourceLink(
        uri=export["url"],
        name=PurePosixPath(urlsplit(export["url"]).path).name,
        title=f"Export of {export['rows']:,} rows",
        description=f"{export['rows']:,} rows as {export['format']}, until {export['expires_at']}."
        " The link is the credential: fetch it with a plain GET.",
        mime_type=MEDIA_TYPES[export["format"]],
        size=export["size_bytes"],
    )


def _large(part: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _large(value, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _large(value, f"{pointer}/{place}")
    elif isinstance(part, int) and abs(part) > SAFE:
        yield pointer, str(part)


def refused(refusal: ToolRefused) -> CallToolResult:
    """The refusal as the words of a result that is an error, for the model to read and do better.

    The problem details are in `_meta`: clients hold structured content against the tool's output schema
    also where it is an error, and would show their own complaint in the place of ours.
    """
    return CallToolResult(
        content=[TextContent(text=str(refusal))], is_error=True, _meta={PROBLEM: problem(refusal)}
    )


def failed() -> CallToolResult:
    """What is told of a bug or an outage; what it was is in the log."""
    told = (
        "Something went wrong here, not in the request. Try again; if it stays, the server's log tells why."
    )
    return CallToolResult(content=[TextContent(text=told)], is_error=True)


def protocol_error(refusal: ToolRefused) -> MCPError:
    """The refusal of what is no call of a tool: a list, a resource, a prompt, an unknown tool."""
    return MCPError(INVALID_PARAMS, str(refusal), problem(refusal))
