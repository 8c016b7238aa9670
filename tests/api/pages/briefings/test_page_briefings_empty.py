"""Briefings before there is anything to tell."""

import uuid

from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.workspace import House

BASE = "http://127.0.0.1:8321"


def test_without_a_warehouse_the_way_to_ask_is_shown(tmp_path, clock):
    house = House(tmp_path / "home", base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    with TestClient(application(Settings(home=house.home), house), base_url=BASE) as client:
        for path in ("/briefings", "/briefings/compare"):
            answer = client.get(path, headers={"Accept": "text/html"})
            assert answer.status_code == 200
            assert "Go and ask" in answer.text
            assert "Write one now" not in answer.text


def test_with_people_and_no_analysis_no_briefing_is_offered(load, house):
    load("id,age\n1,30\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}})
    with TestClient(application(Settings(home=house.home), house), base_url=BASE) as client:
        told = client.get("/briefings", headers={"Accept": "text/html"}).text
    assert "There is nothing to tell yet" in told
    assert "Write one now" not in told
