"""A house with the examples in it, served, for whoever looks at its pages."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from api.demo.making import make_demo
from api.settings import Settings
from benchmarks.own_server import OwnServer, own_server

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Demo(NamedTuple):
    """The served examples, and a house beside them in which nothing was ever loaded."""

    url: str
    empty_url: str
    home: Path

    @property
    def best_customers(self) -> Path:
        return self.home / "demo" / "best_customers.csv"


@contextmanager
def demo_houses(home: Path | None = None) -> Iterator[Demo]:
    """Both houses, served until the end; the examples are made unless this home has them already."""
    with tempfile.TemporaryDirectory(prefix="fieldmark-demo-") as folder:
        home = home or Path(folder) / "home"
        make_demo(Settings(home=home))
        with _served(home) as full, _served(Path(folder) / "empty") as empty:
            yield Demo(full.url, empty.url, home)


@contextmanager
def _served(home: Path) -> Iterator[OwnServer]:
    quiet = {"FIELDMARK_LOG_LEVEL": "error", "FIELDMARK_REQUESTS_PER_MINUTE": "0"}
    with own_server(home, ("--no-demo", "--workers", "1"), quiet) as served:
        yield served


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a request of its own."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        raise SystemExit("Chromium is not installed: .ci/install-chromium does it as root")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
