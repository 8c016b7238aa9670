"""The command that serves: every door in one process."""

from typing import Annotated

import typer

from api.cli.terminal import refusals, stderr
from api.settings import Settings

PORT = 8321


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="On the loopback address.")] = PORT,
) -> None:
    """Serve the API on the loopback address, for whoever is on this machine."""
    import uvicorn  # the web framework takes a second to import, which other commands need not wait for

    from api.app import application

    with refusals():
        settings = Settings.read()
        if settings.base_url == Settings.model_fields["base_url"].default:
            settings.base_url = f"http://127.0.0.1:{port}"
        app = application(settings)
    stderr.print(f"http://127.0.0.1:{port}/v1/tools (end with Ctrl-C)")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
