"""An audience is built, counted, placed and kept at a browser, also by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.pages.seen import keep_picture, require_accessible


def number(page, selector="#total"):
    return int(page.locator(selector).inner_text().replace(",", ""))


def add(page, words, press="Add"):
    """Search for the words, and press the button of the first result."""
    page.get_by_label("Search by words or by meaning").fill(words)
    button = page.get_by_role("button", name=re.compile(f"^{press}: " if press == "Add" else f"^{press} "))
    with page.expect_response(lambda answer: "/audiences/new/traits" in answer.url):
        pass
    button.first.click()


def test_an_audience_is_built_by_words_counted_undone_and_kept(tab):
    page = tab("/audiences")
    page.get_by_role("link", name="Build an audience").click()
    expect(page.get_by_text("Anyone. Add a trait to begin.")).to_be_visible()
    assert number(page) == 100_000
    add(page, "loves golf")
    expect(page.locator("#total")).not_to_have_text("100,000")
    golf = number(page)
    expect(page.get_by_text(re.compile("takes .* away"))).to_be_visible()
    add(page, "owns a dog")
    expect(page.locator(".trait")).to_have_count(2)
    both = number(page)
    assert both < golf
    page.get_by_label("How its parts are joined").select_option("any")
    expect(page.locator(".sentence")).to_contain_text(" or ")
    assert number(page) > golf
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".sentence")).to_contain_text(" and ")
    assert number(page) == both
    add(page, "rents their home", press="Leave out")
    expect(page.locator(".sentence")).to_contain_text(", but ")
    without = number(page)
    assert without < both
    page.reload()
    assert number(page) == without
    keep_picture(page, "audiences-built-light-1280")
    require_accessible(page)
    page.get_by_role("button", name="Keep this audience").click()
    page.wait_for_url(re.compile("/audiences/audience_"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("People who")
    assert number(page, ".facts dd >> nth=0") == without
    keep_picture(page, "audiences-one-light-1280")
    require_accessible(page)
