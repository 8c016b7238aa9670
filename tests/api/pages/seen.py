"""What a browser sees of the pages: tabs that notice what goes wrong, pictures, rules of accessibility."""

import os
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from store.workspace import House

# Where pictures are kept: a folder to look at, none by default.
PICTURES = os.environ.get("FIELDMARK_SCREENS", "")
HEIGHT = 900
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# All that another theme can break.
CONTRAST = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
PATIENCE_MS = 20_000


class Site(NamedTuple):
    """A served house."""

    url: str
    house: House
    app: FastAPI


class Tab:
    """Opens tabs, each with cookies of its own, and keeps what went wrong in them."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self._site, self._browser = site, browser
        self._contexts: list[BrowserContext] = []
        self.wrongs: list[str] = []

    def __call__(
        self, path: str = "/", *, scheme: str = "light", width: int = 1280, locale: str = "en-US", **more: Any
    ) -> Page:
        """A new tab at this path."""
        context = self._browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]  # "light" or "dark"
            viewport={"width": width, "height": HEIGHT},
            locale=locale,
            reduced_motion="reduce",
            base_url=self._site.url,
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrongs.append(f"script: {error}"))
        page.on("dialog", lambda dialog: self.wrongs.append(f"dialog: {dialog.message}"))
        page.goto(path)
        return page

    def _asked(self, request: Request) -> None:
        found = urlsplit(request.url)
        if found.scheme not in ("data", "blob") and not request.url.startswith(self._site.url):
            self.wrongs.append(f"asked outside: {request.url[:100]}")

    def _said(self, message: ConsoleMessage) -> None:
        # What a refusal answers is said by the browser as an error too; the tests look at those themselves.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.wrongs.append(f"console: {message.text[:300]}")

    def close(self) -> None:
        """Close all tabs. Raises AssertionError where something went wrong in one."""
        for context in self._contexts:
            context.close()
        assert self.wrongs == []


def require_accessible(page: Page, only: Literal["contrast"] | None = None) -> None:
    """Raise AssertionError, naming rules and places, where the page breaks a rule of axe."""
    found = Axe().run(page, options={"runOnly": CONTRAST if only else RULES})
    broken = [
        f"{rule['id']} ({rule['impact']}): {[node['html'][:160] for node in rule['nodes'][:3]]}"
        for rule in found.response["violations"]
    ]
    assert broken == []


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the page where FIELDMARK_SCREENS says, as `name.png`."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True, animations="disabled")
