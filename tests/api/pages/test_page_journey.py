"""A marketer's first visit, from a file of customers to the file of an ad platform, and the day after."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.demo.progress import Kept, making_lock
from store.population.mapping import Mapping
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, Tab, keep_picture, require_accessible
from tests.conftest import lend_us, silent

ROWS, BROKEN = 2_000, 40
HEADER = "Kontakt (e-mail);Tel. mobil;Orders"
RUN_MS = 120_000
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 100);
})"""
# Of cumulative layout shift: until the plan stands there, and until all of it was drawn. 0.1 is called good.
STILL, STEADY = 0.02, 0.06


@pytest.fixture(scope="module")
def home(consumers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the generated population, which is served twice."""
    home = tmp_path_factory.mktemp("journey") / "home"
    lend_us(consumers, home)
    return home


@pytest.fixture
def odd_customers(home: Path, tmp_path: Path) -> Callable[[Site], Path]:
    """2,000 golfers under odd names of columns, semicolons between; the first 40 e-mails are broken."""

    def made(site: Site) -> Path:
        (shard,) = site.house.workspace("us").population.shards
        golf = site.house.workspace("us").population.catalogue.valued("interested_golf", "Yes")
        assert golf is not None
        people = np.asarray(shard.bitmaps[golf.code].to_array())[:ROWS]
        found = shard.fields.take(people, ["email1", "phone1"])
        lines = [HEADER]
        for at, (email, phone) in enumerate(zip(found["email1"], found["phone1"], strict=True)):
            lines.append(f"{'broken at home' if at < BROKEN else email or ''};{phone or ''};{at % 5}")
        path = tmp_path / "best customers.csv"
        path.write_text("\n".join(lines), encoding="cp1252")
        return path

    return made


def test_a_file_becomes_an_audience_that_is_narrowed_exported_explained_and_still_there_tomorrow(
    home: Path, chromium: Browser, odd_customers: Callable[[Site], Path]
) -> None:
    with served_site(home) as site:
        path = _the_first_day(site, chromium, odd_customers(site))
    with served_site(home) as again:
        _the_next_day(again, chromium, path)


def _the_first_day(site: Site, chromium: Browser, file: Path) -> str:
    """The address of the conversation, when all of it has happened."""
    opened = Tab(site, chromium)
    page = opened("/?warehouse=us")
    _looked_at_planned_and_run(page, file)
    _moved_and_built(page)
    _narrowed(page)
    _exported(page)
    _explained(page)
    path = page.url.removeprefix(site.url)
    opened.close()
    return path


def _looked_at_planned_and_run(page: Page, file: Path) -> None:
    page.get_by_label("Add a file of customers").set_input_files(str(file))
    expect(page.get_by_text(f"{BROKEN} of ")).to_be_visible()
    expect(page.get_by_label("What Tel. mobil holds")).to_have_value("phone")
    page.get_by_role("button", name="Analyze these customers", exact=True).click()
    expect(page.get_by_role("button", name="Run it")).to_be_visible(timeout=RUN_MS)
    assert page.evaluate(SHIFTS) < STILL
    page.get_by_role("button", name="Run it").click()
    last = _answered(page, 2)
    expect(last.get_by_role("heading", name=re.compile("times as frequent")).first).to_be_visible()
    expect(last.get_by_role("heading", name="What does not matter, although it seems to")).to_be_visible()
    assert page.evaluate(SHIFTS) < STEADY


def _answered(page: Page, number: int) -> Locator:
    """The turn of this number when it has ended and its cards are drawn."""
    turn = page.locator(f"#turn-{number}")
    expect(turn.get_by_role("link", name="How this was done")).to_be_visible(timeout=RUN_MS)
    expect(turn.locator(".coming")).to_have_count(0, timeout=RUN_MS)
    return turn


def _moved_and_built(page: Page) -> None:
    """Four points wider than the chosen one; what is built is a turn of the conversation."""
    turn = page.locator("#turn-2")
    point = turn.get_by_label("Move the point: surer or wider")
    chosen = int(point.input_value())
    for _ in range(4):
        point.press("ArrowRight")
    expect(turn.get_by_text(f"Point {chosen + 4} of ")).to_be_visible()
    turn.get_by_role("button", name="Build this audience").click()
    built = _answered(page, 3)
    expect(built).to_contain_text(f"at point {chosen + 4} of its curve, without the customers themselves")
    expect(page.locator("#turn-3")).to_be_focused()


def _narrowed(page: Page) -> None:
    before = _people(page, 3)
    page.get_by_label("Message").fill("only within 400 km of Austin, without our customers")
    page.keyboard.press("Enter")
    turn = _answered(page, 4)
    expect(turn).to_contain_text("within 400 km of Austin, TX, without the customers themselves")
    assert 0 < _people(page, 4) < before


def _people(page: Page, number: int) -> int:
    """The size of the audience that a turn made."""
    told = page.locator(f"#turn-{number} .result .facts").first.inner_text()
    return int(re.findall(r"[\d,]*\d", told)[0].replace(",", ""))


def _exported(page: Page) -> None:
    """What to know before is told; what is written is what was told."""
    page.locator("#turn-4").get_by_role("link", name="Export for a platform").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("leave the house with it")).to_be_visible()
    expect(dialog).to_contain_text("For housing, employment or credit")
    expect(dialog).to_contain_text("Columns: Email, Phone")
    keep_picture(page, "journey-export-light-1280")
    for box in dialog.get_by_role("checkbox").all():
        box.check()
    dialog.get_by_role("button", name="Write the file").click()
    link = dialog.get_by_role("link", name=re.compile("Download"))
    with page.expect_download() as found:
        link.click()
    header, *rows = _rows(Path(found.value.path()), found.value.suggested_filename)
    assert {"Email", "Phone", "Country"} <= set(header)
    assert len(rows) <= _people(page, 4)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def _rows(path: Path, name: str) -> list[list[str]]:
    content = path.read_bytes()
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    return list(csv.reader(io.StringIO(content.decode())))


def _explained(page: Page) -> None:
    """A figure is asked about by pressing it, and in words."""
    headline = page.locator("#turn-2 .result h2").first
    figure = headline.get_by_role("link").first
    told = re.findall(r"\d+\.\d+", figure.inner_text())[0]
    figure.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(told)
    expect(dialog).to_contain_text("How sure")
    expect(dialog).to_contain_text("snapshot")
    require_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_label("Message").fill(f"where does the {told} come from?")
    page.keyboard.press("Enter")
    expect(_answered(page, 5)).to_contain_text(told)


def _the_next_day(site: Site, chromium: Browser, path: str) -> None:
    opened = Tab(site, chromium)
    page = opened("/", scheme="dark")
    page.get_by_role("navigation", name="Conversations").get_by_role("link").nth(1).click()
    assert page.url == site.url + path
    expect(page.get_by_role("article")).not_to_have_count(0)
    for number in (3, 4, 5):  # the last three come with their cards
        _answered(page, number)
    expect(page.locator("#turn-4")).to_contain_text("within 400 km of Austin, TX")
    page.locator("#turn-2").get_by_role("link", name="Show what was found").click()
    expect(page.locator("#turn-2 .result h2").first).to_contain_text("times as frequent")
    require_accessible(page, "contrast")
    keep_picture(page, "journey-tomorrow-dark-1280")
    opened.close()


def test_a_first_visit_sees_how_far_the_examples_are_and_then_the_ready_screen(
    empty_site: Site, chromium: Browser, tmp_path: Path
) -> None:
    home = empty_site.house.home
    opened = Tab(empty_site, chromium)
    page = opened("/", width=390)  # nothing is begun yet: whoever serves opens the page at once
    expect(page.get_by_role("heading", name="There is no warehouse yet")).to_be_visible()
    kept, lock = Kept(home), making_lock(home)
    assert lock.taken()
    kept.move("people", "running")
    kept.write()
    expect(page.get_by_role("heading", name="Your first warehouse is being prepared")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "journey-first-light-390")
    _load_small(empty_site, tmp_path)
    (home / "demo" / "best_customers.csv").write_text("Mail (work)\nann@example.com\n")
    kept.move("people", "done")
    kept.write()
    expect(page.get_by_label("Message")).to_be_focused()
    expect(page.get_by_role("heading", name="More examples are on their way")).to_be_visible()
    page.get_by_role("button", name="Look at the example file").click()
    expect(page.get_by_role("heading", name="best_customers.csv")).to_be_visible()
    require_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_picture(page, "journey-ready-light-390")
    lock.let_go()
    opened.close()


def _load_small(site: Site, folder: Path) -> None:
    file = folder / "small.csv"
    file.write_text("id,age\n1,30\n2,40\n3,50\n")
    mapping = Mapping.model_validate({"columns": {"id": {"kind": "person_id"}, "age": {"kind": "category"}}})
    warehouse = site.house.workspace("small").warehouse
    warehouse.load([file], mapping, site.house.now(), progress=silent, processes=1)
