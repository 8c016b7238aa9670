"""A briefing as a mail: within what clients show, with nothing of the data obeyed."""

import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image as Picture

from agent.briefing_result import Briefing
from api.report.briefing import Links, mail_of
from benchmarks.planted_briefings import changed_briefing, unchanged_briefing
from store.errors import BadInput
from tests.api.report.briefing.briefing_facts import BRIEFINGS, LINKS, huge_briefing, visible

CLIPPED = 102_000  # bytes, over which Gmail hides the rest
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


def test_html_is_styled_inline_and_asks_no_other_house() -> None:
    html = mail_of(changed_briefing(), LINKS).html
    assert html.count("<style") == 1
    assert "prefers-color-scheme: dark" in html
    assert 'name="color-scheme" content="light dark"' in html
    assert not re.search(r"<(script|link|iframe|form|video)\b|@import|url\(", html)
    assert set(re.findall(r'\bsrc="([^"]+)"', html)) == {"cid:chart1@fieldmark", "cid:chart2@fieldmark"}
    assert {each.split("/")[2] for each in ADDRESS.findall(html)} == {"fieldmark.example"}
    assert all("style=" in found for found in re.findall(r'<p\b[^>]*class="sentence"[^>]*>', html))


def test_each_picture_is_drawn_at_twice_its_size_and_described() -> None:
    mail = mail_of(changed_briefing(), LINKS)
    for image in mail.images:
        drawn = Picture.open(io.BytesIO(image.content))
        assert abs(drawn.width - 2 * image.width) <= 2
        assert abs(drawn.height - 2 * image.height) <= 2
        assert f'width="{image.width}"' in mail.html
        assert f'src="cid:{image.cid}"' in mail.html
    assert "Logistics: 38 % (34-43 %), was 22 % (20-25 %)." in mail.images[0].alt


@pytest.mark.parametrize("sign", ["&", "漢", '"', "x"])
def test_a_huge_briefing_is_not_clipped_and_says_that_there_is_more(sign: str) -> None:
    mail = mail_of(huge_briefing(sign), LINKS)
    assert len(mail.html.encode()) < CLIPPED
    assert "More of this is on the page" in visible(mail.html)
    assert LINKS.unsubscribe in mail.html
    assert LINKS.unsubscribe in mail.text


def test_lines_of_the_plain_text_are_72_wide_but_for_addresses() -> None:
    for briefing in (changed_briefing(), unchanged_briefing()):
        lines = mail_of(briefing, LINKS).text.splitlines()
        assert [line for line in lines if len(line) > 72 and "https://" not in line] == []


def test_the_figures_of_the_tiers_stand_below_each_other() -> None:
    lines = mail_of(changed_briefing(), LINKS).text.splitlines()
    begin = lines.index("HOW EACH TIER DOES") + 1
    assert len({len(line) for line in lines[begin : begin + 13]}) == 1


def test_the_subject_is_the_headline_on_one_line() -> None:
    briefing = changed_briefing().model_copy(update={"headline": "Two things\r\nBcc: everybody changed"})
    assert mail_of(briefing, LINKS).subject == "Two things Bcc: everybody changed"
    alert = briefing.model_copy(update={"purpose": "alert"})
    assert mail_of(alert, LINKS).subject == "Alert: Two things Bcc: everybody changed"


def test_of_a_long_headline_the_subject_tells_the_news() -> None:
    """A change is told by its figure; a quiet week by being quiet."""
    news = "One significant change since 9 March 2026: deals with sector logistics close at 90 % (was 21 %)."
    mail = mail_of(changed_briefing().model_copy(update={"headline": news}), LINKS)
    assert mail.subject == "Deals with sector logistics close at 90 % (was 21 %)."
    quiet = "Nothing significant changed since 2 March 2026: 390 deals were decided in 91 days, 23 % won."
    mail = mail_of(unchanged_briefing().model_copy(update={"headline": quiet}), LINKS)
    assert mail.subject == "Nothing significant changed since 2 March 2026"


def test_figures_are_written_in_the_locale_and_names_are_not() -> None:
    briefing = changed_briefing()
    first = briefing.call_first[0].model_copy(update={"unit_id": "Account 1,234.5"})
    mail = mail_of(briefing.model_copy(update={"call_first": [first]}), LINKS, "de")
    assert "5.310" in mail.text
    assert "0,1 %" in mail.text
    assert "Account 1,234.5" in mail.text


def test_what_is_filled_in_is_text_and_never_markup() -> None:
    briefing = changed_briefing().model_copy(update={"headline": '<img src=x onerror="a()"> & co'})
    html = mail_of(briefing, LINKS).html
    assert "<img src=x" not in html
    assert '<img src=x onerror="a()"> & co' in visible(html)


def test_a_link_of_a_change_stays_in_the_house() -> None:
    briefing = changed_briefing()
    for link in (
        "//elsewhere.example/x",
        "https://elsewhere.example",
        "javascript:a()",
        "/\\elsewhere.example",
    ):
        change = briefing.changes[0].model_copy(update={"link": link})
        html = mail_of(briefing.model_copy(update={"changes": [change]}), LINKS).html
        assert {each.split("/")[2] for each in ADDRESS.findall(html)} == {"fieldmark.example"}
        assert "javascript:" not in html


@pytest.mark.parametrize(
    "page", ["javascript:a()", "fieldmark.example/x", "https://a b", 'https://a"b', "https://"]
)
def test_a_link_that_is_no_page_is_refused_by_the_name_of_its_field(page: str) -> None:
    with pytest.raises(BadInput) as refused:
        Links(page=page)
    assert "links.page" in str(refused.value)


def test_the_same_briefing_gives_the_same_mail() -> None:
    assert mail_of(changed_briefing(), LINKS) == mail_of(changed_briefing(), LINKS)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BRIEFINGS)
def test_any_briefing_becomes_a_mail(briefing: Briefing) -> None:
    mail = mail_of(briefing, LINKS)
    assert len(mail.html.encode()) < CLIPPED
    assert len(mail.subject) <= 78
    assert len(mail.subject.splitlines()) == 1
    assert "\x00" not in mail.html + mail.text
    assert "<script" not in mail.html
    assert all(image.content.startswith(b"\x89PNG") for image in mail.images)
