"""The command that serves: every door in one process."""

import importlib
import signal
import threading
from typing import Annotated

import typer

from api.cli.terminal import refusals, stderr
from api.settings import Settings

PORT = 8321
LOOPBACK = "127.0.0.1"
GRACE = 5  # seconds that requests have to end when the server does


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = PORT,
    host: Annotated[
        str, typer.Option(help="The address to listen on; any but this machine's own wants credentials.")
    ] = LOOPBACK,
    workers: Annotated[
        int,
        typer.Option(min=0, max=16, help="Processes beside it that do the jobs; 0: `fieldmark worker` does."),
    ] = 1,
    demo: Annotated[
        bool, typer.Option(help="Prepare examples in the background where nothing was ever loaded.")
    ] = True,
) -> None:
    """Serve the API: to whoever is on this machine, or with --host to members and keys elsewhere."""
    import uvicorn  # the web framework takes a second to import, which other commands need not wait for

    from api.access.listening import served_on
    from api.app import application
    from api.demo.making import Maker, is_wanted
    from api.jobs.children import Children
    from api.observing.observed import observed

    with refusals():
        settings = served_on(Settings.read(), host, port)
        app = application(settings)
    stderr.print(f"Open {settings.base_url}/ (end with Ctrl-C)", highlight=False)
    if settings.auth == "required":
        stderr.print(
            "Everybody needs a key (`fieldmark keys create`), or signs in (`fieldmark members add`)."
        )
    with refusals(), observed(settings):
        # The house logs its requests itself: uvicorn would write their addresses and queries.
        environment = {"FIELDMARK_BASE_URL": settings.base_url}
        children, maker = Children(workers, environment), Maker(environment)
        signal.signal(signal.SIGTERM, _leave)  # which uvicorn sends on when it has ended
        children.start()
        threading.Thread(target=_warm, daemon=True).start()
        if demo and is_wanted(settings):
            stderr.print("Examples are being prepared; the page shows how far they are.")
            maker.start()
        try:
            uvicorn.run(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE,  # streams that are followed would hold it up
            )
        finally:
            maker.end()
            children.end()


def _warm() -> None:
    """Read and import what the first card and the first place would wait for, while nobody asks yet."""
    from agent.planner.reading.points import point_at
    from store.cities import city_named
    from store.towns import towns_within

    importlib.import_module("api.report.card_charts")
    city_named("Chicago")
    point_at("78701", 0, sure=True)
    towns_within(24, -125, 50, -66)


def _leave(*_: object) -> None:
    raise SystemExit(0)
