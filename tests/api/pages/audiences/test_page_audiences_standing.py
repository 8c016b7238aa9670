"""An audience is kept up to date: looked at before, made anew after a yes, followed with its reasons."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.destinations import Destination, Destinations, Keys
from store.records.access.audit import entries_of
from store.records.access.keys import make_key
from store.workspace import House
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, keep_picture, require_accessible
from tests.api.pages.settings.matched import ROWS, called, cats, load_club
from tests.conftest import Clock

BASE = "http://127.0.0.1:8321"
# 1001 has a dog now, 1003 a cat, and 1006 is new with one.
LATER = (
    "1001,shared@example.com,+13105550101,dog,Austin",
    ROWS[1],
    "1003,third@example.com,+13105550103,cat,Boston",
    *ROWS[3:],
    "1006,sixth@example.com,+13105550106,cat,Austin",
)


class Kept(NamedTuple):
    """A house with a destination and an audience of who has a cat."""

    home: Path
    folder: Path
    audience_id: str


def house_of(home: Path) -> House:
    return House(home, base_url=BASE, now=Clock(), new_id=lambda: str(uuid.uuid4()))


def make(folder: Path) -> Kept:
    house = house_of(folder / "home")
    workspace = load_club(house, folder)
    out = folder / "out"
    out.mkdir()
    made = Destination(name="ads", url=f"file://{out}/ads", created_at=house.now())
    Destinations(house.home).add(made, Keys(), [out])
    found = called(workspace, "generate_audience", expression=cats(workspace))
    house.close()
    return Kept(folder / "home", folder, found.audience_id)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return make(tmp_path)


@pytest.fixture
def client(kept: Kept) -> Iterator[TestClient]:
    app = application(Settings(home=kept.home), house_of(kept.home))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as served:
        served.headers.update({"Accept": "text/html", "Fieldmark-Fragment": "1"})
        yield served


def keep(client: TestClient, kept: Kept, wanted: str = "destination=ads", name: str = "Cats") -> str:
    sent = {"name": name, "wanted": wanted}
    answer = client.post(f"/audiences/{kept.audience_id}/standing", data=sent)
    assert answer.status_code == 200, answer.text
    return answer.headers["Fieldmark-Go"].rpartition("/")[2]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_an_audience_is_kept_looked_at_refreshed_and_removed(client, kept):
    """Two people have a cat."""
    standing = keep(client, kept)
    page = words(client.get(f"/audiences/standing/{standing}").text)
    assert "It is made, and its files are written, by the first refresh" in page
    sent = {"warehouse": "club", "standing": standing}
    looked = client.post("/audiences/standing/refresh/look", data=sent)
    assert "2 people, for the first time." in words(looked.text)
    assert not list(kept.folder.glob("out/ads/*"))
    assert client.post("/audiences/standing/refresh", data=sent).status_code == 422
    done = client.post("/audiences/standing/refresh", data=sent | {"yes": "yes"})
    assert "Written to ads." in words(done.text)
    assert list(kept.folder.glob("out/ads/*"))
    again = words(client.post("/audiences/standing/refresh/look", data=sent).text)
    assert "Nothing would change" in again
    listed = words(client.get("/audiences/standing").text)
    assert "Made for the first time." in listed
    for action, told in (("pause", "Paused."), ("resume", "It is made anew again")):
        assert told in client.post(f"/audiences/standing/{standing}/{action}").text
    gone = client.post(f"/audiences/standing/{standing}/remove")
    assert gone.headers["Fieldmark-Go"] == "/audiences/standing?warehouse=club"
    assert "No audience is kept up to date" in client.get("/audiences/standing").text
    assert client.get(f"/audiences/standing/{standing}").status_code == 404
    house = client.app.state.house
    actions = {entry.action for entry in entries_of(house.database, 50)}
    assert {f"standing.{each}" for each in ("kept", "synced", "paused", "resumed", "removed")} <= actions


def test_who_entered_and_left_is_told_with_reasons_before_and_after(client, kept):
    """After the load 1001 left; 1003 entered by a trait and 1006 is new."""
    standing = keep(client, kept)
    everything = {"warehouse": "club", "yes": "yes"}
    client.post("/audiences/standing/refresh", data=everything)
    load_club(client.app.state.house, kept.folder, LATER)
    looked = words(client.post("/audiences/standing/refresh/look", data={"warehouse": "club"}).text)
    for told in (
        "3 people (was 2).",
        "1 entered: new in the data",
        "1 entered: a trait changed",
        "1 left: a trait changed",
    ):
        assert told in looked
    client.post("/audiences/standing/refresh", data=everything)
    page = words(client.get(f"/audiences/standing/{standing}").text)
    assert page.count("2 entered, 1 left.") == 2  # now, and in the history
    assert "Made for the first time." in page


def test_a_name_that_is_taken_and_a_wrong_choice_are_refused_in_place(client, kept):
    keep(client, kept)
    sent = {"name": "Cats", "wanted": ""}
    taken = client.post(f"/audiences/{kept.audience_id}/standing", data=sent)
    assert (taken.status_code, "of this name already" in taken.text) == (409, True)
    wrong = client.get(f"/audiences/{kept.audience_id}/standing/check?platform=myspace")
    assert (wrong.status_code, "platform" in wrong.text) == (422, True)


def test_without_a_destination_it_is_followed_here_only(client, kept):
    told = client.get(f"/audiences/{kept.audience_id}/standing/check").text
    assert "No file is written." in told
    standing = keep(client, kept, wanted="platform=meta")
    assert "No file is written." in words(client.get(f"/audiences/standing/{standing}").text)


def test_who_may_not_see_people_reads_the_list_and_is_offered_nothing(client, kept):
    standing = keep(client, kept)
    house = client.app.state.house
    made = make_key(
        house.database, key_id="key_v", name="v", role="viewer", now=house.now(), created_by="local"
    )
    headers = {"Authorization": f"Bearer {made[1]}"}
    for path in ("/audiences/standing", f"/audiences/standing/{standing}"):
        seen = client.get(path, headers=headers)
        assert seen.status_code == 200
        assert "See what would change" not in seen.text
    assert client.post(f"/audiences/standing/{standing}/remove", headers=headers).status_code == 403


def test_a_house_without_people_has_a_page_that_says_so(empty_site):
    page = httpx2.get(f"{empty_site.url}/audiences/standing", headers={"Accept": "text/html"})
    assert "There are no people here yet" in page.text


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return make(tmp_path_factory.mktemp("standing"))


@pytest.fixture(scope="module")
def site(furnished: Kept) -> Iterator[Site]:
    with served_site(furnished.home) as served:
        yield served


def test_an_audience_is_kept_up_to_date_in_a_browser(tab, site, furnished):
    page = tab(f"/audiences/{furnished.audience_id}")
    page.get_by_role("link", name="Keep it up to date").click()
    dialog = page.get_by_role("dialog", name="Keep it up to date")
    expect(dialog.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Cat people")
    dialog.get_by_label("Destination of its files").select_option("ads")
    expect(dialog.get_by_text("Rows of the file")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "standing-dialog-light-1280")
    dialog.get_by_role("button", name="Keep it up to date").click()
    expect(page.get_by_role("heading", name="Cat people", level=1)).to_be_visible()
    keep_picture(page, "standing-new-light-1280")
    page.get_by_role("button", name="See what would change").press("Enter")
    expect(page.get_by_role("heading", name="This would change")).to_be_focused()
    page.get_by_label(re.compile("Yes. Files at destinations")).check()
    page.get_by_role("button", name="Refresh now").click()
    expect(page.get_by_role("heading", name="Refreshed")).to_be_focused()
    load_club(site.house, furnished.folder, LATER)
    page.get_by_role("link", name="Kept up to date").click()
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("1 entered: new in the data")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "standing-would-light-1280")
    page.get_by_label(re.compile("Yes. Files at destinations")).check()
    page.get_by_role("button", name="Refresh now").click()
    expect(page.get_by_text("2 entered, 1 left.")).to_be_visible()
    keep_picture(page, "standing-list-light-1280")
    page.get_by_role("link", name="Cat people").click()
    require_accessible(page)
    keep_picture(page, "standing-one-light-1280")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status").filter(has_text="Paused.")).to_be_focused()
    dark = tab("/audiences/standing", scheme="dark", width=390)
    for name, path in (("list", "/audiences/standing"), ("one", page.url)):
        dark.goto(path)
        require_accessible(dark, "contrast")
        assert dark.evaluate("document.documentElement.scrollWidth <= innerWidth")
        keep_picture(dark, f"standing-{name}-dark-390")
