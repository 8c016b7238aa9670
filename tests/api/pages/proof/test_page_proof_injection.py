"""Text stays text, wherever it came in and wherever it is shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from api.pages.rendering import FRAGMENT
from tests.api.pages.conftest import served_site
from tests.api.pages.proof.harmless import wrongs_of
from tests.api.pages.proof.hostile import HOSTILE, MARK, NUL
from tests.api.pages.proof.hostile_house import WAREHOUSE, fill
from tests.api.pages.proof.page_routes import page_routes
from tests.api.pages.seen import Site, Tab

BROWSER = {"Accept": "text/html"}
LINK = re.compile(r'(?:href|data-load)="(/[^"#]*)"')
MOST_OF_A_KIND = 2  # links of one route that are followed from one page
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
KEPT_OUT = ("/static/", "/v1/", "/docs", "/welcome/best_customers.csv")
SHOWN = 14  # screens that a browser opens; the markup of all is read


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A served house in which every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    with served_site(folder / "home") as site:
        fill(site.house, folder, site.url)
        yield site


@pytest.fixture
def hostile_tab(hostile: Site, chromium: Browser) -> Iterator[Tab]:
    opened = Tab(hostile, chromium)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pages(hostile: Site) -> dict[str, str]:
    """Every page and fragment that links lead to from the screens, by its address, as it came."""
    begin = [
        r.path for r in page_routes() if r.method == "GET" and not r.parameters and "events" not in r.path
    ]
    found: dict[str, str] = {}
    kinds: dict[str, int] = {}
    with httpx2.Client(
        base_url=hostile.url, headers=BROWSER, cookies={"fieldmark_warehouse": WAREHOUSE}
    ) as client:
        waiting = [path for path in begin if not path.startswith(KEPT_OUT)]
        while waiting:
            path = waiting.pop(0)
            kind = UUID.sub("*", path.split("?")[0])
            if path in found or path.startswith(KEPT_OUT) or kinds.get(kind, 0) >= MOST_OF_A_KIND:
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
            answer = client.get(path, timeout=60)
            assert answer.status_code < 500, (path, answer.status_code)
            if _is_page(answer):
                found[path] = answer.text
                waiting += [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]
    return found


def test_a_harmful_page_would_be_seen():
    """The reader of markup finds what it looks for."""
    for html in (
        "<script>x</script>",
        "<img src=x onerror=y>",
        "<a href='javascript:x'>y</a>",
        "<a href=//evil.example>y</a>",
        "<iframe></iframe>",
        "<p style='color:red'>",
    ):
        assert wrongs_of(html)
    assert (
        wrongs_of('<a class="x" href="/chat/1?a=b">{{7*7}} &lt;script&gt;</a><img src="/static/i.svg">') == []
    )


def test_the_markup_of_every_page_is_what_the_templates_wrote(pages):
    assert {path: wrongs for path, html in pages.items() if (wrongs := wrongs_of(html))} == {}
    shown = "".join(pages.values())
    assert sum(MARK in html for html in pages.values()) >= 4, "the hostile texts are hardly shown"
    assert "49" not in re.findall(r">\s*(\d+)\s*</(?:td|code|p)>", shown) or "{{7*7}}" in shown
    assert "{{7*7}}" in shown.replace("&#39;", "'"), "a template was filled in a second time"


def test_no_text_runs_reaches_out_or_breaks_the_layout_in_a_browser(pages, hostile, hostile_tab):
    page = hostile_tab("/sign-in")
    page.context.add_cookies([{"name": "fieldmark_warehouse", "value": WAREHOUSE, "url": hostile.url}])
    most = sorted(
        (path for path in pages if "<html" in pages[path]), key=lambda path: -pages[path].count(MARK)
    )
    broken = []
    for path in most[:SHOWN]:
        page.goto(path)
        _poke(page)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                broken.append((path, width, _widest(page)))
        assert page.evaluate(f"window.{MARK}") is None, path
        assert page.url.startswith(hostile.url), path
    assert not broken, "\n".join(map(str, broken))


def _poke(page: Page) -> None:
    """Do to everything what a reader might do by chance, without leaving the page."""
    page.evaluate(
        """() => {
          for (const element of document.querySelectorAll('*')) {
            for (const kind of ['mouseover', 'pointerenter', 'focus', 'blur', 'toggle', 'error', 'load'])
              element.dispatchEvent(new Event(kind));
          }
          for (const details of document.querySelectorAll('details')) details.open = true;
        }"""
    )


def _widest(page: Page) -> str:
    return page.evaluate(
        """() => {
          const wide = [...document.querySelectorAll('main *')].filter(e =>
            e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, pre, svg'));
          return wide.slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join(' … ');
        }"""
    )


def test_what_a_query_says_comes_back_as_text_or_not_at_all(hostile):
    """Each string goes into each parameter of one route; together they reach every route."""
    gets = [r for r in page_routes() if r.method == "GET" and "events" not in r.path]
    names = (
        "warehouse",
        "q",
        "query",
        "next",
        "cursor",
        "expression",
        "search",
        "sort",
        "name",
        "part",
        "trait",
    )
    wrong = []
    with httpx2.Client(base_url=hostile.url, headers=BROWSER) as client:
        for number, text in enumerate([*HOSTILE, NUL]):
            route = gets[number % len(gets)]
            headers = {FRAGMENT: "1"} if number % 2 else {}
            params = {name: text for name in names}
            answer = client.get(route.filled(), params=params, headers=headers, timeout=60)
            wrong += _told_wrongly(f"{route.name} {text[:30]!r}", answer)
    assert wrong == []


def test_what_a_form_says_comes_back_as_text_or_not_at_all(hostile):
    posts = [r for r in page_routes() if r.method == "POST"]
    fields = (
        "name",
        "email",
        "message",
        "description",
        "q",
        "url",
        "trait",
        "icp_profile",
        "words",
        "warehouse",
    )
    wrong = []
    with httpx2.Client(base_url=hostile.url, headers=BROWSER | {FRAGMENT: "1"}) as client:
        for number, text in enumerate([*HOSTILE[::2], NUL]):
            route = posts[number % len(posts)]
            answer = client.post(route.filled(), data={name: text for name in fields}, timeout=60)
            wrong += _told_wrongly(f"{route.name} {text[:30]!r}", answer)
    assert wrong == []


def test_a_file_is_named_and_headed_by_text(hostile, tmp_path: Path):
    """Hostile names of files, headers and cells, in the look at a file before anything runs."""
    wrong = []
    with httpx2.Client(base_url=hostile.url, headers=BROWSER | {FRAGMENT: "1"}) as client:
        for number in range(0, len(HOSTILE), 16):
            texts = HOSTILE[number : number + 16]
            header = ",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in ["email", *texts])
            body = f"{header}\nann@example.com{',x' * len(texts)}\n".encode()
            name = texts[0].replace("\n", " ").replace("\r", " ")[:200] + ".csv"
            answer = client.post("/uploads", files={"file": (name, body, "text/csv")}, timeout=60)
            wrong += _told_wrongly(f"file {name[:40]!r}", answer)
    assert wrong == []


@pytest.mark.parametrize(
    "name", ["Accept-Language", "User-Agent", "Referer", "X-Request-Id", "Cookie", "Last-Event-ID"]
)
def test_a_header_is_never_told_back(hostile, name):
    wrong = []
    with httpx2.Client(base_url=hostile.url, headers=BROWSER) as client:
        for text in HOSTILE[::3]:
            value = text.encode().replace(b"\r", b" ").replace(b"\n", b" ").replace(b"\0", b" ").strip()
            answer = client.get("/sign-in", headers={name: value}, timeout=60)
            wrong += _told_wrongly(f"{name} {text[:30]!r}", answer)
    assert wrong == []


def _is_page(answer: httpx2.Response) -> bool:
    """Whether a browser would show it here; a report, which may be downloaded, has styles of its own."""
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return is_html and "attachment" not in answer.headers.get("content-disposition", "")


def _told_wrongly(what: str, answer: httpx2.Response) -> list[str]:
    """What is wrong with an answer: a failure, a header that came in, markup that no template wrote."""
    wrong = [f"{what}: {answer.status_code}"] if answer.status_code >= 500 else []
    if "harmed" in answer.headers.get("set-cookie", "") or "evil" in answer.headers.get("location", ""):
        wrong.append(f"{what}: a header of its own")
    if _is_page(answer):
        wrong += [f"{what}: {each}" for each in wrongs_of(answer.text)]
    return wrong
