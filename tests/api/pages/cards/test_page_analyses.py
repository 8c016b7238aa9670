"""An analysis as a page: read, asked where its figures come from, moved along its curve, printed."""

import re

import pytest
from playwright.sync_api import Page, expect

from agent.narration.wording import number, percent
from api.pages.figures.prose import dashed
from tests.api.pages.seen import Tab, keep_picture, require_accessible

A4 = 680  # pixels between the margins of a sheet


def sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_analysis_breaks_no_rule_on_a_desk_and_on_a_phone(look, answered, scheme, width):
    page = look(f"/analyses/{answered.analysis.analysis_id}", scheme=scheme, width=width)
    expect(page.get_by_role("heading", level=1)).to_have_text(dashed(answered.analysis.headline))
    expect(page.get_by_role("heading", name=answered.analysis.segments[0].name)).to_be_visible()
    require_accessible(page)
    assert not sideways(page)
    keep_picture(page, f"analyses-one-{scheme}-{width}")


def test_the_point_is_moved_with_arrow_keys_and_its_audience_built_from_the_keyboard(look, answered):
    page = look(f"/analyses/{answered.analysis.analysis_id}", width=390)
    slider = page.get_by_label("Move the point")
    at = int(slider.input_value())
    curve = answered.analysis.curve
    slider.focus()
    page.keyboard.press("ArrowRight")
    wider = curve[at]  # the one after the point `at`, counted from 1
    expect(page.get_by_text(f"Point {at + 1} of {len(curve)}")).to_be_visible()
    facts = page.locator(".chosen .facts")
    expect(facts).to_contain_text(number(wider.new_people))
    expect(facts).to_contain_text(percent(wider.recall.value))
    chart = page.get_by_role("img", name=f"Point {at + 1} is chosen")
    expect(chart).to_contain_text(f"{number(wider.new_people)} · {percent(wider.recall.value)}")
    expect(slider).to_be_focused()
    build = page.get_by_role("button", name="Build this audience")
    build.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("article").filter(has=page.get_by_role("link", name="Open the audience"))
    expect(card).to_contain_text(number(wider.new_people))
    expect(card.get_by_role("link", name="Export for a platform")).to_be_visible()
    keep_picture(page, "analyses-built-light-390")


def test_a_figure_opens_where_it_comes_from_and_closes_back_to_it(look, answered):
    page = look(f"/analyses/{answered.analysis.analysis_id}", scheme="dark")
    strongest = answered.analysis.lift.top_attributes[0]
    figure = page.get_by_role("heading", level=1).get_by_role("link")
    figure.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Where does this figure come from?")
    expect(dialog).to_contain_text(f"Lift of people who {strongest.trait.phrase} among the customers")
    expect(dialog).to_contain_text(number(strongest.population))
    expect(dialog).to_contain_text("mining.lift_report")
    require_accessible(page)
    keep_picture(page, "figures-dialog-dark-1280")
    address = dialog.get_by_role("link", name="Open as a page").get_attribute("href")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(figure).to_be_focused()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Where does this figure come from?")
    expect(page.get_by_text(f"Lift of people who {strongest.trait.phrase}")).to_be_visible()
    require_accessible(page)


def test_a_reader_of_german_reads_german_figures_in_text_and_charts(look, answered):
    page = look(f"/analyses/{answered.analysis.analysis_id}", locale="de-DE")
    told = number(answered.analysis.match.requested).replace(",", ".")
    expect(page.locator(".facts").first).to_contain_text(f"of {told} given")
    lift = answered.analysis.lift.top_attributes[0].lift.value
    written = f"{lift:.1f}".replace(".", ",")
    expect(page.get_by_role("heading", level=1)).to_contain_text(written)
    expect(page.locator("#apart svg")).to_contain_text(written)
    english = re.compile(r"(?<![\w.,-])[1-9]\d{0,2},\d{3}(?!\d)|(?<![\w.,-])\d\.\d(?![\d.])")
    shown = page.locator("main").evaluate(
        "m => m.innerText.replace(document.querySelector('#method').innerText, '')"
    )
    assert english.findall(shown) == []


def test_a_print_holds_everything_but_what_is_pressed(look, answered):
    page = look(f"/analyses/{answered.analysis.analysis_id}", width=A4)
    page.emulate_media(media="print")
    for name in ("Print", "Build this audience", "Copy as table", "Copy as picture"):
        assert not page.get_by_role("button", name=name, exact=True).first.is_visible()
    assert not page.get_by_label("Move the point").is_visible()
    assert not page.get_by_role("navigation", name="Screens").is_visible()
    for segment in answered.analysis.segments:
        expect(page.get_by_role("heading", name=segment.name)).to_be_visible()
    expect(page.get_by_text(answered.analysis.summary[-1][:40]).first).to_be_visible()  # folded on the screen
    assert not sideways(page)
    assert page.locator(".segment").first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    assert page.pdf(format="A4").startswith(b"%PDF")
    keep_picture(page, "analyses-print-a4")


def test_the_list_leads_to_an_analysis(look, answered):
    page = look("/analyses")
    require_accessible(page)
    page.get_by_role("link", name=answered.analysis.headline).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dashed(answered.analysis.headline))


def test_a_house_without_analyses_says_what_to_do(empty_site, chromium):
    opened = Tab(empty_site, chromium)
    page = opened("/analyses", width=390)
    expect(page.get_by_role("heading", name="No analysis yet")).to_be_visible()
    expect(page.get_by_role("link", name="Ask a question")).to_be_visible()
    require_accessible(page)
    opened.close()
