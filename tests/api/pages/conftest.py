"""A served house, and a browser that looks at it."""

import itertools
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import application
from api.settings import Settings
from store.workspace import House
from tests.api.pages.seen import Site, Tab
from tests.conftest import lend_us

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def site(consumers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The generated population (warehouse `us`), served on loopback to the browsers of one test module.

    Its clock moves a second with each look.
    """
    home = tmp_path_factory.mktemp("site") / "home"
    lend_us(consumers, home)
    with served_site(home) as served:
        yield served


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A house in which nothing was ever loaded."""
    with served_site(tmp_path_factory.mktemp("empty") / "home") as served:
        yield served


class served_site:  # noqa: N801  # used as a function
    """A context: the house of this home, served in a thread of its own until the context ends."""

    def __init__(self, home: Path, **settings: object) -> None:
        self._home, self._settings = home, settings

    def __enter__(self) -> Site:
        ticks = itertools.count(1_772_438_400)
        house = House(
            self._home,
            base_url="http://127.0.0.1:8321",
            now=lambda: datetime.fromtimestamp(next(ticks), UTC),
            new_id=lambda: str(uuid.uuid4()),
        )
        app = application(Settings(home=self._home, **self._settings), house)  # type: ignore[arg-type]  # any setting
        config = uvicorn.Config(app, "127.0.0.1", 0, log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        listening = threading.Event()
        startup = self._server.startup

        async def started(sockets: object = None) -> None:
            await startup()
            listening.set()

        self._server.startup = started  # type: ignore[method-assign]  # to hear when it listens
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        assert listening.wait(30)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return Site(f"http://127.0.0.1:{port}", house, app)

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it the test is skipped, and fails in CI."""
    if CHROMIUM is None:
        told = "Chromium is not installed: .ci/install-chromium does it as root"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    # Begun and ended with each module: while it runs, no other test of this thread could run a loop.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def tab(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs on the served house: `tab("/profiles", scheme="dark", width=390)`.

    At its end no script failed, no request left the house, and nothing broke the policy of the pages.
    """
    opened = Tab(site, chromium)
    yield opened
    opened.close()
