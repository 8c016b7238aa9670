"""How does MCP show a tool? From its one declaration."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from mcp_types import Tool as ShownTool
from mcp_types import ToolAnnotations

from agent import CATALOGUE
from store.access import Principal
from tools.declaration import Tool

WAREHOUSE = "warehouse"
WAREHOUSE_SCHEMA: dict[str, Any] = {
    "type": "string",
    "description": "The warehouse to ask; may be left out where there is only one, or this server was told"
    " which. The resource fieldmark://warehouses lists them.",
}


def tools_for(principal: Principal) -> list[Tool]:
    """The tools that they may use, in the catalogue's order."""
    return [tool for tool in CATALOGUE if principal.may(*tool.needs)]


@cache
def shown(tool: Tool) -> ShownTool:
    """The tool with its words, its schemas and what its use does."""
    needs = ", ".join(f"`{scope}`" for scope in sorted(tool.needs))
    return ShownTool(
        name=tool.name,
        title=tool.name.replace("_", " ").capitalize(),
        description=f"{tool.description}\n\nNeeds the scope {needs}.",
        input_schema=input_schema(tool),
        output_schema=tool.output_schema,
        annotations=ToolAnnotations(
            read_only_hint=tool.reads_only,
            destructive_hint=tool.takes_away,
            idempotent_hint=tool.reads_only,  # what starts work starts it again
            open_world_hint=False,
        ),
    )


@cache
def input_schema(tool: Tool) -> dict[str, Any]:
    """The schema of the tool's arguments, and of the warehouse that they are for."""
    schema = tool.input_schema
    return schema | {"properties": schema.get("properties", {}) | {WAREHOUSE: WAREHOUSE_SCHEMA}}


def input_schema_named(name: str) -> dict[str, Any] | None:
    """The schema of the arguments of the tool of this name, or None."""
    return next((input_schema(tool) for tool in CATALOGUE if tool.name == name), None)


def unquoted(tool: Tool, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments, a list or an object that came as its JSON text read, where no text can be meant.

    Clients that know an argument only by the types it may have (`anyOf`) send what was typed, as text.
    """
    return {name: _read(value) if name in _no_text(tool) else value for name, value in given.items()}


def _read(value: Any) -> Any:
    if not (isinstance(value, str) and value.lstrip().startswith(("[", "{"))):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value  # the tool says what it should be


@cache
def _no_text(tool: Tool) -> frozenset[str]:
    """The arguments of the tool that are never text."""
    schema = tool.input_schema
    known = schema.get("$defs", {})
    return frozenset(
        name
        for name, part in schema.get("properties", {}).items()
        if "string" not in set(_types(part, known))
    )


def _types(part: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    if "type" in part:
        yield part["type"]
    for each in (*part.get("anyOf", ()), *part.get("oneOf", ()), *part.get("allOf", ())):
        yield from _types(each, known)
    if "$ref" in part:
        yield from _types(known[part["$ref"].rsplit("/", 1)[-1]], known)
