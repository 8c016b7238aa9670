"""An audience is built, counted, placed and kept at a browser, also by keyboard alone."""

import re

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


def test_the_keyboard_alone_builds_an_audience_and_keeps_it(tab):
    page = tab("/audiences/new")
    page.get_by_label("Search by words or by meaning").focus()
    with page.expect_response(lambda answer: "/audiences/new/traits" in answer.url):
        page.keyboard.type("loves golf")
    expect(page.get_by_role("button", name=re.compile("^Add: ")).first).to_be_visible()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_accessible_name(re.compile("^Add: "))
    page.keyboard.press("Enter")
    expect(page.locator(".trait")).to_have_count(1)
    expect(focused).to_have_accessible_name(re.compile("^Add: "))  # the next one can follow at once
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".trait")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Move or group: ")).first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(focused).to_have_text("Make a group of it: this or another")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name=re.compile("Any of: "))).to_be_focused()
    page.get_by_role("button", name=re.compile("^Remove: ")).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".trait")).to_have_count(1)
    expect(page.locator("fieldset:focus")).to_have_count(1)
    page.get_by_role("button", name="Keep this audience").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/audiences/audience_"))


def test_a_circle_is_set_by_a_town_by_the_map_and_by_arrows(tab):
    page = tab("/audiences/new", scheme="dark")
    place = page.get_by_label("Around")
    place.fill("Chicago")
    place.press("Enter")
    # The table of ZIP codes is read by the first who asks for a place.
    expect(page.get_by_text(re.compile("25 miles around 41.8"))).to_be_visible(timeout=20_000)
    near = number(page)
    assert 0 < near < 100_000
    page.get_by_label("Radius").fill("100")
    expect(page.get_by_text(re.compile("100 miles around"))).to_be_visible()
    wide = number(page)
    assert wide > near
    page.get_by_role("button", name="Show it near").click()
    expect(page.get_by_role("button", name="Show the whole map")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Move the circle south")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("100 miles around 41.1"))).to_be_visible()
    expect(page.get_by_role("button", name="Move the circle south")).to_be_focused()
    keep_picture(page, "audiences-place-dark-1280")
    require_accessible(page)
    page.get_by_role("button", name="Show the whole map").click()
    expect(page.get_by_role("button", name="Show it near")).to_be_visible()
    page.locator("input[type=image].wide").click(position={"x": 400, "y": 180})
    expect(page.get_by_text(re.compile("100 miles around 3[0-9].*, -[78]"))).to_be_visible()
    place.fill("Nowhereville")
    place.press("Enter")
    expect(page.get_by_text("This place is not known here")).to_be_visible()
    page.get_by_role("button", name="Everywhere again").click()
    expect(page.locator("#total")).to_have_text("100,000")


def test_an_analysis_widens_compares_and_leaves_its_customers_out(tab, analysed, golfers):
    page = tab(f"/audiences/new?analysis={analysed}&way=curve&compare={golfers}", width=390)
    expect(page.get_by_text(re.compile("Point 1 of"))).to_be_visible()
    first = number(page)
    page.get_by_label("Point of the curve").fill("3")
    expect(page.get_by_text(re.compile("Point 3 of"))).to_be_visible()
    assert number(page) > first
    shared = page.get_by_role("region", name="Whom it shares").get_by_role(
        "row", name=re.compile("Customers")
    )
    before = shared.get_by_role("cell").first.inner_text()
    assert before != "0"
    page.get_by_label(re.compile("Leave out its")).check()
    expect(shared.get_by_role("cell").first).to_have_text("0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_picture(page, "audiences-analysis-light-390")
    require_accessible(page)
    counted = number(page)
    page.get_by_role("button", name="Keep this audience").click()
    page.wait_for_url(re.compile("/audiences/audience_"))
    assert number(page, ".facts dd >> nth=0") == counted
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_segment_of_an_analysis_is_where_the_builder_begins(tab, site, analysed):
    segment = site.house.artifacts.document("analysis", analysed)["segments"][0]
    page = tab(f"/audiences/new?analysis={analysed}&segment={segment['segment_id']}")
    assert page.locator(".trait").count() >= 1
    told = segment["audience"] or {"total": number(page)}
    assert number(page) == told["total"]


def test_what_an_expert_writes_is_read_or_told_where_it_breaks(tab, golfers):
    page = tab("/audiences/new")
    page.get_by_text("As an expression").click()
    field = page.get_by_label("Expression")
    field.fill("7f83 AND (")
    page.get_by_role("button", name="Use this expression").click()
    expect(page.get_by_text(re.compile("column 1"))).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("7f83 AND (")
    field.fill("1000000001 AND NOT (1000000002 OR 1000000003)")
    page.get_by_role("button", name="Use this expression").click()
    expect(page.locator(".trait")).to_have_count(3)
    page.get_by_text("Compare with kept audiences").click()
    page.get_by_role("button", name=re.compile("^Leave out people who follow golf")).first.click()
    expect(page.locator(".trait")).to_have_count(4)
