"""What the screen shows where there is nothing, and to whom it is not open; large files go by a job."""

import html
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from api.pages.audiences.exporting import routes as exporting
from store.access import SCOPES_OF, Principal
from tests.api.pages.profiles.profiles_made import do_jobs
from tests.api.pages.seen import Tab, keep_picture, require_accessible

AS_PAGE = {"Accept": "text/html"}
AS_FRAGMENT = {"Fieldmark-Fragment": "1"}


@pytest.fixture
def empty_tab(empty_site, chromium: Browser) -> Iterator[Tab]:
    opened = Tab(empty_site, chromium)
    yield opened
    opened.close()


@pytest.fixture
def as_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is at this machine is a viewer for a while."""
    viewer = Principal("local", "local", "viewer", SCOPES_OF["viewer"])
    monkeypatch.setattr("api.access.doorkeeper.LOCAL_OWNER", viewer)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_house_without_people_says_what_to_do(empty_tab, scheme):
    page = empty_tab("/audiences", scheme=scheme)
    expect(page.get_by_role("heading", name="There are no people here yet")).to_be_visible()
    require_accessible(page)
    page.goto("/audiences/new")
    expect(page.get_by_role("heading", name="There are no people here yet")).to_be_visible()
    require_accessible(page)


def test_the_list_tells_who_how_many_and_leads_on(tab, golfers):
    page = tab("/audiences", width=390, scheme="dark")
    row = page.get_by_role("row", name=re.compile("follow golf"))
    expect(row).to_contain_text("12,014")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    require_accessible(page)
    keep_picture(page, "audiences-list-dark-390")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People who follow golf.")
    page.get_by_role("link", name="Open in the builder").click()
    expect(page.locator("#total")).to_have_text("12,014")
    expect(page.locator(".trait")).to_have_count(1)
    keep_picture(page, "audiences-builder-dark-390")
    require_accessible(page)


def test_a_viewer_sees_the_list_and_is_told_who_may_build(tab, golfers, as_viewer):
    page = tab("/audiences")
    expect(page.get_by_role("rowheader", name=re.compile("follow golf"))).to_be_visible()
    assert page.get_by_role("link", name="Build an audience").count() == 0
    assert page.get_by_role("rowheader").get_by_role("link").count() == 0
    page.goto("/audiences/new")
    expect(page.get_by_role("heading", name="The builder is for who may see people")).to_be_visible()
    require_accessible(page)
    assert page.request.get(f"/audiences/{golfers}", headers=AS_PAGE).status == 403
    assert page.request.get("/audiences/new/traits?q=golf", headers=AS_PAGE).status == 403


def test_an_address_that_no_builder_wrote_is_told_as_a_page(served):
    for query in ("tree=all(0", "tree=all(7)&traits=", "traits=x", "latitude=1000", "do=boil", "at=5.x"):
        answer = served.get(f"/audiences/new?{query}", headers=AS_PAGE)
        assert answer.status_code == 422, query
        assert "<h1>" in answer.text
    assert served.get("/audiences/audience_none", headers=AS_PAGE).status_code == 404


def test_nothing_is_written_without_a_yes_nor_past_a_stop(served, us):
    """People chosen by age may not be sent as a housing audience, unless somebody accepts it."""
    young = [each for each in us.population.catalogue.clusters if each.name.startswith("age")]
    kept = served.post("/v1/tools/generate_audience", json={"expression": young[0].cluster_hash}).json()
    address = f"/audiences/{kept['audience_id']}/export"
    wanted = {"wanted": "destination=meta&special_ad_category=housing"}
    written = lambda: served.get("/v1/exports").json()["items"]  # noqa: E731  # short, and used here alone
    refused = served.post(address, data=wanted, headers=AS_FRAGMENT)
    assert (refused.status_code, "nobody said yes" in refused.text) == (422, True)
    told = served.get(f"{address}/check?{wanted['wanted']}", headers=AS_FRAGMENT).text
    stops = re.findall(r'name="accept" value="([^"]+)"', told)
    assert "special_ad_category" in stops
    stopped = served.post(address, data=wanted | {"yes": "yes"}, headers=AS_FRAGMENT)
    assert stopped.status_code in (409, 422)
    other = wanted | {"yes": "yes", "accept": ["sensitive"]}
    assert served.post(address, data=other, headers=AS_FRAGMENT).status_code in (409, 422)
    assert written() == []
    accepted = served.post(address, data=wanted | {"yes": "yes", "accept": stops}, headers=AS_FRAGMENT)
    assert (accepted.status_code, "The file is written" in accepted.text) == (200, True)
    assert len(written()) == 1


def test_people_without_a_company_are_told_of_until_one_is_named(served):
    kept = served.post("/v1/tools/generate_audience", json={"traits": ["interested_golf=Yes"]}).json()
    check = f"/audiences/{kept['audience_id']}/export/check?destination=salesforce"
    without = html.unescape(served.get(check, headers=AS_FRAGMENT).text)
    named = html.unescape(served.get(f"{check}&company=Account+17", headers=AS_FRAGMENT).text)
    assert "company" in without
    assert "no company" in without
    assert "no company" not in named


def begun_job(served, monkeypatch) -> tuple[str, str, str]:
    """A file that a job writes: where the audience is, where the job is followed, and its id."""
    kept = served.post("/v1/tools/generate_audience", json={"traits": ["interested_golf=Yes"]}).json()
    monkeypatch.setattr(exporting, "LONG", 1_000)
    address = f"/audiences/{kept['audience_id']}"
    sent = {"wanted": "destination=plain", "yes": "yes"}
    answer = served.post(f"{address}/export", data=sent, headers=AS_FRAGMENT)
    follow = re.search(r'data-follow="([^"]+)"', answer.text)[1]
    run_id = follow.rsplit("/", 1)[1]
    assert served.get(f"/v1/jobs/{run_id}").json()["status"] == "queued"
    return address, follow, run_id


def test_a_large_file_is_written_by_a_job_that_is_followed_to_its_download(served, monkeypatch):
    address, follow, _ = begun_job(served, monkeypatch)
    do_jobs(served.app.state.house)
    stream = served.get(follow)
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert "event: done" in stream.text
    assert f'href="{address}"' in stream.text
    link = html.unescape(re.search(r'href="([^"]+)" download', stream.text)[1])
    file = served.get(link)
    assert file.status_code == 200
    (export,) = served.get("/v1/exports").json()["items"]
    assert len(file.text.splitlines()) == export["rows"] + 1


def test_a_job_that_was_stopped_is_told_as_no_file(served, monkeypatch):
    _, follow, run_id = begun_job(served, monkeypatch)
    served.post(f"/v1/jobs/{run_id}/cancel")
    stream = served.get(follow)
    assert "event: done" in stream.text
    assert "The file was not written" in stream.text


def test_a_circle_of_one_mile_around_nobody_says_so(served):
    answer = served.get("/audiences/new?latitude=-80&longitude=0&radius=1", headers=AS_PAGE)
    assert "Nobody fits." in answer.text
