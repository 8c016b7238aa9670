"""What a browser shows of outcomes: the newest analysis, its figures, a file that is looked at first."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.api.pages.seen import keep_picture, require_accessible

HUBSPOT = "Record ID,Deal Name,Deal Stage,Create Date,Close Date,Amount,Associated Company IDs,Source\n"


def export(folder: Path) -> Path:
    """40 deals of HubSpot, every fourth of a stage that nobody knows; names that must not be shown."""
    stages = ("Closed Won", "Closed Lost", "Closed Lost", "Signed In Blood")
    rows = [
        f"{at},Deal of Jane Roe,{stages[at % 4]},2025-01-{at % 28 + 1:02},2025-03-{at % 28 + 1:02},"
        f"{at}00,{at + 5000},{'web' if at % 2 else 'fair'}"
        for at in range(40)
    ]
    file = folder / "deals.csv"
    file.write_text(HUBSPOT + "\n".join(rows))
    return file


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1280, "de-DE"), ("dark", 390, "en-US")])
def test_the_newest_analysis_is_readable_for_everybody(crm_tab, scheme, width, locale):
    page = crm_tab("/outcomes", scheme=scheme, width=width, locale=locale)
    expect(page.get_by_role("heading", name="162 of 600 decided deals were won")).to_be_visible()
    expect(page.get_by_role("heading", name="Win rate by criterion")).to_be_visible()
    for title in ("Does the score hold?", "How sure are the chances?", "What moved", "Why deals are lost"):
        assert page.get_by_role("heading", name=title).count() == (title != "Why deals are lost")
    require_accessible(page, None if scheme == "light" else "contrast")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_picture(page, f"outcomes-{scheme}-{width}")


def test_the_criteria_are_put_in_order_by_keyboard_and_a_figure_says_where_it_comes_from(crm_tab, crm):
    page = crm_tab(f"/outcomes/{crm.second.outcome_analysis_id}")
    head = page.get_by_role("columnheader", name="Win rate with it")
    assert head.get_attribute("aria-sort") is None
    head.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(head.get_by_role("link")).to_be_focused()
    page.get_by_role("table").filter(has_text="All deals:").get_by_role(
        "link", name=re.compile("%")
    ).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Weight of Employees in the fit score")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_file_is_looked_at_corrected_and_recorded(empty_tab, empty_site, tmp_path):
    page = empty_tab("/outcomes")
    expect(page.get_by_role("heading", name="No outcomes are recorded yet")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "outcomes-empty-light-1280")
    page.get_by_role("link", name="Load outcomes").click()
    require_accessible(page)
    page.get_by_label("Drop a file here").set_input_files(export(tmp_path))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("30 of 40 rows would be recorded")).to_be_visible(
        timeout=20_000
    )  # it is read first
    assert "Jane" not in page.content()
    require_accessible(page)
    keep_picture(page, "outcomes-look-light-1280")
    page.reload()
    page.get_by_label("Signed In Blood").select_option("won")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("40 of 40 rows would be recorded")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Record 40 outcomes").click()
    expect(page.get_by_role("heading", name="40 outcomes are recorded")).to_be_focused()
    page.get_by_role("link", name="See them").click()
    expect(page.get_by_role("heading", name="What is recorded")).to_be_visible()
    page.get_by_role("button", name="Learn from them").click()
    expect(page.get_by_role("heading", name="Learning from the outcomes")).to_be_visible()
    expect(page.get_by_role("button", name="Learn from them")).to_be_hidden()  # it is under way
    page.reload()
    expect(page.get_by_role("heading", name="Learning from the outcomes")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "outcomes-job-light-1280")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("The learning was stopped")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Learning from the outcomes")).to_be_visible()
