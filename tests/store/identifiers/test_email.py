"""Which mailbox an address names.

The rows of email_conformance.csv are those of the tests of email-validator 2.4 (public domain). They are
judged by the name of the test that they come from:
- test_email_valid, test_email_valid_intl_local_part: let in; our normal form is theirs in lower case with
  the domain in its ASCII form. Rows with a display name are refused, as no address carries one.
- test_email_valid_only_if_quoted_local_part: let in; the column `error` holds the part before the sign.
- test_email_invalid_*: refused, but for addresses that are right once the white space around them is gone,
  and for the reserved domain .test, which tests need.
- test_email_unsafe_character: the character is refused before the sign and after it.
- test_email_invalid_character_smtputf8_off: addresses that only an option not used here refuses: let in.
"""

import csv
from pathlib import Path

import idna
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.identifiers.email import by_library, normalise_email
from store.identifiers.malformed import Malformed

CONFORMANCE = Path(__file__).parents[2] / "data" / "email_conformance.csv"


def conformance(*tests: str) -> list[dict[str, str]]:
    with CONFORMANCE.open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["test"].startswith(tests)]


def outcome(normalise, value: str) -> str:
    try:
        return normalise(value)
    except Malformed as refused:
        return f"! {refused.reason}"


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("customer1@example.com", "customer1@example.com"),
        ("customer1@example.test", "customer1@example.test"),
        ("  Jane.Doe@Example.COM\n", "jane.doe@example.com"),
        ("Jane.Doe+news@gmail.com", "janedoe@gmail.com"),
        ("j.a.n.e.d.o.e@GoogleMail.com", "janedoe@gmail.com"),
        ("jane.doe+news@outlook.com", "jane.doe+news@outlook.com"),
        ("jane.doe+news@mail.gmail.com", "jane.doe+news@mail.gmail.com"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
        ("jane@xn--bcher-kva.example", "jane@xn--bcher-kva.example"),
        ("JOSE\u0301@example.com", "josé@example.com"),
        ('"Jane Doe"@example.com', '"jane doe"@example.com'),
        ('"jane.doe+x"@gmail.com', "janedoe@gmail.com"),
    ],
)
def test_an_address_has_one_normal_form(value, normal):
    assert normalise_email(value) == normal
    assert normalise_email(normal) == normal


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("jane", "syntax"),
        ("jane@localhost", "syntax"),
        ("jane@example", "syntax"),
        ("jane@mail.local", "syntax"),
        ("jane@example.invalid", "syntax"),
        ("Jane <jane@example.com>", "syntax"),
        ("jane@example.com, joe@example.com", "syntax"),
        ("jane@exa\x00mple.com", "syntax"),
        ("+news@gmail.com", "syntax"),
        (f"{'j' * 65}@example.com", "syntax"),
        (f"{'j' * 250}@example.com", "too_long"),
        ("j" * 1_000_000, "too_long"),
    ],
)
def test_what_is_no_address_is_told_apart(value, reason):
    with pytest.raises(Malformed) as refused:
        normalise_email(value)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "row", conformance("test_email_valid", "test_email_valid_intl"), ids=lambda row: row["email"]
)
def test_valid_addresses_of_the_conformance_set_are_let_in(row):
    if row["email"].endswith(">"):
        assert outcome(normalise_email, row["email"]) == "! syntax"
        return
    if row["normalized"]:
        local, _, domain = row["normalized"].rpartition("@")
    else:
        local, domain = row["error"], "example.com"
    assert normalise_email(row["email"]) == f"{local.lower()}@{idna.encode(domain, uts46=True).decode()}"


@pytest.mark.parametrize("row", conformance("test_email_invalid_"), ids=lambda row: ascii(row["email"])[:60])
def test_invalid_addresses_of_the_conformance_set_are_refused(row):
    found = outcome(normalise_email, row["email"])
    if row["test"] == "test_email_invalid_character_smtputf8_off" or row["email"] == "me@test.test.test":
        assert not found.startswith("!")
    elif row["email"].strip() != row["email"] and not row["email"].strip().endswith(("@", "@x")):
        assert found == "my@example.com"
    else:
        assert found.startswith("!")


@pytest.mark.parametrize("row", conformance("test_email_unsafe_character"), ids=lambda row: row["error"])
def test_unsafe_characters_of_the_conformance_set_are_refused(row):
    assert outcome(normalise_email, f"{row['email']}@example.com").startswith("!")
    assert outcome(normalise_email, f"test@{row['email']}").startswith("!")


LOCALS = st.text("abzABZ019._+-!'\"\\ @<>é", max_size=12)
DOMAINS = st.sampled_from(
    [
        "gmail.com",
        "Googlemail.com",
        "example.com",
        "a.b-c.org",
        "x--y.com",
        "mail.local",
        "onion",
        "BÜCHER.de",
    ]
) | st.text("abZ09.-_é\u212a", max_size=12)
ADDRESSES = st.builds("{}@{}".format, LOCALS, DOMAINS)


@settings(deadline=None)
@given(ADDRESSES | st.text(max_size=40) | st.text(max_size=300))
@example("a@b.c")
@example("\u212a@\u212a.com")
@example("İ@example.com")
@example("a.\u0301+b@gmail.com")
def test_a_normal_form_is_its_own_normal_form(value):
    found = outcome(normalise_email, value)
    if not found.startswith("! "):
        assert outcome(normalise_email, found) == found
        assert found.encode()


@settings(deadline=None)
@given(ADDRESSES)
@example("a@b.c")
@example("\u212a@\u212a.com")
@example(f"a@{'b' * 64}.com")
def test_the_fast_path_and_the_library_agree(value):
    library = outcome(by_library, value)
    folded = library if library.startswith("! ") else outcome(normalise_email, library)
    assert outcome(normalise_email, value) == folded
