"""What the pages of profiles answer, without a browser: lists of whom, masked for whom, in what order."""

import csv
import html
import io
import re

import numpy as np
import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.scored_lists.asking import RowsQuery, found_rows
from store.scored_lists.kept import KeptLists
from store.workspace import Workspace
from tests.api.pages.profiles.profiles_made import do_jobs, leads_csv, make_profile, workbook
from tests.api.rest.tenants_planted import key

LIVE = {"Fieldmark-Fragment": "1", "Accept": "text/html"}
PAGE = {"Accept": "text/html"}


def sent_list(served: TestClient, us: Workspace, content: str, **given: object) -> str:
    """The id of a list that was sent and scored."""
    files, sent = {"file": ("leads.csv", content)}, {"profiles": [make_profile(us, **given)]}
    answer = served.post("/profiles/lists", files=files, data=sent, headers=LIVE)
    assert answer.status_code == 200, answer.text
    do_jobs(served.app.state.house)  # type: ignore[attr-defined]  # Starlette types no state
    return answer.headers["Fieldmark-Go"].rsplit("/", 1)[1]


def test_a_list_comes_back_whole_as_a_file_and_runs_nothing(served: TestClient, us: Workspace):
    content = "id,industry,employees,country,title\n=1+1,Software,100,DE,VP Sales\nlead-2,Retail,5,US,Clerk\n"
    list_id = sent_list(served, us, content)
    told = served.post(f"/profiles/lists/{list_id}/export", data={"whole": "yes"}, headers=LIVE)
    assert told.status_code == 200, told.text
    address = re.search(r'href="([^"]+)"', told.text)
    assert address
    file = served.get(address[1].replace("&amp;", "&"))
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [(row["lead"], row["tier"]) for row in rows] == [("'=1+1", "A"), ("lead-2", "D")]


def as_viewer(us: Workspace, served: TestClient, role: str = "viewer") -> dict[str, str]:
    """Headers of a key that may look and no more."""
    _, secret = key(served.app.state.house, role)  # type: ignore[attr-defined, arg-type]  # Starlette types no state
    return PAGE | {"Authorization": f"Bearer {secret}"}


def test_a_viewer_sees_a_shared_list_with_names_masked_and_no_single_lead(served: TestClient, us: Workspace):
    content = "email,industry\nmaria@example.com,Software\nzoe@example.com,Retail\n"
    list_id = sent_list(served, us, content, visibility="shared")
    viewer = as_viewer(us, served)
    shown = served.get(f"/profiles/lists/{list_id}", headers=viewer)
    assert shown.status_code == 200, shown.text
    assert "maria@" not in shown.text
    assert "m•••@example.com" in shown.text
    for sort in ("lead", "-lead"):
        assert served.get(f"/profiles/lists/{list_id}?sort={sort}", headers=viewer).status_code == 422
    assert served.get(f"/profiles/lists/{list_id}/rows/0", headers=viewer).status_code == 403
    assert served.post(f"/profiles/lists/{list_id}/export", headers=viewer).status_code == 403
    assert served.post(f"/profiles/lists/{list_id}/delete", headers=viewer).status_code == 403
    page = served.get("/profiles/lists", headers=viewer).text
    assert 'type="file"' not in page
    assert "You may not make profiles" in served.get("/profiles/new", headers=viewer).text


def test_a_colleague_sees_no_list_that_was_scored_by_a_private_profile(served: TestClient, us: Workspace):
    list_id = sent_list(served, us, leads_csv(3))
    colleague = as_viewer(us, served, "admin")
    for path in ("", "/progress", "/rows/0", "?sort=lead"):
        assert served.get(f"/profiles/lists/{list_id}{path}", headers=colleague).status_code == 404
    for path in ("score", "cancel", "delete", "export"):
        assert served.post(f"/profiles/lists/{list_id}/{path}", headers=colleague).status_code == 404
    assert list_id not in served.get("/profiles/lists", headers=colleague).text
    assert served.get(f"/profiles/lists/{list_id}", headers=PAGE).status_code == 200


def test_a_list_is_scored_again_after_an_edit_and_removed_with_all_it_held(served: TestClient, us: Workspace):
    content = "id,industry\nlead-1,Retail\n"
    profile = make_profile(us, industries=["Retail"], company_size=None, geography=[], roles=[])
    answer = served.post(
        "/profiles/lists", files={"file": ("l.csv", content)}, data={"profiles": [profile]}, headers=LIVE
    )
    address = answer.headers["Fieldmark-Go"]
    do_jobs(served.app.state.house)  # type: ignore[attr-defined]  # Starlette types no state
    assert [row_score(served, address)] == ["100"]
    sent = {"name": "Mid-market software, DACH", "industries": "Software", "base": "1", "revision": "1"}
    assert served.post(f"/profiles/{profile}", data=sent, headers=LIVE).headers["Fieldmark-Go"]
    assert served.post(f"{address}/score", headers=LIVE).status_code == 200
    assert served.post(f"{address}/score", headers=LIVE).status_code == 409
    do_jobs(served.app.state.house)  # type: ignore[attr-defined]  # Starlette types no state
    assert row_score(served, address) == "0"
    assert served.post(f"{address}/delete", headers=LIVE).headers["Fieldmark-Go"] == "/profiles/lists"
    assert served.get(address, headers=PAGE).status_code == 404
    assert list((us.home / "scored_lists").glob("list_*")) == []


def row_score(served: TestClient, address: str) -> str:
    found = re.search(r'<b class="n">(\d+)</b>', served.get(address, headers=PAGE).text)
    assert found
    return found[1]


def test_a_scoring_is_stopped_before_it_begins_and_begun_again(served: TestClient, us: Workspace):
    profile = make_profile(us)
    files = {"file": ("leads.csv", leads_csv(4))}
    answer = served.post("/profiles/lists", files=files, data={"profiles": [profile]}, headers=LIVE)
    address = answer.headers["Fieldmark-Go"]
    assert served.post(f"{address}/cancel", headers=LIVE).status_code == 200
    assert "The scoring was stopped." in served.get(address, headers=PAGE).text
    do_jobs(served.app.state.house)  # type: ignore[attr-defined]  # Starlette types no state
    assert not KeptLists(us.home).is_scored(KeptLists(us.home).named(address.rsplit("/", 1)[1], us.now()))
    assert served.post(f"{address}/score", headers=LIVE).status_code == 200
    do_jobs(served.app.state.house)  # type: ignore[attr-defined]  # Starlette types no state
    done = served.get(f"{address}/progress").text
    assert "event: done" in done
    assert "4 rows." in done


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("leads.pdf", "%PDF", 422), ("leads.csv", "", 422), ("leads.xlsx", "PK\x03\x04", 422)],
)
def test_a_file_that_is_no_list_is_refused_and_nothing_is_kept(served, us, name, content, status):
    answer = served.post(
        "/profiles/lists",
        files={"file": (name, content)},
        data={"profiles": [make_profile(us)]},
        headers=LIVE,
    )
    assert answer.status_code == status
    assert str(us.home) not in answer.text
    assert [*us.home.glob("scored_lists/*"), *us.home.glob("uploads/*")] == []
    looked = served.post("/profiles/lists/look", files={"file": (name, content)}, headers=LIVE)
    assert looked.status_code == status or name == "leads.pdf"
    assert str(us.home) not in looked.text


def test_a_list_that_was_looked_at_is_masked_scored_once_and_waits_no_more(served, us):
    content = "email,industry\nmaria@example.com,Software\n"
    looked = served.post("/profiles/lists/look", files={"file": ("März.csv", content)}, headers=LIVE)
    assert "1 row<" in looked.text
    assert "maria@" not in looked.text
    found = re.search(r'name="upload" value="([^"]+)"', looked.text)
    assert found
    sent = {"upload": found[1], "name": "März.csv", "profiles": [make_profile(us)]}
    made = served.post("/profiles/lists", data=sent, headers=LIVE)
    assert "<h1>März.csv</h1>" in served.get(made.headers["Fieldmark-Go"], headers=PAGE).text
    assert list(us.home.glob("uploads/*")) == []
    assert served.post("/profiles/lists", data=sent, headers=LIVE).status_code == 404
    assert served.post("/profiles/lists", data=sent | {"upload": "up_1"}, headers=LIVE).status_code == 404
    assert served.post("/profiles/lists", data=sent | {"upload": ""}, headers=LIVE).status_code == 422
    again = served.post("/profiles/lists/look", files={"file": ("l.csv", content)}, headers=LIVE)
    upload = re.findall(r'name="upload" value="([^"]+)"', again.text)[0]
    assert (
        served.post("/profiles/lists/look/remove", data={"upload": upload}, headers=LIVE).status_code == 200
    )
    assert list(us.home.glob("uploads/*")) == []


def test_an_erased_person_leaves_the_lists_that_were_scored(served, us):
    """Two people of the population are on the list; one is erased: a row, a tier count and the file go."""
    ids = us.population.shards[0].person_ids[:2].tolist()
    content = f"person_id,industry\n{ids[0]},Software\n{ids[1]},Software\n"
    lists, list_id = KeptLists(us.home), sent_list(served, us, content)
    assert lists.given(lists.named(list_id, us.now())).exists()
    done = served.post("/v1/warehouses/us/erasures", json={"person_id": ids[0]}).json()
    assert done["artifacts"] == 1
    kept = lists.named(list_id, us.now())
    assert (kept.rows, sum(kept.against[0].tiers.values()), kept.file) == (1, 1, "")
    rows = found_rows(lists.rows(kept), RowsQuery(), np.empty(0, dtype=np.int64)).rows
    assert [row["person_id"] for row in rows] == [ids[1]]


def test_profiles_are_found_by_name_sorted_and_shown_page_by_page(served: TestClient, us: Workspace):
    for number in range(30):
        make_profile(us, name=f"Profile {number:02}")
    names = lambda text: re.findall(r">(Profile \d\d)</a>", text)  # noqa: E731  # short, and used here alone
    first = served.get("/profiles?sort=name", headers=PAGE).text
    second = served.get("/profiles?sort=name&page=2", headers=PAGE).text
    assert names(first) + names(second) == [f"Profile {number:02}" for number in range(30)]
    assert names(served.get("/profiles?sort=-name&text=profile+2", headers=LIVE).text)[0] == "Profile 29"
    assert names(served.get("/profiles?text=nothing", headers=LIVE).text) == []
    assert served.get("/profiles?sort=colour", headers=PAGE).status_code == 422


def test_a_house_without_data_says_what_to_do_first(tmp_path, open_house):
    app = application(Settings(home=tmp_path), open_house(tmp_path))
    with TestClient(app, base_url="http://127.0.0.1:8321") as empty:
        for path in ("/profiles", "/profiles/new", "/profiles/lists", "/profiles/lead"):
            answer = empty.get(path, headers=PAGE)
            assert answer.status_code == 200, path
            assert "no warehouse" in answer.text, path


def test_a_proposal_keeps_only_the_lines_that_were_accepted(served: TestClient, us: Workspace):
    """Of 20 customers all are Software and 10 in DE; of 20 others all are Retail in US."""
    customers = "industry,country\n" + "Software,DE\nSoftware,AT\n" * 10
    others = "industry,country\n" + "Retail,US\n" * 20
    files = {"customers": ("c.xlsx", workbook(customers)), "others": ("o.csv", others)}
    shown = served.post("/profiles/propose", files=files, headers=LIVE)
    assert shown.status_code == 200, shown.text
    assert "100% of 20 customers" in shown.text.replace(" %", "%")
    proposal = html.unescape(re.findall(r'name="proposal" value="([^"]*)"', shown.text)[0])
    lines = re.findall(r'name="line" value="([^"]*)"', shown.text)
    assert lines
    kept = [line for line in lines if not line.startswith("geography")]
    sent = {"proposal": proposal, "name": "Mine", "line": kept}
    made = served.post("/profiles/review", data=sent, headers=LIVE)
    assert made.status_code == 200, made.text
    page = served.get(made.headers["Fieldmark-Go"], headers=PAGE).text
    assert "Software" in page
    assert served.post("/profiles/review", data=sent | {"proposal": "{"}, headers=LIVE).status_code == 422


def test_one_lead_is_told_with_points_that_add_up(served: TestClient, us: Workspace):
    """Industry and size matched, place missed, role unknown: 50 + 12.5 + 12.5 - 12.5 = 62.5, tier B."""
    sent = {"profile": make_profile(us), "column": ["industry", "employees", "country"]}
    sent["value"] = ["SaaS", "120", "US"]
    told = served.post("/profiles/lead", data=sent, headers=LIVE).text
    assert [float(each.replace("−", "-")) for each in re.findall(r'class="n ?\w*">([+−]?[\d.]+)<', told)] == [
        50.0,
        12.5,
        12.5,
        -12.5,
        62.5,
    ]
    assert served.post("/profiles/lead", data=sent | {"value": ["", "", ""]}, headers=LIVE).status_code == 422
