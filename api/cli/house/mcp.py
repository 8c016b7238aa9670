"""The command that serves MCP to a program on this machine: mcp."""

from typing import TYPE_CHECKING

import typer

from api.cli.terminal import WarehouseOption, opened_house, refusals

if TYPE_CHECKING:
    from api.settings import Settings
    from store.workspace import House


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(mcp)


def mcp(warehouse: WarehouseOption = None) -> None:
    """Serve the Model Context Protocol on stdin and stdout, for the owner of this machine."""
    import anyio  # as below: the protocol takes a second to import, which other commands need not wait for

    with refusals(), opened_house() as (settings, house):
        if warehouse:
            settings.warehouse = warehouse
        anyio.run(_serve, settings, house)


async def _serve(settings: "Settings", house: "House") -> None:
    """Answer on stdout, where nothing else is written meanwhile, until stdin ends."""
    import anyio.to_thread
    from mcp.server.stdio import stdio_server

    from api.access.visit import Visit
    from api.mcp.calling import Calls
    from api.mcp.server import McpDoor
    from store.access import LOCAL_OWNER

    calls, visit = Calls(), Visit(house, LOCAL_OWNER, settings)
    server = McpDoor(lambda _: visit, calls).server()
    try:
        async with stdio_server() as (heard, said):
            await server.run(heard, said, server.create_initialization_options())
    finally:
        await anyio.to_thread.run_sync(calls.close)
