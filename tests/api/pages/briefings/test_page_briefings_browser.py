"""Schedules, sending and a whole briefing in a browser: by keyboard, in both themes, on a phone, live."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from store.population.mapping import Mapping
from store.records.briefing_deliveries import Settled, claim_due, settle
from tests.api.pages.briefings.briefings_planted import Planted, plant
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, Tab, keep_picture, require_accessible
from tests.conftest import silent


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Planted]]:
    folder = tmp_path_factory.mktemp("deals")
    (folder / "people.csv").write_text("id,age\n1,30\n2,40\n")
    columns = {"id": {"kind": "person_id"}, "age": {"kind": "category"}}
    with served_site(folder / "home") as site:
        site.house.workspace("deals").warehouse.load(
            [folder / "people.csv"],
            Mapping.model_validate({"columns": columns}),
            site.house.now(),
            progress=silent,
            processes=1,
        )
        yield site, plant(site.house, "deals")


@pytest.fixture
def at(deals: tuple[Site, Planted], chromium: Browser) -> Iterator[Callable[..., Page]]:
    tabs = Tab(deals[0], chromium)
    yield tabs
    tabs.close()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_schedule_is_made_by_keyboard_alone(at, deals):
    page = at("/briefings")
    require_accessible(page)
    page.get_by_role("link", name="New schedule").press("Enter")
    dialog = page.get_by_role("dialog", name="New schedule")
    expect(dialog.get_by_role("radio", name="A briefing")).to_be_focused()
    require_accessible(page)
    expect(dialog.get_by_label("Cron expression")).to_be_hidden()
    dialog.get_by_label("How often").select_option("Every month")
    dialog.get_by_label("On", exact=True).select_option("The first day of the month")
    dialog.get_by_label("Others").fill("zoe@example.com")
    dialog.get_by_label("At", exact=True).fill("06:45")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Begin").press("Enter")
    heading = page.get_by_role("heading", name="On day 1 of every month at 06:45")
    expect(heading).to_be_focused()
    expect(page.get_by_text("The schedule has begun.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("listitem").filter(has=heading).get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_role("listitem").filter(has=heading).get_by_text("Paused")).to_be_visible()
    page.get_by_role("listitem").filter(has=heading).get_by_role("button", name="Remove").press("Enter")
    page.get_by_role("button", name="Remove it").press("Enter")
    expect(heading).to_have_count(0)
    expect(page.get_by_role("heading", name="Scheduled")).to_be_focused()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_of_briefings_is_accessible_and_fits(at, deals, scheme, width):
    planted = deals[1]
    of = {name: f"/briefings/{briefing_id}" for name, briefing_id in planted.briefings.items()}
    pages = {
        "briefings": "/briefings",
        "briefing": of["changed"],
        "briefing-quiet": of["unchanged"],
        "briefing-sales": f"{of['changed']}/sales",
        "briefings-log": "/briefings/deliveries",
        "briefings-recipients": "/briefings/recipients",
    }
    page = at("/briefings", scheme=scheme, width=width)
    for name, path in pages.items():
        page.goto(path)
        require_accessible(page, None if scheme == "light" else "contrast")
        assert fits(page), path
        keep_picture(page, f"{name}-{scheme}-{width}")


def test_a_briefing_is_sent_after_a_yes_and_its_log_fills_by_itself(at, deals):
    site, planted = deals
    page = at(f"/briefings/{planted.briefings['unchanged']}")
    page.get_by_role("link", name="Send now").click()
    dialog = page.get_by_role("dialog", name="Send this briefing")
    require_accessible(page)
    dialog.get_by_label("a…@example.com").check()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_visible()  # the browser wants the yes
    dialog.get_by_label("Yes, send it to them now.").check()
    dialog.get_by_role("button", name="Send").click()
    sent = page.get_by_role("region", name="To whom it was sent")
    expect(sent.get_by_text("waits")).to_be_visible()
    expect(page.get_by_role("heading", name="To whom it was sent")).to_be_focused()
    (claimed,) = claim_due(site.house.database, site.house.now(), "a claim", 1, mail=True)
    settle(site.house.database, claimed, site.house.now(), Settled("sent", 250))
    expect(sent.get_by_text("sent", exact=True)).to_be_visible()
    expect(sent.get_by_text("On its way")).to_have_count(0)
    page.reload()
    expect(sent.get_by_text("sent", exact=True)).to_be_visible()


def test_whether_a_change_was_right_is_said_in_its_place(at, deals):
    page = at(f"/briefings/{deals[1].briefings['changed']}", width=390)
    page.get_by_text("Was this right?").first.press("Enter")
    require_accessible(page)
    page.get_by_role("radio", name="It is right, and we knew it.").first.check()
    page.get_by_role("button", name="Send", exact=True).first.click()
    expect(page.get_by_text("Thank you. It is kept")).to_be_focused()
    assert fits(page)
