"""Triage and corrections in a browser: by keyboard, on a phone, in the dark."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from store.workspace import House
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, keep_picture, require_accessible
from tests.api.pages.settings.matched import called, cats, load_club, say
from tests.conftest import Clock


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A house of its own for each test: what waits is counted."""
    house = House(tmp_path / "home", base_url="http://x", now=Clock(), new_id=lambda: str(uuid.uuid4()))
    load_club(house, tmp_path)
    house.close()
    with served_site(tmp_path / "home") as served:
        yield served


def test_feedback_is_triaged_with_the_keyboard(tab, site):
    club = site.house.workspace("club")
    say(club, "other", "Thank you, this was worth reading.")
    cluster = say(club, "useless_cluster", "Everybody has a pet here.\nIt says nothing.", cluster=cats(club))
    say(club, "bad_score", "They went out of business.", lead="Account 17")
    page = tab("/settings")
    parts = page.get_by_role("navigation", name="Parts of the settings").first
    expect(parts.get_by_role("link", name="Feedback 3 not decided yet")).to_be_visible()
    page.get_by_role("link", name="Look: 3 notes of feedback wait for a decision.").click()
    expect(page.get_by_role("article")).to_have_count(3)
    require_accessible(page)
    keep_picture(page, "feedback-list-light-1280")
    page.goto(f"/settings/feedback/{cluster}")
    require_accessible(page)
    keep_picture(page, "feedback-one-light-1280")
    page.get_by_label("Reason, if you like").focus()
    page.keyboard.type("True of all.")
    page.keyboard.press("Enter")
    done = page.get_by_role("status").filter(has_text="Accepted. The next run obeys it")
    expect(done).to_be_focused()
    expect(parts.get_by_role("link", name="Feedback 2 not decided yet")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "feedback-accepted-light-1280")
    page.get_by_role("link", name="Next of 2 that wait").click()
    page.get_by_label("Reason", exact=True).fill("They are still there.")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Declined. Nothing changes.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    dark = tab(f"/settings/feedback/{cluster}", scheme="dark", width=390)
    for path in (f"/settings/feedback/{cluster}", "/settings/feedback"):
        dark.goto(path)
        require_accessible(dark, "contrast")
        assert dark.evaluate("document.documentElement.scrollWidth <= innerWidth")
        keep_picture(dark, f"{path.split('/')[2]}-{'one' if path.count('/') == 3 else 'list'}-dark-390")


def test_a_wrong_match_is_corrected_from_its_feedback_and_taken_back(tab, site):
    club = site.house.workspace("club")
    said = say(club, "wrong_match", "This is somebody else's e-mail.", person_id=1001)
    page = tab(f"/settings/feedback/{said}")
    keep_picture(page, "feedback-match-light-1280")
    page.get_by_role("link", name="Correct the match").click()
    require_accessible(page)
    keep_picture(page, "matches-from-feedback-light-1280")
    page.get_by_role("button", name="E-mail is not that of person •••01").press("Enter")
    expect(page.get_by_role("heading", name="E-mail is not that of person •••01?")).to_be_focused()
    require_accessible(page)
    keep_picture(page, "matches-split-light-1280")
    page.get_by_role("button", name="Yes, it is not theirs").click()
    expect(page.get_by_role("status").filter(has_text="Split.")).to_be_focused()
    page.get_by_label("Who", exact=True).fill("third@example.com")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="It leads to one person")).to_be_focused()
    page.get_by_text("Two ids that are one person", exact=True).click()
    page.get_by_label("The id that is kept").fill("1003")
    page.get_by_label("The other id").fill("1004")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Are •••03 and •••04 one person?")).to_be_focused()
    require_accessible(page)
    keep_picture(page, "matches-merge-light-1280")
    page.get_by_role("button", name="Yes, they are one person").click()
    corrected = page.get_by_role("region", name="Corrections, newest first")
    expect(corrected.get_by_role("row")).to_have_count(3)
    dark = tab("/settings/matches", scheme="dark", width=390)
    dark.get_by_label("Who", exact=True).fill("shared@example.com")
    dark.get_by_role("button", name="Look").click()
    expect(dark.get_by_role("heading", name="It leads to one person")).to_be_visible()
    require_accessible(dark, "contrast")
    assert dark.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_picture(dark, "matches-dark-390")
    for left in (1, 0):  # both were made from the feedback: it is open again when neither holds
        page.get_by_role("button", name="Take back", exact=True).last.click()
        page.get_by_role("button", name="Yes, take back").click()
        expect(page.get_by_role("button", name="Take back", exact=True)).to_have_count(left)
    expect(page.get_by_role("link", name="Its feedback is open again.")).to_be_visible()
    found = called(club, "resolve_identities", id_type="email", identifiers=["shared@example.com"])
    assert len(found.identities) == 2
