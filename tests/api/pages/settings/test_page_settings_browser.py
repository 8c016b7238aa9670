"""The settings in a browser: every part reads well, and what matters is pressed twice."""

import pytest
from playwright.sync_api import expect

from tests.api.pages.seen import keep_picture, require_accessible
from tests.api.pages.settings.furnished import PASSWORD, furnish

PARTS = {
    "overview": "/settings",
    "warehouses": "/settings/warehouses",
    "warehouse": "/settings/warehouses/us",
    "account": "/settings/account",
    "members": "/settings/members",
    "keys": "/settings/keys",
    "privacy": "/settings/privacy",
    "destinations": "/settings/destinations",
    "webhooks": "/settings/webhooks",
    "webhook": "/settings/webhooks/hook_1",
    "usage": "/settings/usage",
    "model": "/settings/model",
    "model_call": "/settings/model/calls/icp_1-segment-0-1",
    "feedback": "/settings/feedback",
    "traces": "/settings/traces",
    "audit": "/settings/audit",
}


# Those with colours of their own.
COLOURED = {"overview", "keys", "webhook", "usage", "model_call", "feedback", "trace", "audit"}


def parts(workflow_id: str) -> dict[str, str]:
    return {**PARTS, "trace": f"/settings/traces/{workflow_id}"}


@pytest.fixture(scope="module")
def workflow_id(site) -> str:
    """The site with something in every part, and a workflow of it."""
    return furnish(site.house)


def test_every_part_is_accessible(workflow_id, tab):
    page = tab("/settings")
    for name, path in parts(workflow_id).items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        require_accessible(page)
        keep_picture(page, f"settings-{name}-light-1280")


def test_every_part_fits_a_phone_and_is_legible_in_the_dark(workflow_id, tab):
    page = tab("/settings", scheme="dark", width=390)
    for name, path in parts(workflow_id).items():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if name in COLOURED:
            require_accessible(page, "contrast")
        keep_picture(page, f"settings-{name}-dark-390")
    page.get_by_text("Parts of the settings: Traces").click()
    page.get_by_role("navigation", name="Parts of the settings").get_by_role("link", name="Audit").click()
    expect(page.get_by_role("heading", name="Audit", level=1)).to_be_visible()


def test_a_viewer_signs_in_sees_their_parts_and_signs_out_elsewhere(workflow_id, tab):
    page, other = tab("/sign-in"), tab("/sign-in")
    for each in (page, other):
        each.get_by_label("E-mail").fill("viewer@example.com")
        each.get_by_label("Password").fill(PASSWORD)
        each.keyboard.press("Enter")
        expect(each.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto("/settings")
    listed = page.get_by_role("navigation", name="Parts of the settings").first.get_by_role("link")
    assert listed.all_inner_texts() == ["Overview", "Warehouses", "Your account", "Usage", "Traces"]
    require_accessible(page)
    keep_picture(page, "settings-overview-viewer-light-1280")
    page.goto("/settings/members")
    expect(page.get_by_role("heading", name="This is not open to you")).to_be_visible()
    keep_picture(page, "settings-members-viewer-light-1280")
    page.goto("/settings/account")
    expect(page.get_by_role("heading", name="Member viewer")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "settings-account-viewer-light-1280")
    page.get_by_label("Password now").fill("not the one")
    page.get_by_label("New password").fill("another horse battery")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert").filter(has_text="not the password")).to_be_visible()
    page.get_by_role("button", name="Sign out elsewhere").click()
    page.get_by_role("button", name="Yes, sign out elsewhere").click()
    expect(page.get_by_role("status")).to_be_focused()
    other.goto("/settings/account")
    expect(other.get_by_role("heading", name="Member viewer")).to_have_count(0)


def test_a_key_is_made_shown_once_and_revoked_by_keyboard_alone(workflow_id, tab):
    page = tab("/settings/keys")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Nightly")
    page.keyboard.press("Enter")
    secret = page.get_by_role("region", name="Key Nightly is made")
    expect(secret).to_contain_text("sk_live_")
    expect(secret.get_by_role("heading")).to_be_focused()
    keep_picture(page, "settings-keys-made-light-1280")
    row = page.get_by_role("row", name="Nightly")
    row.get_by_role("button", name="Revoke").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Yes, revoke")).to_be_focused()
    keep_picture(page, "settings-keys-sure-light-1280")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The key is revoked. It is refused from now on.")
    expect(row).to_contain_text("revoked")
    page.reload()
    expect(page.get_by_text("sk_live_", exact=False).filter(has_text="Nightly")).to_have_count(0)
    expect(page.get_by_role("row", name="Nightly")).to_contain_text("revoked")


def test_a_member_is_changed_in_a_dialog_and_the_last_admin_stays(workflow_id, tab):
    page = tab("/settings/members")
    page.get_by_role("link", name="Change Member admin").click()
    dialog = page.get_by_role("dialog", name="Member admin")
    expect(dialog).to_be_visible()
    keep_picture(page, "settings-member-dialog-light-1280")
    require_accessible(page)
    dialog.get_by_label("Role").select_option("viewer")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("The last admin cannot be")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Change Member analyst").click()
    dialog = page.get_by_role("dialog", name="Member analyst")
    dialog.get_by_label("Role").select_option("viewer")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The member is changed.")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("row", name="Member analyst")).to_contain_text("Viewer")


def test_who_is_responsible_for_privacy_looks_and_erases(site, workflow_id, tab):
    workspace = site.house.workspace("us")
    person = str(int(workspace.population.shards[0].person_ids[0]))
    _write(site, person)
    page = tab("/settings/privacy")
    page.get_by_label("Who").fill(person)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="In 1 of 1 exports")).to_be_focused()
    require_accessible(page)
    keep_picture(page, "settings-privacy-told-light-1280")
    page.get_by_role("button", name="Erase this person").click()
    keep_picture(page, "settings-privacy-sure-light-1280")
    page.get_by_role("button", name="Yes, erase for good").click()
    expect(page.get_by_role("heading", name="Erased")).to_be_visible()
    expect(page.get_by_text("Exports revoked: 1.")).to_be_visible()
    expect(page.get_by_role("region", name="Erasures in us").get_by_role("row")).to_have_count(2)
    assert person not in page.url
    page.goto("/settings/audit?action=person.erased")
    assert person not in page.content()
    expect(page.get_by_role("cell", name="Erased a person")).to_be_visible()


def _write(site, person: str) -> None:
    from tools import TOOLS
    from tools.calls import call, tool_named

    sent = {"person_ids": [person], "format": "csv"}
    call(tool_named(TOOLS, "get_person"), site.house.workspace("us"), sent)
