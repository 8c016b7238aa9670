"""The forms of the platforms, on the examples of their own pages and at their edges."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.activation.contacts import e164
from tools.activation.countries import CONSENT, country_code
from tools.activation.forms import (
    bare_name,
    bare_phone,
    bare_place,
    google_email,
    google_name,
    meta_zip,
    plain_email,
    remembered,
    sha256,
)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        # The two examples of Google's page on formatting.
        ("cloudy.sanfrancisco+shopping@gmail.com", "cloudysanfrancisco@gmail.com"),
        ("user.name+NYC@Example.com", "user.name+nyc@example.com"),
        (" A.b @GoogleMail.com", "ab@googlemail.com"),
        ("a.b+c@mail.example.com", "a.b+c@mail.example.com"),
    ],
)
def test_google_folds_gmail_and_nothing_else(written: str, form: str) -> None:
    assert google_email(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Mrs. Jane", "jane"),
        ("  Mary   ANN ", "mary ann"),
        ("Sample, Jr.", "sample"),
        ("Zoë", "zoë"),
        ("Sr", "sr"),  # alone it is a name
        ("O'Sample", "o'sample"),
    ],
)
def test_googles_names_are_lower_case_without_prefix_and_suffix(written: str, form: str) -> None:
    assert google_name(written) == form


@pytest.mark.parametrize(
    ("form", "written", "expected"),
    [
        (bare_name, "O'Sample-Two", "osampletwo"),
        (bare_name, "Émilie", "émilie"),
        (bare_name, "정", "정"),
        (bare_place, "St. Louis", "stlouis"),
        (bare_place, "Zürich", "zurich"),
        (bare_phone, "+16577770000", "16577770000"),
        (bare_phone, "+442079460103", "442079460103"),
        (plain_email, " Jane.Doe+x@Example.COM\n", "jane.doe+x@example.com"),
    ],
)
def test_metas_forms_have_letters_and_digits_alone(form, written: str, expected: str) -> None:
    assert form(written) == expected


@pytest.mark.parametrize(
    ("written", "country", "form"),
    [
        ("94035-1234", "US", "94035"),
        ("94035", None, "94035"),
        ("SW1A 1AA", "GB", "sw1a1"),  # area SW, district 1A, sector 1
        ("M1 1AE", "GB", "m11"),
        ("10115", "DE", "10115"),
        ("1234 AB", "NL", "1234ab"),
    ],
)
def test_metas_postal_codes_follow_the_country(written: str, country: str | None, form: str) -> None:
    assert meta_zip(written, country) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("(800)555-0100", "+18005550100"),  # Google's example
        ("+44 20 7946 0103", "+442079460103"),
        ("202.555.0101", "+12025550101"),
        ("12", None),
        ("", None),
        ("nobody", None),
    ],
)
def test_phones_are_e164_or_nothing(written: str, form: str | None) -> None:
    assert e164(written) == form


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("Germany", "DE"),
        ("  united   KINGDOM ", "GB"),
        ("uk", "GB"),
        ("fr", "FR"),
        ("USA", "US"),
        ("Elsewhere", None),
        ("", None),
        ("12", None),
    ],
)
def test_countries_are_codes_or_unknown(told: str, code: str | None) -> None:
    assert country_code(told) == code


def test_consent_is_asked_in_thirty_countries_of_the_area_and_two_more() -> None:
    """27 of the Union, with Iceland, Liechtenstein and Norway; the United Kingdom and Switzerland."""
    assert len(CONSENT) == 32
    assert {"DE", "IE", "IS", "LI", "NO", "GB", "CH"} <= CONSENT
    assert not {"US", "CA", "TR", "UA", "RS"} & CONSENT


@given(st.text())
def test_every_form_keeps_its_own_result_as_it_is(text: str) -> None:
    for form in (plain_email, google_email, bare_name, google_name):
        once = form(text)
        assert form(once) == once, form.__name__


@given(st.lists(st.text(max_size=3)))
def test_a_remembered_form_answers_like_the_form(texts: list[str]) -> None:
    recall = remembered(google_name)
    assert [recall(text) for text in texts] == [google_name(text) or None for text in texts]


@given(st.text(st.characters(codec="utf-8")))
def test_the_hash_is_sha256_of_utf8_in_lower_case_digits(text: str) -> None:
    assert sha256(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()
