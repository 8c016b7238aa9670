"""What goes over the wire, with which headers, in whose figures, and does the page stand still?"""

import re

import pytest
from playwright.sync_api import Page, expect

from api.pages.rendering import FRAGMENT
from api.pages.shell import HEADERS, POLICY
from tests.api.pages.seen import PATIENCE_MS

SCREENS = ("/", "/profiles", "/audiences", "/outcomes", "/briefings", "/settings")
FIRST_SCREEN_BYTES, FIRST_SCREEN_REQUESTS = 150_000, 8
STILL = 0.02  # of cumulative layout shift; 0.1 is what is called good elsewhere
ENGLISH = re.compile(r"(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?![\w,])")
QUESTION, ANOTHER = "How many people follow golf and own their home?", "How many people go hiking?"
SHIFTS = """began => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput && entry.startTime > began) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 100);
})"""


def _sizes(page: Page, path: str) -> dict[str, int]:
    """What the browser got for a page, by address, as it is after unpacking."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page.evaluate(
        """() => Object.fromEntries(['navigation', 'resource'].flatMap(kind =>
          performance.getEntriesByType(kind).map(entry => [entry.name, entry.decodedBodySize])))"""
    )


def test_the_first_screen_is_small(tab, record_property):
    sizes = _sizes(tab("/favicon.ico"), "/")
    record_property("bytes", sum(sizes.values()))
    record_property("requests", len(sizes))
    assert sum(sizes.values()) < FIRST_SCREEN_BYTES, sizes
    assert len(sizes) <= FIRST_SCREEN_REQUESTS, sorted(sizes)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_is_small_keeps_its_width_and_writes_the_readers_figures(tab, width):
    page = tab("/sign-in", width=width, locale="de-DE")
    wrong = []
    for path in SCREENS:
        sizes = _sizes(page, path)
        if sum(sizes.values()) > 2 * FIRST_SCREEN_BYTES:
            wrong.append((path, sum(sizes.values())))
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wrong.append((path, "scrolls sideways"))
        wrong += [(path, said) for said in ENGLISH.findall(_text(page))]
    assert wrong == []


def _text(page: Page) -> str:
    return page.evaluate(
        """() => {
          const copy = document.querySelector('main').cloneNode(true);
          copy.querySelectorAll('code, pre, script, textarea').forEach(e => e.remove());
          return copy.innerText;
        }"""
    )


def test_the_page_stands_still_while_a_turn_streams(tab, record_property):
    """Of the second question: with the first, the start gives way to the conversation."""
    page = tab("/")
    _ask(page, QUESTION)
    began = page.evaluate("performance.now()")
    _ask(page, ANOTHER)
    moved = page.evaluate(SHIFTS, began)
    record_property("shift", moved)
    assert moved < STILL


def _ask(page: Page, question: str) -> None:
    page.get_by_role("textbox").first.fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#turns").get_by_text(question).first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#turns [data-follow]")).to_have_count(0, timeout=PATIENCE_MS)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/welcome", "/nowhere", "/profiles?cursor=x"])
def test_pages_fragments_and_problems_carry_the_policy(served, path):
    for headers in ({"Accept": "text/html"}, {"Accept": "text/html", FRAGMENT: "1"}):
        answer = served.get(path, headers=headers)
        assert answer.headers["content-type"].startswith("text/html")
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["cache-control"] == "no-store"
        assert "unsafe" not in POLICY


def test_files_of_the_pages_are_kept_and_never_sniffed(served):
    page = served.get("/sign-in", headers={"Accept": "text/html"}).text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 3
    for address in addresses:
        answer = served.get(address)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in answer.headers["cache-control"]


def test_a_file_to_take_along_is_sent_as_one(served, us):
    folder = us.home / "demo"
    folder.mkdir()
    (folder / "best_customers.csv").write_text("Mail (work)\nann@example.com\n")
    answer = served.get("/welcome/best_customers.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="best_customers.csv"'
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["x-content-type-options"] == "nosniff"
