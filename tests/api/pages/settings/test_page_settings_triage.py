"""Feedback is decided, and matches are corrected, by forms that say beforehand what they change."""

import html
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.records.access.audit import entries_of
from store.workspace import House, Workspace
from tests.api.pages.settings.matched import called, cats, load_club, say
from tests.conftest import Clock

EMAIL = "shared@example.com"


@pytest.fixture
def served(tmp_path: Path, clock: Clock) -> Iterator[TestClient]:
    house = House(
        tmp_path / "home", base_url="http://127.0.0.1:8321", now=clock, new_id=lambda: str(uuid.uuid4())
    )
    load_club(house, tmp_path)
    app = application(Settings(home=house.home), house)
    with TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def club(here: House) -> Workspace:
    return here.workspace("club")


def words(page: str) -> str:
    """The page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def actions(house: House) -> list[str]:
    return [entry.action for entry in entries_of(house.database, 50)]


def who_has(club: Workspace, email: str) -> set[int]:
    found = called(club, "resolve_identities", id_type="email", identifiers=[email])
    return {each["person_id"] for each in found.identities}


def test_one_feedback_tells_what_it_is_about_masked_with_the_ways_there(get, club):
    said = say(club, "wrong_attribute", person_id=1001, cluster=cats(club))
    page = get(f"/settings/feedback/{said}")
    assert "•••01" in page.text
    assert "1001" not in page.text
    assert f"expression={cats(club)}" in page.text
    assert "/settings/traces/" in page.text
    assert "does not count as having this trait in later analyses" in words(page.text)
    assert get("/settings/feedback/feedback_none", status=404)


def test_accepting_declining_and_reopening_leave_entries_and_lead_to_the_next(get, post, here, club):
    first, second = say(club, "useless_cluster", cluster=cats(club)), say(club, "other")
    done = post(f"/settings/feedback/{first}/accept", reason="Everybody has one.")
    assert "Accepted. The next run obeys it and says so." in words(done.text)
    assert f'href="/settings/feedback/{second}"' in done.text
    assert "The trait is left out of analyses of this warehouse." in words(done.text)
    assert 'data-target="#waiting-side"' in done.text
    refused = post(f"/settings/feedback/{second}/decline", status=422, reason=" ")
    assert "reason" in refused.text
    last = words(post(f"/settings/feedback/{second}/decline", reason="Thanks").text)
    assert "Nothing else waits." in last
    post(f"/settings/feedback/{first}/accept", status=409)
    again = post(f"/settings/feedback/{first}/reopen")
    assert "It is open again." in words(again.text)
    decided = sorted(each for each in actions(here) if "feedback" in each)
    assert decided == ["feedback.accepted", "feedback.declined", "feedback.reopened"]


def test_what_cannot_be_accepted_says_why_before_it_is_tried(get, club):
    said = say(club, "bad_segment", segment="Cat people")
    told = words(get(f"/settings/feedback/{said}").text)
    assert "It cannot be accepted as it is. No analysis that is kept has the segment" in told


@pytest.mark.parametrize(
    ("kind", "about", "told"),
    [
        ("bad_score", {"lead": "Account 17"}, "named no more among those to call first"),
        ("bad_score", {}, "It does not say which row."),
        ("bad_text", {"subject": "headline"}, "comes from the template"),
        ("missing_data", {}, "Briefings tell of this gap until newer data is loaded."),
        ("other", {}, "nothing else changes"),
        ("wrong_match", {"person_id": 1001}, "It is accepted by correcting the match."),
    ],
)
def test_every_kind_tells_what_accepting_it_changes(get, club, kind, about, told):
    page = words(get(f"/settings/feedback/{say(club, kind, **about)}").text)
    assert told in page or told.replace("It does not say", "it does not say") in page


def test_new_feedback_is_counted_beside_its_part_and_asked_for_attention(get, club):
    assert 'class="chip full"' not in get("/settings").text
    say(club, "other")
    assert "A note of feedback waits for a decision." in get("/settings").text
    say(club, "other")
    page = words(get("/settings").text)
    assert "2 notes of feedback wait for a decision." in page
    assert "Feedback 2 not decided yet" in page
    assert "not decided yet" not in words(get("/settings", role="viewer").text)


def test_who_may_not_run_reads_and_decides_nothing(get, served, here, club):
    said = say(club, "other")
    viewer = get(f"/settings/feedback/{said}", status=403, role="viewer")
    assert "This is not open to you" in viewer.text
    assert "Accept" in get(f"/settings/feedback/{said}", role="analyst").text


def test_an_identifier_leads_to_people_whose_values_are_masked(post, here):
    found = post("/settings/matches/look", warehouse="club", kind="email", value=EMAIL)
    told = words(found.text)
    assert "It leads to 2 people" in told
    assert "s•••@example.com" in told
    assert EMAIL not in found.text
    assert "looked up" in told
    nobody = post("/settings/matches/look", warehouse="club", kind="email", value="no@example.com")
    assert "It leads to nobody" in words(nobody.text)
    broken = post("/settings/matches/look", status=422, warehouse="club", kind="colour", value="red")
    assert "Which identifier?" in broken.text
    assert "red" not in broken.text.replace("required", "")
    post("/settings/matches/look", status=404, warehouse="elsewhere", kind="email", value=EMAIL)


def test_a_match_is_looked_at_split_and_taken_back(get, post, here, club):
    person = post("/settings/matches/look", warehouse="club", kind="person_id", value=" 1001 ")
    assert 'value="email1"' in person.text
    given = {"warehouse": "club", "person": "1001", "which": "email1"}
    looked = words(post("/settings/matches/split/look", **given).text)
    assert "E-mail is not that of person •••01?" in looked
    assert "From then on it leads to Person •••02" in looked
    assert who_has(club, EMAIL) == {1001, 1002}
    done = post("/settings/matches/split", **given)
    assert "E-mail split off person •••01" in words(done.text)
    assert "Others who had it: 1; it leads to 1 of them" in words(done.text)
    assert who_has(club, EMAIL) == {1002}
    again = post("/settings/matches/look", warehouse="club", kind="person_id", value="1001")
    assert "split off" in words(again.text)
    (correction,) = set(re.findall(r"/settings/matches/(correction_[\w-]+)/undo", done.text))
    undone = post(f"/settings/matches/{correction}/undo")
    assert "Taken back. Matches are as they were." in words(undone.text)
    assert who_has(club, EMAIL) == {1001, 1002}
    assert sorted(each for each in actions(here) if "match" in each) == ["match.split", "match.undone"]
    post(f"/settings/matches/{correction}/undo", status=409)


def test_two_ids_are_compared_before_they_are_merged(post, here, club):
    """1003 and 1004 share a phone, and both of two attributes agree."""
    given = {"warehouse": "club", "person": "1003", "other": "1004"}
    looked = words(post("/settings/matches/merge/look", **given).text)
    assert "Are •••03 and •••04 one person?" in looked
    assert "Phone: 1" in looked
    assert "2 of 2 agree; of two people at random" in looked
    done = words(post("/settings/matches/merge", **given).text)
    assert "•••04 merged into •••03" in done
    assert who_has(club, "fourth@example.com") == {1003}
    assert "one person already" in post("/settings/matches/merge/look", status=409, **given).text
    same = post("/settings/matches/merge", status=422, warehouse="club", person="1003", other="1003")
    assert "the same" in same.text


def test_a_correction_from_feedback_accepts_it_and_taking_it_back_opens_it_again(get, post, here, club):
    said = say(club, "wrong_match", person_id=1001)
    page = get(f"/settings/matches?feedback={said}")
    assert "Which of these identifiers is not theirs?" in words(page.text)
    assert f'name="feedback" value="{said}"' in page.text
    given = {"warehouse": "club", "person": "1001", "which": "email1", "feedback": said}
    made = post("/settings/matches/split", **given)
    told = words(get(f"/settings/feedback/{said}").text)
    assert "The match was corrected." in told
    assert "Take that back first" in told
    (correction,) = set(re.findall(r"/settings/matches/(correction_[\w-]+)/undo", made.text))
    undone = post(f"/settings/matches/{correction}/undo")
    assert "Its feedback is open again." in words(undone.text)
    assert "Correct the match" in words(get(f"/settings/feedback/{said}").text)
    other = say(club, "other")
    assert "not about a match" in get(f"/settings/matches?feedback={other}", status=422).text


def test_feedback_about_nobody_of_the_data_asks_for_an_identifier(get, club):
    assert "It names no person." in words(get(f"/settings/matches?feedback={say(club, 'wrong_match')}").text)
    gone = say(club, "wrong_match", person_id=77)
    assert "is not in the data in use" in words(get(f"/settings/matches?feedback={gone}").text)
    assert "77" not in words(get(f"/settings/feedback/{gone}").text).replace("•••77", "")


def test_nobody_is_in_the_trace_or_the_audit_of_a_look(post, here):
    post("/settings/matches/look", warehouse="club", kind="email", value=EMAIL)
    post("/settings/matches/split", warehouse="club", person="1001", which="email1")
    kept = [str(entry.model_dump()) for entry in entries_of(here.database, 20)]
    assert not [each for each in kept if EMAIL in each or "'1001'" in each]
