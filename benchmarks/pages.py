"""How heavy are the pages, and how long until the first card?

`python -m benchmarks.pages --home HOUSE` serves a house with the examples (made when left out, in a minute),
opens each screen in Chromium several times, asks a question, and prints medians. Bytes are those after
unpacking; times are wall clock of this machine, so compare them with others of the same run only.
"""

import argparse
import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.demo_house import chromium, demo_houses

SCREENS = (
    "/",
    "/profiles",
    "/audiences",
    "/audiences/new",
    "/outcomes",
    "/briefings",
    "/analyses",
    "/settings",
)
RUNS = 5
QUESTIONS = {
    "a count": "How many people follow golf and own their home?",
    "an audience": "Build an audience of 2,000 people who follow golf and own their home",
}
WAREHOUSE = {"name": "fieldmark_warehouse", "value": "americans-generated"}
PATIENCE_MS = 120_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("--home", type=Path, help="a house with the examples; one is made when left out")
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    with demo_houses(given.home) as demo, chromium() as browser:
        print(f"{'screen':<18}{'kB':>8}{'requests':>10}{'seconds':>9}")
        for path in SCREENS:
            found = [_opened(browser, demo.url, path) for _ in range(given.runs)]
            size, requests, seconds = (statistics.median(each) for each in zip(*found, strict=True))
            print(f"{path:<18}{size / 1000:>8.0f}{requests:>10.0f}{seconds:>9.2f}")
        print(f"\n{'question':<18}{'first step s':>14}{'answer s':>10}")
        for name, question in QUESTIONS.items():
            asked = [_asked(browser, demo.url, question) for _ in range(given.runs)]
            first, whole = (statistics.median(each) for each in zip(*asked, strict=True))
            print(f"{name:<18}{first:>14.2f}{whole:>10.2f}")


def _page(browser: Browser, url: str) -> Page:
    context = browser.new_context(base_url=url, locale="en-US", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{**WAREHOUSE, "url": url}])  # type: ignore[list-item]  # as playwright takes them
    return context.new_page()


def _opened(browser: Browser, url: str, path: str) -> tuple[int, int, float]:
    """Bytes, requests and seconds of a screen in a browser that has nothing kept."""
    page = _page(browser, url)
    got = []
    page.on("response", lambda answer: got.append(answer))
    began = time.perf_counter()
    page.goto(path, wait_until="load")
    seconds = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    size = sum(len(each.body()) for each in got if each.status == 200)
    page.context.close()
    return size, len(got), seconds


def _asked(browser: Browser, url: str, question: str) -> tuple[float, float]:
    """Seconds from sending a question to its first step on the page, and to its whole answer."""
    page = _page(browser, url)
    page.goto("/")
    page.get_by_role("textbox").first.fill(question)
    began = time.perf_counter()
    page.keyboard.press("Enter")
    expect(page.locator("#turns .steps li").first).to_be_visible(timeout=PATIENCE_MS)
    first = time.perf_counter() - began
    expect(page.locator("#turns [data-follow]")).to_have_count(0, timeout=PATIENCE_MS)
    whole = time.perf_counter() - began
    page.context.close()
    return first, whole


if __name__ == "__main__":
    main()
