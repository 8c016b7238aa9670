"""A kept audience is looked at, exported after a yes, and its file taken back."""

import re

from playwright.sync_api import expect

from tests.api.pages.seen import keep_picture, require_accessible


def test_a_file_is_written_after_a_yes_fetched_listed_and_taken_back(tab, site, golfers):
    page = tab(f"/audiences/{golfers}")
    page.get_by_role("link", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export this audience")
    expect(dialog.get_by_role("heading", name="What to know before")).to_be_visible()
    dialog.get_by_label("Salesforce leads").check()
    expect(dialog.get_by_text(re.compile("no company"))).to_be_visible()
    dialog.get_by_label("Meta customer list").check()
    expect(dialog.get_by_text("Columns: email")).to_be_visible()
    keep_picture(page, "audiences-export-light-1280")
    require_accessible(page)
    dialog.get_by_role("button", name="Write the file").click()
    assert dialog.get_by_text("The file is written").count() == 0
    dialog.get_by_label(re.compile("Yes, write the file")).check()
    dialog.get_by_role("button", name="Write the file").click()
    expect(dialog.get_by_role("heading", name="The file is written")).to_be_focused()
    with page.expect_download() as fetched:
        dialog.get_by_role("link", name=re.compile("Download")).click()
    header = fetched.value.path().read_text().splitlines()[0]
    assert header.startswith("email,")
    dialog.get_by_role("button", name="Close").click()
    files = page.get_by_role("region", name="Files")
    expect(files.get_by_role("row", name=re.compile("Meta customer list"))).to_be_visible()
    files.get_by_role("button", name="Take back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(files.get_by_text("taken back")).to_be_visible()
    audits = [entry.action for entry in _audit(site)]
    assert {"export.written", "export.revoked"} <= set(audits)


def _audit(site):
    from sqlmodel import select

    from store.records.access.audit import AuditEntry

    with site.house.database.session() as session:
        return list(session.exec(select(AuditEntry)))
