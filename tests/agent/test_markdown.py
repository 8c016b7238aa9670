"""Text that came from data is shown as it is, and does nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agent.markdown import bullets, code, headed, paragraphs, plain


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://127.0.0.1/a.png)",
        "[click](javascript:alert)",
        "<script>alert(1)</script>",
        "**bold** _slanted_ `code` ~~gone~~",
        "# heading",
        "1. list",
        "- list",
        "a | b",
        "<http://127.0.0.1/>",
        "> quote",
    ],
)
def test_marks_are_shown_and_not_obeyed(text: str) -> None:
    (_, inline, _) = MarkdownIt("commonmark").parse(plain(text))
    kinds = {child.type for child in inline.children or []}
    assert kinds <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children or []) == text


@given(st.text(max_size=80))
def test_any_text_stays_one_paragraph_without_html(text: str) -> None:
    told = MarkdownIt("commonmark").parse("Value: " + plain(text))
    assert [token.type for token in told] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = {child.type for child in told[1].children or []}
    assert not kinds & {"html_inline", "image", "link_open", "code_inline", "strong_open", "softbreak"}


def test_what_turns_or_hides_text_is_left_out() -> None:
    assert plain("a\u202eb\u200bc\x1b[31m") == "abc \\[31m"


def test_words_with_underscores_stay_readable() -> None:
    assert plain("interested_golf") == "interested_golf"


def test_a_long_text_is_cut() -> None:
    assert plain("x" * 500) == "x" * 399 + "…"


def test_code_ends_where_it_should() -> None:
    assert code("a`b\nc") == "`ab c`"


def test_lists_without_lines_and_parts_without_words_are_left_out() -> None:
    assert bullets(["a", "b"]) == "- a\n- b"
    assert headed("Heading", []) == ""
    assert headed("Heading", ["a"]) == "Heading\n\n- a"
    assert paragraphs("a", "", "b") == "a\n\nb"
