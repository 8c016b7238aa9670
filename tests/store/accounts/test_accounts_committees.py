"""Who is on the committee of an account, and what does that say of the account?"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from store.accounts.account_file import AccountOptions, opened_accounts
from store.accounts.committees.features import CommitteeQuery
from store.accounts.committees.roles import DEPARTMENTS, RANKS, SENIORITIES, role_of
from store.accounts.won_accounts import won_accounts
from store.errors import BadFile

Enriched = Callable[..., dict[str, list]]
DAY = date(2026, 1, 1)
Options = Callable[..., AccountOptions]
Written = Callable[..., Path]

ACCOUNTS = "Account ID,Employees\n17,120\n18,50\n19,7\n20,8\n"
CONTACTS = (
    "Contact ID,Associated Company IDs,Job Title,Email,Decision Maker,Last Activity Date\n"
    "c1,17,VP of Finance,one@example.com,Yes,2025-12-20\n"
    "c2,17;18,Software Engineer,two@example.com,No,2025-06-01\n"
    "c3,99,CEO,three@example.com,Yes,2025-12-01\n"
    "c4,,CEO,four@example.com,Yes,2025-12-01\n"
    "c5,19,Wizard,five@example.com,,2026-02-01\n"
)


@pytest.mark.parametrize(
    ("title", "department", "seniority"),
    [
        ("VP of Finance", "Finance", "VP"),
        ("Vice President, Finance", "Finance", "VP"),
        ("Chief Financial Officer", "Finance", "C-level"),
        ("CFO", "Finance", "C-level"),
        ("C.F.O.", "Finance", "C-level"),
        ("CEO", None, "C-level"),
        ("Chief Technology Officer", "Engineering", "C-level"),
        ("Chief Information Officer", "IT", "C-level"),
        ("Head of Sales", "Sales", "Director"),
        ("Sales Engineer", "Sales", "Individual"),
        ("Marketing Operations Manager", "Marketing", "Manager"),
        ("Product Marketing Manager", "Marketing", "Manager"),
        ("Director of IT", "IT", "Director"),
        ("Senior Software Engineer", "Engineering", "Individual"),
        ("Account Executive", "Sales", "Individual"),
        ("Product Owner", "Engineering", "Individual"),
        ("Executive Assistant to the CEO", "Operations", "Individual"),
        ("Procurement Specialist", "Procurement", "Individual"),
        ("General Counsel", "Legal", "Director"),
        ("Human Resources Business Partner", "HR", None),
        ("Supply Chain Manager", "Procurement", "Manager"),
        ("COO", "Operations", "C-level"),
        ("Assistant Vice President", None, "VP"),
        ("Wizard", None, None),
        ("", None, None),
    ],
)
def test_titles_tell_a_department_and_a_seniority(
    title: str, department: str | None, seniority: str | None
) -> None:
    found = role_of(title)
    assert (found.department, found.seniority) == (department, seniority)


def test_a_column_of_its_own_says_more_than_the_title() -> None:
    assert role_of("Lead", "human_resources", "C_SUITE").told == "HR C-level"
    assert role_of("Manager", "", "executive").seniority == "C-level"
    assert role_of("Manager", "Finance", "").told == "Finance Manager"


def test_the_table_of_words_has_the_departments_and_ranks_that_are_told() -> None:
    assert set(SENIORITIES) == set(RANKS)
    assert set(DEPARTMENTS) == {
        "Sales", "Marketing", "Engineering", "Finance", "IT", "Operations", "Procurement", "Legal", "HR"
    }  # fmt: skip


def test_a_committee_is_counted_as_by_hand(enriched: Enriched, with_contacts: Options) -> None:
    """As of 2026-01-01, active means after 2025-10-03. Account 17 has c1 (active) and c2 (not); 18 has c2,
    who is in two accounts; 19 has c5, whose title tells nothing and whose activity is still to come; 20 has
    nobody, so its size is 0 and all else unknown.
    """
    found = enriched(ACCOUNTS, with_contacts(CONTACTS))
    assert found["committee_size"] == [2, 1, 1, 0]
    assert found["committee_departments"] == [["Engineering", "Finance"], ["Engineering"], None, None]
    assert found["committee_seniorities"] == [["Individual", "VP"], ["Individual"], None, None]
    assert found["committee_roles"] == [
        ["Engineering Individual", "Finance VP"],
        ["Engineering Individual"],
        None,
        None,
    ]
    assert found["has_decision_maker"] == [True, False, None, None]
    assert found["active_contacts"] == [1, 0, None, None]
    assert "missing_departments" not in found


def test_contacts_of_unknown_accounts_and_of_none_are_told(written: Written, with_contacts: Options) -> None:
    with opened_accounts([written(ACCOUNTS)], DAY, with_contacts(CONTACTS)) as opened:
        assert opened.unknown_contacts == 1
        assert opened.contact_file is not None
        assert opened.contact_file.without_account == 1
        assert opened.notes == [
            "1 contacts name no account.",
            "1 contacts name an account that is not in the file.",
        ]


def test_what_is_missing_is_what_most_won_committees_have(enriched: Enriched, with_contacts: Options) -> None:
    """Won are 17 (Engineering, Finance) and 18 (Engineering): at 0.6 only Engineering, with 2 of 2, is usual.

    19 has a contact of no department, so it lacks Engineering; of 20 nobody is known.
    """
    options = with_contacts(CONTACTS, won=["17", "18"], query=CommitteeQuery(least_won=2, least_share=0.6))
    found = enriched(ACCOUNTS, options)
    assert found["missing_departments"] == [None, None, ["Engineering"], None]
    assert found["missing_department_count"] == [0, 0, 1, None]


def test_too_few_won_committees_leave_it_unknown_what_is_missing(
    enriched: Enriched, with_contacts: Options
) -> None:
    options = with_contacts(CONTACTS, won=["17", "18"], query=CommitteeQuery(least_won=3))
    assert "missing_departments" not in enriched(ACCOUNTS, options)


def test_ids_of_salesforce_meet_with_fifteen_letters_and_with_eighteen(
    enriched: Enriched, with_contacts: Options
) -> None:
    contacts = with_contacts("Contact ID,AccountId,Title\nc1,0015g00000XyZab,CEO\n")
    found = enriched("Id,Employees\n0015g00000XyZabAAB,5\n0015g00000XyZacAAB,6\n", contacts)
    assert found["committee_size"] == [1, 0]


def test_a_contact_that_two_rows_name_counts_once(enriched: Enriched, with_contacts: Options) -> None:
    contacts = with_contacts("Contact ID,Account ID,Title\nc1,17,CEO\nc1,17,CEO\nc2,17,CEO\n")
    assert enriched("Account ID,Employees\n17,5\n18,6\n", contacts)["committee_size"] == [2, 0]


def test_contacts_without_a_column_of_accounts_are_refused(
    enriched: Enriched, with_contacts: Options
) -> None:
    with pytest.raises(BadFile, match="Associated Company IDs"):
        enriched(ACCOUNTS, with_contacts("Contact ID,Title\nc1,CEO\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Id,AccountId,IsWon\n1,a1,true\n2,a2,false\n3,a3,true\n",
        "Record ID,Deal Stage,Associated Company IDs\n1,Closed Won,a1;a3\n2,Closed Lost,a2\n",
        "account_id,outcome\na1,won\na2,lost\na3,won\na2,open\n",
    ],
)
def test_won_accounts_are_read_from_any_export_of_deals(written: Written, text: str) -> None:
    assert won_accounts([written(text, "deals.csv")]) == {"a1", "a3"}


def test_deals_that_do_not_say_what_was_won_are_refused(written: Written) -> None:
    with pytest.raises(BadFile, match="IsWon"):
        won_accounts([written("account_id,amount\na1,5\n", "deals.csv")])
