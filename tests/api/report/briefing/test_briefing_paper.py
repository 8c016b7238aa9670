"""A briefing as PDF and as Markdown, whole, with its appendix."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from pypdf import PdfReader

from agent.briefing_result import Appendix, Battlecard, Briefing
from api.report.briefing import markdown_of, pdf_of, pdf_pages
from api.report.briefing.told.marked import parts_of
from benchmarks.planted_briefings import changed_briefing, unchanged_briefing
from tests.api.report.briefing.briefing_facts import BRIEFINGS, LINKS, alike, huge_briefing, pdf_said


def test_the_same_briefing_gives_the_same_bytes() -> None:
    assert pdf_of(changed_briefing()) == pdf_of(changed_briefing())


def test_the_paper_is_a4_with_embedded_letters_numbered_pages_and_its_own_date() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(changed_briefing())))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.metadata is not None
    assert reader.metadata.title == changed_briefing().headline
    assert str(reader.metadata.creation_date).startswith("2026-11-23")
    for at, page in enumerate(reader.pages, 1):
        assert f"{at} / {len(reader.pages)}" in page.extract_text()
        fonts = page["/Resources"]["/Font"].values()  # type: ignore[index]  # a dictionary
        assert all("/DescendantFonts" in font.get_object() for font in fonts)


def test_criteria_and_battlecards_begin_pages_of_their_own() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(changed_briefing()))).pages]
    starts = [page.splitlines()[1] for page in pages]
    assert starts[-2:] == ["Who qualifies", "Battlecards"]
    assert "Logistics, tier A" in pages[-1]
    assert "Battlecards" not in "".join(pages[:-1])


def test_a_briefing_without_an_appendix_is_one_page() -> None:
    assert len(pdf_pages(unchanged_briefing(), ppi=30)) == 1


def test_nothing_from_data_is_obeyed_on_paper() -> None:
    words = "#panic() $x$ *b* @a <b> // no /* no */ ~ \\u{41} #sys.inputs"
    briefing = changed_briefing().model_copy(
        update={
            "headline": words,
            "risk": words,
            "appendix": Appendix(
                qualification=f"- `{words}`",
                battlecards=[Battlecard(title=words, when=words, say=[words], beware=[words])],
            ),
        }
    )
    assert alike(pdf_said(pdf_of(briefing))).count(alike(words)) >= 6


@pytest.mark.parametrize("sign", ["&", "x"])
def test_a_huge_briefing_has_a_paper(sign: str) -> None:
    assert len(pdf_of(huge_briefing(sign))) < 2_000_000


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BRIEFINGS)
def test_any_briefing_becomes_a_paper_and_markdown(briefing: Briefing) -> None:
    assert pdf_of(briefing).startswith(b"%PDF-")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(_without_appendix(briefing))
    assert "<script" not in html
    assert html.count("<a ") == 3


def _without_appendix(briefing: Briefing) -> str:
    # Its criteria are Markdown by themselves; and links are not what is asked about here.
    changes = [each.model_copy(update={"link": ""}) for each in briefing.changes]
    return markdown_of(briefing.model_copy(update={"appendix": Appendix(), "changes": changes}), LINKS)


def test_markdown_keeps_the_links_and_the_criteria_below_its_own_headings() -> None:
    markdown = markdown_of(changed_briefing(), LINKS)
    assert "[See the figure](<https://fieldmark.example/outcomes>)" in markdown
    assert f"[Open the briefing](<{LINKS.page}>)" in markdown
    assert "\n### Must have\n" in markdown
    assert "| A | 2" in markdown


def test_marks_become_parts_of_a_page() -> None:
    """A heading of depth 2, an item whose first word is strong, and a paragraph."""
    parts = parts_of("## Must have\n\n- **Size**: 200\n\nAll *of* `it`\\*\n")
    assert [(part["kind"], part["depth"]) for part in parts] == [
        ("heading", 2),
        ("item", 1),
        ("paragraph", 0),
    ]
    assert [(run["text"], run["style"]) for run in parts[1]["runs"]] == [("Size", "strong"), (": 200", "")]
    assert [run["style"] for run in parts[2]["runs"]][:4] == ["", "emph", "", "code"]
