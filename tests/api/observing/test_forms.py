"""What is told has the form of a name, an id or a figure; whatever looks like a person's is left out."""

import re
import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.observing.forms import MOST_TEXT, REMOVED, TOLD, scrubbed, told

NAMES = sorted(TOLD)
LETTERS = string.ascii_lowercase
emails = st.emails(domains=st.just("example.com"))
digits = st.text(string.digits, min_size=7, max_size=15)
phones = st.builds(
    lambda plus, parts, gap: plus + gap.join(parts),
    st.sampled_from(["", "+", "+1 "]),
    st.lists(st.text(string.digits, min_size=2, max_size=4), min_size=4, max_size=5),
    st.sampled_from(["", " ", "-", ".", "/"]),
)
addresses = st.ip_addresses(v=4).map(str)
keys = st.text(string.ascii_letters + string.digits, min_size=43, max_size=43).map("sk_live_{}".format)
identifiers = st.one_of(emails, digits, phones, addresses, keys)
words = st.lists(st.text(LETTERS, min_size=1, max_size=9), max_size=6).map(" ".join)


@given(st.sampled_from(NAMES), identifiers)
def test_an_identifier_is_told_under_no_name(name: str, identifier: str) -> None:
    assert told(name, identifier) == REMOVED


@given(words, identifiers, words)
def test_an_identifier_in_a_text_is_taken_out_of_it(before: str, identifier: str, after: str) -> None:
    left = scrubbed(f"{before} {identifier} {after}")
    assert identifier not in left
    assert not re.search(r"\d{7}|@|sk_live", left)


@given(st.text(), st.sampled_from(['"{}"', "'{}'", "`{}`", "“{}”"]))
def test_what_a_text_quotes_is_not_told(value: str, quotes: str) -> None:
    inner = "".join(c for c in value if c not in "\"'`“”" and c.isprintable())
    left = scrubbed("no such value: " + quotes.format(f"Mx {inner} Smith") + ".")
    assert left in {f"no such value: {REMOVED}.", f"no such value: {REMOVED}{REMOVED}."}


@given(st.text())
def test_any_text_comes_back_short_and_in_ascii(text: str) -> None:
    left = scrubbed(text)
    assert len(left) <= MOST_TEXT
    assert left.isascii()
    assert all(c.isprintable() or c in "\n\t" for c in left)


@given(st.sampled_from(NAMES), st.text())
def test_a_value_is_told_as_it_is_or_not_at_all(name: str, value: str) -> None:
    said = told(name, value)
    assert said in (value, REMOVED)
    if said == value:
        assert re.fullmatch(r"[\x21-\x7e ]*", value)


@given(st.text().filter(lambda name: name not in TOLD))
def test_what_has_no_name_here_is_not_told(name: str) -> None:
    assert told(name, "x") is None


@given(st.uuids())
def test_an_id_that_was_made_here_is_told(made: uuid.UUID) -> None:
    for prefix in ("", "trace_", "key_", "analysis_"):
        assert told("workflow_id", f"{prefix}{made}") == f"{prefix}{made}"
        assert scrubbed(f"run {prefix}{made} failed") == f"run {prefix}{made} failed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("route", "/v1/jobs/{run_id}"),
        ("route", "unmatched"),
        ("name", "segment-0"),
        ("actor", "local"),
        ("request_id", "abc.1"),
        ("status", 200),
        ("ms", 1.5),
    ],
)
def test_what_lines_are_made_of_is_told(name: str, value: object) -> None:
    assert told(name, value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("route", "/v1/persons?email=a@example.com"),
        ("request_id", "555-123-4567"),
        ("workflow_id", "15551234567"),
        ("run_id", "a" * 129),
        ("status", "200"),
        ("status", True),
        ("name", "Jane Example"),
        ("name", None),
        ("organisation", "org_1\nforged"),
    ],
)
def test_what_has_another_form_is_not_told(name: str, value: object) -> None:
    assert told(name, value) == REMOVED


def test_a_text_too_long_to_be_read_whole_is_not_told() -> None:
    assert scrubbed("x" * 10_001) == REMOVED
