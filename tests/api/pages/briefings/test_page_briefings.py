"""Briefings as read in the mail, written as a job, and two analyses side by side."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from agent import CATALOGUE
from api.app import application
from api.jobs.attempt import Attempt
from api.pages.briefings.telling import TELLING
from api.pages.outcomes.jobs.panel import panel_of
from api.settings import Settings
from store.population.mapping import Mapping
from store.records.newest import newest
from store.records.runs import Run, begin_run, runs_of
from store.records.tables import Trace
from store.workspace import House
from tests.agent.changes.conftest import Club, first_members, people, with_wine_lovers
from tests.api.pages.conftest import served_site
from tests.api.pages.seen import Site, Tab, keep_picture, require_accessible
from tests.conftest import Clock, silent
from tools.calls import call, tool_named

BASE = "http://127.0.0.1:8321"
BEFORE_IT_IS_TOLD = ("find", "learn", "analyse_again", "compare", "compare_outcomes", "judge", "refresh")


class Told:
    """A home whose warehouse `club` has three analyses and three briefings, the last of nothing."""

    def __init__(self, home: Path, briefings: list[str], analyses: list[str]) -> None:
        self.home, self.briefings, self.analyses = home, briefings, analyses


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    home, clock, ids = tmp_path_factory.mktemp("club") / "home", Clock(), itertools.count(1)
    house = House(home, base_url=BASE, now=clock, new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}")

    def load(text: str, columns: dict, warehouse: str):
        file = home.parent / "club.csv"
        file.write_text(text)
        workspace = house.workspace(warehouse)
        mapping = Mapping.model_validate({"columns": columns})
        workspace.warehouse.load([file], mapping, house.now(), progress=silent, processes=1)
        return workspace

    club = Club(load, clock)
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    briefings, analyses = [], []
    for now in (members, with_wine_lovers(rows, members), with_wine_lovers(rows, members)):
        analyses.append(club.analysed(workspace, now).analysis_id)
        briefings.append(call(tool_named(CATALOGUE, "run_briefing"), workspace, {}).briefing_id)
        clock.advance(days=7)
    house.close()
    return Told(home, briefings, analyses)


@pytest.fixture(scope="module")
def club_site(told: Told) -> Iterator[Site]:
    with served_site(told.home) as site:
        yield site


@pytest.fixture
def club_tab(club_site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    tabs = Tab(club_site, chromium)
    yield tabs
    tabs.close()


@pytest.fixture
def client(told: Told, clock: Clock) -> Iterator[TestClient]:
    house = House(told.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    with TestClient(application(Settings(home=told.home), house), base_url=BASE) as asked:
        asked.headers["Accept"] = "text/html"
        yield asked


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_briefing_reads_like_the_mail(club_tab, told, scheme, width):
    page = club_tab(f"/briefings/{told.briefings[1]}", scheme=scheme, width=width)
    expect(page.get_by_role("heading", name="What changed", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="One thing to do")).to_be_visible()
    expect(page.get_by_role("img", name="Share of the customers with each trait")).to_be_visible()
    expect(page.get_by_role("heading", name="Your customers moved")).to_be_visible()
    require_accessible(page, None if scheme == "light" else "contrast")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_picture(page, f"briefing-{scheme}-{width}")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Screens")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()


def test_two_analyses_are_chosen_from_lists_and_set_side_by_side(club_tab, told):
    page = club_tab("/briefings")
    expect(page.get_by_role("heading", level=2)).not_to_have_count(0)
    require_accessible(page)
    keep_picture(page, "briefings-light-1280")
    page.get_by_role("link", name="Compare two analyses").click()
    page.get_by_label("Before").select_option(told.analyses[0])
    page.get_by_label("After").select_option(told.analyses[1])
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("Customers before", exact=True)).to_be_visible()
    assert f"before={told.analyses[0]}&after={told.analyses[1]}" in page.url
    require_accessible(page)
    keep_picture(page, "briefings-compare-light-1280")


def test_a_first_briefing_says_what_is_known_and_a_third_that_nothing_changed(client, told):
    first = client.get(f"/briefings/{told.briefings[0]}").text
    assert "What is known" in first
    third = client.get(f"/briefings/{told.briefings[2]}").text
    assert "Nothing changed beyond chance, so there is nothing to do differently." in third
    assert "<figure" not in third
    assert "One risk" not in third


def test_a_briefing_is_kept_as_markdown_and_as_json(client, told):
    answer = client.get(f"/briefings/{told.briefings[1]}/file.md")
    assert answer.headers["content-disposition"].startswith('attachment; filename="briefing-2026-')
    assert "wine" in answer.text
    assert client.get(f"/briefings/{told.briefings[1]}/file.json").json()["kind"] == "changes"
    assert client.get(f"/briefings/{told.briefings[1]}/file.docx").status_code == 422
    gone = client.get("/briefings/briefing_1")
    assert gone.status_code == 404
    assert "There is no such briefing" in gone.text


def test_a_briefing_is_written_as_a_job_that_leads_to_it(client, told, clock):
    house: House = client.app.state.house
    clock.advance(days=365)  # after whatever job another test left here
    begun = client.post("/briefings/run?warehouse=club", headers={"Fieldmark-Fragment": "1"})
    assert 'data-follow="/briefings/jobs/' in begun.text
    assert "Find the analyses, the outcomes and the briefing before" in begun.text
    assert "Writing the briefing" in client.get("/briefings?warehouse=club").text
    last = runs_of(house.everywhere)[0]
    run = begin_run(house.everywhere, last.run_id, last.turn, "worker", house.now())
    assert run is not None
    Attempt(house, run, 1e9, lambda: False).go()
    events = client.get(f"/briefings/jobs/{run.run_id}/events").text
    assert "event: done" in events
    address = events.split('href="')[1].split('"')[0]
    assert address == f"/briefings/{run.run_id}"
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("step", ["tell_first", "tell_changes", "tell_unchanged"])
def test_whichever_way_it_is_told_one_step_of_the_job_shows_it(step):
    run = Run(run_id="r", kind="run_briefing", warehouse="w", workflow_id="w", status="running", step=step)
    shown = panel_of(TELLING, run).steps
    assert [(each.name, each.mark) for each in shown] == [
        *((name, "done") for name in BEFORE_IT_IS_TOLD),
        ("tell", "running"),
        ("keep", "todo"),
        ("deliver", "todo"),
    ]


def test_looking_at_two_analyses_leaves_no_trace(client, told):
    house: House = client.app.state.house
    before = newest(house.everywhere, Trace, Trace.started_at, Trace.tool_trace_id, 50)
    place = f"/briefings/compare?warehouse=club&before={told.analyses[0]}&after={told.analyses[1]}"
    assert "Customers before" in client.get(place).text
    assert newest(house.everywhere, Trace, Trace.started_at, Trace.tool_trace_id, 50) == before


def test_a_comparison_with_an_analysis_that_is_not_there_is_refused(client, told):
    answer = client.get(f"/briefings/compare?before=none&after={told.analyses[0]}")
    assert answer.status_code == 404
    assert "There is no such analysis" in answer.text
