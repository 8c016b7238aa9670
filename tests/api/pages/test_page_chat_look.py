"""The chat screen as a browser sees it: a file, its plan, the steps as they run, two tabs, a phone."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from store.records.access.members import Member, add_member
from store.records.access.passwords import password_hash
from tests.agent.conversation.conftest import Plans, step
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, Tab, keep_picture, require_accessible

FITS = "document.documentElement.scrollWidth <= innerWidth"
BROKEN = 40
PASSWORD = "correct horse battery"


@pytest.fixture
def best_customers(site: Site, tmp_path: Path) -> Path:
    """2,000 people of the population under three odd names of columns; the first 40 e-mails are broken."""
    (shard,) = site.house.workspace("us").population.shards
    golf = site.house.workspace("us").population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    found = shard.fields.take(np.asarray(shard.bitmaps[golf.code].to_array())[:2_000], ["email1", "phone1"])
    lines = ["Kontakt (e-mail);Tel. mobil;Orders"]
    for at, (email, phone) in enumerate(zip(found["email1"], found["phone1"], strict=True)):
        lines.append(f"{'broken at home' if at < BROKEN else email or ''};{phone or ''};{at % 5}")
    path = tmp_path / "best_customers.csv"
    path.write_text("\n".join(lines), encoding="cp1252")
    return path


def test_a_file_becomes_a_plan_that_is_changed_run_and_read(
    tab: Callable[..., Page], best_customers: Path
) -> None:
    page = tab("/")
    require_accessible(page)
    keep_picture(page, "chat-first-light-1280")
    page.get_by_label("Add a file of customers").set_input_files(str(best_customers))
    expect(page.get_by_role("heading", name="best_customers.csv")).to_be_visible()
    expect(page.get_by_text(f"{BROKEN} of ")).to_be_visible()
    role = page.get_by_label("What Tel. mobil holds")
    expect(role).to_have_value("phone")
    role.select_option("nothing")
    expect(page.get_by_text("Tel. mobil: Phone")).to_have_count(0)
    expect(role).to_be_focused()
    keep_picture(page, "chat-file-light-1280")
    require_accessible(page)
    page.get_by_role("button", name="Analyze these customers and build").click()
    expect(page.get_by_text("The plan, before anything runs")).to_be_visible(timeout=60_000)
    page.get_by_text("Change the plan", exact=True).click()
    page.get_by_label("People at most").fill("500")
    page.get_by_label("How wide").select_option("reach")
    page.get_by_role("button", name="Update the plan").click()
    expect(page.get_by_text("Build a reach audience of at most 500 people").first).to_be_visible()
    expect(page.get_by_text("Change the plan", exact=True)).to_be_focused()
    keep_picture(page, "chat-plan-light-1280")
    require_accessible(page)
    page.get_by_role("button", name="Run it").click()
    expect(page.get_by_role("button", name="Run it")).to_have_count(0)
    expect(page.get_by_text("The answer is complete.")).to_be_attached(timeout=90_000)
    page.get_by_text("The same in words").click()
    # A column that was said to identify nobody was not read.
    expect(page.get_by_text('read "Kontakt (e-mail)" (email):')).to_be_visible()
    expect(page.locator("#turn-2-steps")).to_contain_text("500 people")
    page.reload()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.locator("[data-load]")).to_have_count(0, timeout=60_000)
    require_accessible(page)
    keep_picture(page, "chat-answer-light-1280")
    other = tab(page.url.removeprefix(page.url.split("/chat")[0]), scheme="dark", width=390)
    expect(other.locator("[data-load]")).to_have_count(0, timeout=60_000)
    expect(other.locator("#turn-2-steps")).to_contain_text("500 people")
    assert other.evaluate(FITS)
    require_accessible(other)
    keep_picture(other, "chat-answer-dark-390")


class SlowPlans(Plans):
    """Waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def __call__(self, *given: Any) -> Any:
        assert self.go_on.wait(30)
        return super().__call__(*given)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowPlans:
    plans = SlowPlans()
    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=plans))  # type: ignore[arg-type]  # all that is imported of it
    plans.means("golf?", step("list_clusters", "List clusters about golf", query="golf"))
    return plans


def test_a_reload_in_the_middle_and_a_second_tab_see_the_same_turn_go_on(
    tab: Callable[..., Page], slow: SlowPlans
) -> None:
    page = tab("/")
    page.get_by_label("Message").fill("golf?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Reading your message")).to_be_visible()
    keep_picture(page, "chat-running-light-1280")
    require_accessible(page)
    other = tab(page.url.removeprefix(page.url.split("/chat")[0]), scheme="dark", width=390)
    expect(other.get_by_role("button", name="Cancel")).to_be_visible()
    slow.go_on.set()
    for seen in (page, other):
        expect(seen.get_by_text("The answer is complete.")).to_be_attached(timeout=60_000)
        expect(seen.get_by_text("List clusters about golf")).to_be_visible()
        expect(seen.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.get_by_label("Message")).to_be_focused()
    page.keyboard.type("golf?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.get_by_label("Message")).to_have_value("")
    expect(page.locator("#turn-2").get_by_text("How this was done")).to_be_visible(timeout=60_000)
    assert other.evaluate(FITS)
    require_accessible(other)
    other.get_by_role("button", name="Conversations").click()
    expect(other.get_by_role("link", name="golf?").first).to_be_visible()
    keep_picture(other, "chat-past-dark-390")
    require_accessible(other)


@pytest.fixture(scope="module")
def viewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A house in which nothing was loaded, and a member who may only read."""
    with served_site(tmp_path_factory.mktemp("viewed") / "home", auth="required") as site:
        add_member(
            site.house.database,
            Member(
                member_id="member_1",
                email="ann@example.com",
                name="Ann",
                role="viewer",
                password_hash=password_hash(PASSWORD),
                created_at=site.house.now(),
            ),
        )
        yield site


def test_a_viewer_and_a_house_without_people_see_what_they_can_do(
    viewed: Site, chromium: Browser, load_into: Callable[[Site], None]
) -> None:
    opened = Tab(viewed, chromium)
    page = opened("/", width=390)
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="There are no people here yet")).to_be_visible()
    require_accessible(page)
    load_into(viewed)
    page.reload()
    expect(page.get_by_role("heading", name="Conversations show single people")).to_be_visible()
    expect(page.get_by_label("Message")).to_have_count(0)
    assert page.evaluate(FITS)
    require_accessible(page)
    keep_picture(page, "chat-viewer-light-390")
    opened.close()


@pytest.fixture
def load_into(tmp_path: Path) -> Callable[[Site], None]:
    """Loads three people as the warehouse `small`."""
    from store.population.mapping import Mapping
    from tests.conftest import silent

    def load(site: Site) -> None:
        file = tmp_path / "small.csv"
        file.write_text("id,age\n1,30\n2,40\n3,50\n")
        mapping = Mapping.model_validate(
            {"columns": {"id": {"kind": "person_id"}, "age": {"kind": "category"}}}
        )
        workspace = site.house.workspace("small")
        workspace.warehouse.load([file], mapping, site.house.now(), progress=silent, processes=1)

    return load
