"""Members come in by the page, and what is refused reads like one."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from store.records.access.members import Member, add_member
from store.records.access.passwords import password_hash
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Tab, keep_picture, require_accessible

EMAIL, PASSWORD = "ann@example.com", "correct horse battery"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with served_site(tmp_path_factory.mktemp("guarded") / "home", auth="required") as site:
        site.house.database  # noqa: B018  # makes the records
        add_member(
            site.house.database,
            Member(
                member_id="member_1",
                email=EMAIL,
                name="Ann",
                role="viewer",
                password_hash=password_hash(PASSWORD),
                created_at=site.house.now(),
            ),
        )
        yield site


@pytest.fixture
def guarded_tab(guarded, chromium: Browser) -> Iterator[Callable[..., Page]]:
    opened = Tab(guarded, chromium)
    yield opened
    opened.close()


def test_a_member_signs_in_comes_where_they_wanted_to_and_signs_out(guarded_tab):
    page = guarded_tab("/nowhere?part=usage")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="not right")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/nowhere?part=usage")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_in_breaks_no_rule_of_accessibility(guarded_tab, scheme):
    page = guarded_tab("/sign-in", scheme=scheme)
    require_accessible(page)
    keep_picture(page, f"sign_in-{scheme}")


def test_nothing_is_told_to_who_is_nobody_but_the_way_in(guarded_tab):
    page = guarded_tab("/profiles")
    expect(page).to_have_url("/sign-in?next=%2Fprofiles")
    assert page.get_by_role("navigation").count() == 0


def test_an_address_that_is_not_there_is_told_as_a_page(tab):
    page = tab("/nowhere")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    require_accessible(page)


@pytest.mark.parametrize(
    "next", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]
)
def test_the_way_in_leads_to_no_other_house(guarded_tab, next):
    page = guarded_tab("/")
    answer = page.request.get(f"/sign-in?next={next}", headers={"Accept": "text/html"})
    assert answer.status == 422
