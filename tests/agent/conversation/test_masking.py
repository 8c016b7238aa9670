"""What is kept of a message says how many identifiers there were, not which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.conversation.masking import identifiers_in, masked, masked_plan
from agent.planner.plan import Plan, PlanStep

SHA256 = "a3" * 32
MAID = "123e4567-e89b-42d3-a456-426614174000"


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("who is jo@example.com?", "who is [1 e-mail]?"),
        ("who are a@example.com, b@example.org and c@example.com", "who are [3 e-mails]"),
        ("call (415) 555-0101 or +1 415 555 0102", "call [2 phones]"),
        ("call 4155550101", "call [1 phone]"),
        (f"match {SHA256}\n{SHA256}", "match [2 hashes]"),
        (f"device {MAID}", "device [1 mobile id]"),
        ("who lives at 12 Oak Street, Austin, TX 78701?", "who lives at [1 address]?"),
        ("who lives at 12 Oak Street?", "who lives at [1 address]?"),
        ("jo@example.com, 415-555-0101", "[1 e-mail], [1 phone]"),
    ],
)
def test_identifiers_are_counted(message: str, kept: str) -> None:
    assert masked(message) == kept


@pytest.mark.parametrize(
    "message",
    [
        "build me 250,000 people like them, 25 miles around 30.2672,-97.7431",
        "50 people who like to drive near 78701",
        "tell me about cluster 1000000145",
        f"tell me about cluster {'0f' * 16}",
        "income over $100,000 since 2026-03-02",
        "show the profile of person 12 and 13",
        "where does the 3.1 (2.6-3.7) come from?",
    ],
)
def test_what_identifies_nobody_stays(message: str) -> None:
    assert masked(message) == message


def test_what_the_plan_took_for_an_identifier_is_masked_too() -> None:
    assert masked("the address is 7 The Green", [("address", "7 The Green")]) == "the address is [1 address]"


@given(st.from_regex(r"[a-z]{1,10}@example\.(com|org)", fullmatch=True), st.text(max_size=40))
def test_no_address_survives(email: str, around: str) -> None:
    assert email not in masked(f"{around} {email} {around}")


def test_a_long_message_is_masked_in_no_time() -> None:
    assert len(masked("1 a " * 2_000)) == 8_000
    assert len(masked("x" * 8_000)) == 8_000


def test_a_plan_is_kept_with_counts() -> None:
    step = PlanStep(
        tool="resolve_identities",
        arguments={
            "multi_identifiers": [
                {"id_type": "email", "hash_type": "plaintext", "values": ["a@example.com", "b@example.com"]},
                {"id_type": "email", "hash_type": "md5", "values": ["0f" * 16]},
            ],
            "expression": "0f" * 16,
            "recipients": ["boss@example.com"],
        },
        in_words="resolve a@example.com and b@example.com",
    )
    plan = Plan(steps=[step], ask="What of a@example.com?")
    kept = masked_plan(plan)
    (shown,) = kept["steps"]
    assert [group["values"] for group in shown["arguments"]["multi_identifiers"]] == [
        ["[2 e-mails]"],
        ["[1 hash]"],
    ]
    assert shown["arguments"]["expression"] == "0f" * 16
    assert "@" not in str(kept)
    assert ("email", "a@example.com") in identifiers_in(plan)
    assert step.arguments["recipients"] == ["boss@example.com"]
