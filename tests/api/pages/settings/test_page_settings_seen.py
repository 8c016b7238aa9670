"""Who sees which part, what needs somebody, and what is shown where there is nothing."""

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.pages.settings.tracing.model import looked_through
from api.settings import Settings
from store.model_access import ModelAccess
from store.records import ModelCall
from store.records.access.keys import make_key
from tests.api.pages.settings.furnished import calls, keys, model_calls, usage, webhook

PARTS = {
    "overview": "read",
    "warehouses": "read",
    "account": "read",
    "usage": "read",
    "traces": "read",
    "privacy": "people",
    "model": "people",
    "feedback": "people",
    "members": "admin",
    "keys": "admin",
    "destinations": "admin",
    "webhooks": "admin",
    "audit": "admin",
}
SEES = {"viewer": {"read"}, "analyst": {"read", "people"}, "admin": {"read", "people", "admin"}}


def address(part: str) -> str:
    return "/settings" if part == "overview" else f"/settings/{part}"


def test_each_role_sees_its_parts_in_the_list_and_is_refused_the_others(get):
    for role, scopes in SEES.items():
        listed = get("/settings", role=role).text
        for part, needs in PARTS.items():
            may = needs in scopes
            assert (f'href="{address(part)}"' in listed) == may, part
            answer = get(address(part), 200 if may else 403, role=role)
            assert may or "This is not open to you" in answer.text


def test_a_viewer_is_offered_no_change(get, here):
    calls(here, "us")
    for part in ("overview", "warehouses", "warehouses/us", "usage", "traces"):
        page = get(address(part), role="viewer").text
        assert '<form method="post" action="/settings' not in page, part
        assert "of a viewer" not in page, part  # nobody but admins is told who there is


def test_a_house_without_anything_shows_where_to_begin(tmp_path):
    app = application(Settings(home=tmp_path / "home"))
    with TestClient(app, base_url="http://127.0.0.1:8321") as client:
        for part in PARTS:
            answer = client.get(address(part), headers={"Accept": "text/html"})
            assert answer.status_code == 200, part
        page = client.get("/settings/warehouses", headers={"Accept": "text/html"}).text
        assert "Nothing is loaded yet" in page
        assert "fieldmark load" in page
        assert "No people are loaded yet." in client.get("/settings", headers={"Accept": "text/html"}).text


def test_what_needs_somebody_is_told_on_the_overview(get, here, served):
    """Of 1,000 credits 300 were used in this month: 700 are left. Of 350, 50 are: less than a fifth."""
    here.model = ModelAccess("http://127.0.0.1:1/v1", "a-model")
    keys(here)
    webhook(here)
    usage(here)  # 150 credits a day, today and yesterday in this month, the third day in the last one
    settings = served.app.state.settings
    settings.credits_per_month = 1_000
    page = get("/settings").text
    assert "credits are left" not in page
    assert "takes no messages" in page
    assert "not tried again: 1." in page
    assert "ends in 3 days" in page
    assert "did not answer" not in page
    settings.credits_per_month = 350
    assert "50 of 350 credits are left of this month." in get("/settings").text
    settings.credits_per_month = 300
    assert "All 300 credits of this month are used." in get("/settings").text
    here.database.keep(_failed(here))
    assert "did not answer the last request" in get("/settings").text
    viewers = get("/settings", role="viewer").text
    assert "takes no messages" not in viewers
    assert "did not answer" not in viewers


def test_the_requests_to_the_model_are_shown_with_their_verdict(get, here):
    assert "Everything works without one" in get("/settings/model").text
    model_calls(here)
    page = get("/settings/model").text
    assert "The last 3 requests" in page
    assert "No e-mail address and no telephone number in any of these 3 requests" in page
    one = get("/settings/model/calls/icp_1-segment-0-1").text
    assert "4.2 is not in the facts" in one
    assert "People who own their home, 3.1 times as many." in one
    assert "&#34;people&#34;: &#34;own their home&#34;" in one
    get("/settings/model/calls/nothing", 404)


@pytest.mark.parametrize(
    ("facts", "answer", "emails", "phones"),
    [
        ({"a": ["x@example.com"]}, "", 1, 0),
        ({"x@example.com": 1}, "", 1, 0),
        ({}, "call 512-555-0142", 0, 1),
        ({}, "call +1 512 555 0142", 0, 1),
        ({"id": "123456789"}, "", 0, 1),
        ({"lift": 3.14159265358979, "size": 1_234_567_890}, "3.1 (2.6-3.7), 12,345,678 people", 0, 0),
        ({}, "12.61-13.75 of 1,000, q 0.0000001", 0, 0),
    ],
)
def test_the_look_for_values_finds_addresses_and_numbers_and_no_figures(facts, answer, emails, phones):
    asked = SimpleNamespace(facts=facts, answer=answer, outcome="kept")
    found = looked_through([cast(ModelCall, asked)])
    assert (found.emails, found.phones, found.is_clean) == (emails, phones, not emails + phones)


def test_feedback_is_filtered_and_leads_to_the_answer(get, here):
    workflow = calls(here, "us")
    everything = get("/settings/feedback").text
    assert "Thank you" in everything
    assert "Half of these moved." in everything
    assert f'href="/settings/traces/{workflow}"' in everything
    assert "list_clusters" in everything
    assert "Thank you" not in get("/settings/feedback?kind=stale_data").text
    assert "Half of these moved." not in get("/settings/feedback?status=done").text
    assert "Nothing fits." in get("/settings/feedback?kind=bad_score").text


def test_usage_is_told_by_day_by_kind_and_by_whom(get, here):
    """Three days of 300 rows, the last of them in February: 600 rows since the first of March."""
    usage(here)
    since_march = get("/settings/usage?measure=rows_scored").text
    assert "Rows scored on 2 days, 600 in all." in since_march
    longer = get("/settings/usage?from=2026-02-01&to=2026-03-02&measure=rows_scored").text
    assert "Rows scored on 3 days, 900 in all." in longer
    assert "<svg" in longer
    assert 'style="' not in longer  # the policy of the pages forbids it
    assert "Nothing was used in these days" in get("/settings/usage?from=2025-01-01&to=2025-01-31").text
    get("/settings/usage?from=tomorrow", 422)
    get("/settings/usage?from=2026-03-02&to=2026-03-01", 422)


def test_long_lists_come_in_pages(get, here, clock):
    for number in range(60):
        clock.advance(minutes=1)
        make_key(
            here.database,
            key_id=f"key_{number}",
            name=f"Key {number}",
            role="viewer",
            now=here.now(),
            created_by="local",
        )
    first = get("/settings/keys").text
    assert first.count('<th scope="row">') == 50
    following = first.partition('href="/settings/keys?cursor=')[2].partition('"')[0]
    assert get(f"/settings/keys?cursor={following}").text.count('<th scope="row">') == 10


def _failed(house):
    return ModelCall(
        call_id="late",
        run_id="icp_2",
        workflow_id="wf_2",
        warehouse="us",
        told="segment-0",
        attempt=1,
        prompt="segment",
        prompt_version="v1",
        model="a-model",
        outcome="unavailable",
        created_at=house.now() + timedelta(seconds=1),
    )
