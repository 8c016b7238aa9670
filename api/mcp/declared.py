"""How does MCP show a tool? From its one declaration."""

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
            destructive_hint=False,
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
