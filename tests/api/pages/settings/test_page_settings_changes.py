"""What is changed in the settings is done, noted, and shows no secret twice."""

import re

import pytest
from starlette.testclient import TestClient

from store.population.mapping import Mapping
from store.records.access.audit import entries_of
from store.records.access.keys import keys_of
from store.records.access.members import members_of
from tests.api.pages.settings.furnished import PASSWORD, members, webhook
from tests.conftest import silent

HOOK = "https://93.184.216.34/told"
SECRET = re.compile(r"(sk_live_[\w-]{43}|whsec_[\w+/=]+)")


def done(here) -> list[tuple[str, str]]:
    """What was noted, of what; the clock stands still, so in no order."""
    return sorted((entry.action, entry.about) for entry in entries_of(here.database, 50))


def test_a_key_is_made_once_shown_and_revoked(post, get, here):
    made = post("/settings/keys", name="Nightly", role="viewer", expires_in_days="30").text
    (secret,) = set(SECRET.findall(made))
    (key,) = keys_of(here.database, 5)
    assert (key.name, key.role, key.scopes) == ("Nightly", "viewer", ["read"])
    assert (key.expires_at - here.now()).days == 30
    assert secret not in get("/settings/keys").text
    assert "revoked" in post(f"/settings/keys/{key.key_id}/revoke").text
    assert done(here) == [("key.made", key.key_id), ("key.revoked", key.key_id)]
    post("/settings/keys/key_nobody/revoke", 404)


def test_a_form_that_does_not_fit_is_told_without_its_values(post):
    told = post("/settings/keys", 422, name="x", role="Jane Doe").text
    assert "The form does not fit" in told
    assert "role" in told
    assert "Jane" not in told
    assert "<html" not in told  # a fragment, for the place of errors in the form


def test_a_key_with_fewer_scopes_than_its_role(post, here):
    post("/settings/keys", name="x", role="analyst", scopes=["read", "run"])
    assert keys_of(here.database, 5)[0].scopes == ["read", "run"]
    post("/settings/keys", 422, name="x", role="viewer", scopes=["run"])


def test_members_are_added_changed_disabled_and_removed(post, get, here):
    post("/settings/members", email="ann@example.com", name="Ann", role="admin", password=PASSWORD)
    (ann,) = members_of(here.database, 5)
    path = f"/settings/members/{ann.member_id}"
    assert "admin</option>" in get(path).text.lower()
    for change in (path, f"{path}/disable", f"{path}/remove"):
        assert "last admin" in post(change, 409, role="viewer", name="Ann").text
    post("/settings/members", email="bob@example.com", role="admin")
    assert "Viewer" in post(path, role="viewer", name="Anna").text
    assert "disabled" in post(f"{path}/disable").text
    assert "They can sign in again." in post(f"{path}/enable").text
    assert "Anna" not in post(f"{path}/remove").text
    assert [action for action, about in done(here) if about == ann.member_id] == [
        "member.added",
        "member.changed",
        "member.changed",
        "member.changed",
        "member.removed",
    ]


def test_destinations_are_added_tested_and_removed(post, get, here, served, tmp_path):
    post("/settings/destinations", 422, name="box", url=f"file://{tmp_path}/out")  # no folder is open
    served.app.state.settings.export_folders = str(tmp_path)
    post("/settings/destinations", name="box", url=f"file://{tmp_path}/out")
    assert "box takes files" in post("/settings/destinations/box/test").text
    post("/settings/destinations", name="far", url="s3://bucket/a", key="AKIAKEY", secret="SECRETOFBUCKET")
    page = get("/settings/destinations").text
    assert "s3://bucket/a" in page
    assert "AKIAKEY" not in page
    assert "SECRETOFBUCKET" not in page
    post("/settings/destinations/box/remove")
    assert [action for action, _ in done(here)] == [
        "destination.added",
        "destination.added",
        "destination.removed",
        "destination.tested",
    ]


def test_a_webhook_is_added_tested_rotated_switched_and_removed(post, get, here):
    made = post("/settings/webhooks", url=HOOK, description="n8n", events=["job.done"]).text
    (secret,) = set(SECRET.findall(made))
    hook = re.findall(r"hook_[\w-]+", made)[0]
    path = f"/settings/webhooks/{hook}"
    assert secret not in get(path).text + get("/settings/webhooks").text
    assert "A test is on its way." in post(f"{path}/test").text
    assert "Test</td>" in get(f"{path}?status=pending").text
    rotated = post(f"{path}/rotate").text
    (other,) = set(SECRET.findall(rotated))
    assert other != secret
    post(path, url=HOOK + "/2", description="n8n")
    assert HOOK + "/2" in get(path).text
    assert "Nothing is sent to it any more." in post(f"{path}/disable").text
    assert "disabled" in post(f"{path}/test", 409).text
    post(f"{path}/enable")
    assert post(f"{path}/remove").headers["Fieldmark-Go"] == "/settings/webhooks"
    get(path, 404)
    post("/settings/webhooks", 422, url="https://127.0.0.1/inside")
    assert [action for action, _ in done(here)] == [
        "webhook.added",
        "webhook.changed",
        "webhook.changed",
        "webhook.changed",
        "webhook.removed",
        "webhook.rotated",
    ]


def test_a_message_that_was_given_up_is_sent_again(post, get, here):
    webhook(here)
    path = "/settings/webhooks/hook_1"
    assert "given up" in get(f"{path}?status=dead").text
    assert "Messages on their way again: 1." in post(f"{path}/replay-dead").text
    assert "given up</span>" not in get(f"{path}?status=dead").text
    assert "on its way again" in post(f"{path}/deliveries/dlv_1/replay").text


def test_another_snapshot_is_put_in_use(post, get, here, load_small):
    first, second = load_small
    page = get("/settings/warehouses/small").text
    assert f"/snapshots/{first}/use" in page
    assert f"/snapshots/{second}/use" not in page  # it is the one in use
    post(f"/settings/warehouses/small/snapshots/{first}/use")
    assert here.workspace("small").warehouse.current_id == first
    assert done(here) == [("snapshot.used", "small")]
    post("/settings/warehouses/small/snapshots/20200101T000000Z/use", 404)
    post(f"/settings/warehouses/nowhere/snapshots/{first}/use", 404)


def test_the_coverage_of_identifiers_is_of_people(get, load_small):
    """Two of three people have an e-mail; one has two of them; one address is malformed."""
    page = get("/settings/warehouses/small").text
    (row,) = re.findall(r'<th scope="row">E-mail</th>(.*?)</tr>', page, re.DOTALL)
    assert re.findall(r">([^<>]+)</td>", row) == ["2", "67 %", "3", "1"]


@pytest.fixture
def load_small(here, clock, tmp_path) -> tuple[str, str]:
    """The ids of two snapshots of three people; the second is in use."""
    file = tmp_path / "small.csv"
    rows = "1,a@example.com,b@example.com,Austin\n2,c@example.com,,Austin\n3,,nothing,Austin\n"
    file.write_text(f"id,email,other,city\n{rows}")
    columns = {
        "id": {"kind": "person_id"},
        "email": {"kind": "identifier", "identifier": "email"},
        "other": {"kind": "identifier", "identifier": "email"},
        "city": {"kind": "category"},
    }
    mapping, known = Mapping.model_validate({"columns": columns}), here.workspace("small").warehouse
    known.load([file], mapping, here.now(), progress=silent, processes=1)
    first = known.current_id
    clock.advance(hours=1)
    known.load([file], mapping, here.now(), progress=silent, processes=1)
    return first, known.current_id


@pytest.fixture
def signed_in(here, served: TestClient):
    """A member who signed in, in a client of their own: `signed_in()` makes another browser."""
    members(here)

    def browser() -> tuple[TestClient, dict[str, str]]:
        client = TestClient(served.app, base_url="http://127.0.0.1:8321")
        sent = {"email": "viewer@example.com", "password": PASSWORD}
        me = client.post("/v1/sign-in", json=sent).json()
        return client, {"X-CSRF-Token": me["csrf_token"], "Accept": "text/html", "Fieldmark-Fragment": "1"}

    return browser


def test_a_member_changes_their_password_and_the_other_browser_is_signed_out(signed_in):
    (here, headers), (there, _) = signed_in(), signed_in()
    path = "/settings/account/password"
    other = "another horse battery"
    wrong = here.post(path, data={"password": "wrong", "new_password": other}, headers=headers)
    assert wrong.status_code == 422  # not 401, which leads to the way in
    assert "not the password that you have now" in wrong.text
    right = here.post(path, data={"password": PASSWORD, "new_password": other}, headers=headers)
    assert right.headers["Fieldmark-Go"] == "/settings/account?done=password_changed"
    assert "Every other browser is signed out." in here.get(right.headers["Fieldmark-Go"]).text
    assert here.get("/v1/me").json()["actor"] == "member_viewer"
    assert there.get("/v1/me").json()["actor"] != "member_viewer"


def test_a_member_signs_out_elsewhere_and_stays_here(signed_in):
    (here, headers), (there, _) = signed_in(), signed_in()
    path = "/settings/account/sign-out-elsewhere"
    assert here.post(path, headers={**headers, "X-CSRF-Token": ""}).status_code == 403
    assert here.post(path, headers=headers).status_code == 200
    assert here.get("/v1/me").json()["actor"] == "member_viewer"
    assert there.get("/v1/me").json()["actor"] != "member_viewer"
    assert (
        here.post("/v1/sign-in", json={"email": "viewer@example.com", "password": PASSWORD}).status_code
        == 200
    )


def test_the_owner_of_the_machine_has_no_password_to_change(post, get):
    assert "You are on the machine of the house" in get("/settings/account").text
    post("/settings/account/sign-out-elsewhere", 403)
