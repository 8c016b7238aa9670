"""Profiles at a browser: made, read, edited, compared, and a list scored, looked through and taken along."""

import pytest
from playwright.sync_api import expect

from tests.api.pages.profiles.profiles_made import WORKBOOK, do_jobs, leads_csv, make_profile, workbook
from tests.api.pages.seen import Site, keep_picture, require_accessible

ROWS = 1_200
WIDE = """[...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 8).map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def stocked(site: Site) -> tuple[Site, str]:
    """The house with a profile."""
    return site, make_profile(site.house.workspace("us"))


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_profile_is_written_by_hand_edited_compared_and_deleted(stocked, tab):
    page = tab("/profiles/new")
    form = page.locator("form[action='/profiles']")
    form.get_by_label("Name", exact=True).fill("Retail in France")
    form.get_by_label("Industries 1").fill("Retail")
    form.get_by_role("group", name="Industries").get_by_role("button", name="Add a line").click()
    expect(form.get_by_label("Industries 2")).to_be_focused()
    page.keyboard.type("Grocery")
    form.get_by_label("Places 1").fill("France")
    form.get_by_label("At least").fill("100")
    form.get_by_role("button", name="Create the profile").first.click()
    expect(page.get_by_role("heading", name="Retail in France")).to_be_visible()
    expect(page.get_by_text("100 and more")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Remove line 2 of Industries").click()
    expect(page.get_by_label("Industries 2")).to_have_count(0)
    page.get_by_label("Roles 1").fill("CEO")
    page.keyboard.press("Enter")
    expect(page.get_by_text("revision 2")).to_be_visible()
    page.get_by_role("link", name="History").click()
    require_accessible(page)
    keep_picture(page, "profiles-history")
    page.get_by_role("button", name="Side by side").click()
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.locator(".part.removed")).to_have_text("−removed Grocery")
    require_accessible(page)
    keep_picture(page, "profiles-compare")
    page.get_by_role("button", name="Restore revision 1").click()
    expect(page.get_by_text("revision 3")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_role("heading", name="Profiles")).to_be_visible()
    expect(page.get_by_role("link", name="Retail in France")).to_have_count(0)


def test_a_stale_edit_shows_both_and_loses_neither(stocked, tab):
    _, profile_id = stocked
    mine = tab(f"/profiles/{profile_id}/edit")
    theirs = tab(f"/profiles/{profile_id}/edit")
    theirs.get_by_label("Roles 1").fill("VP Marketing")
    theirs.get_by_role("button", name="Save").first.click()
    expect(theirs.get_by_text("revision 2")).to_be_visible()
    mine.get_by_label("Places 1").fill("France")
    mine.get_by_role("button", name="Save").first.click()
    expect(mine.get_by_role("heading", name="Somebody saved this profile")).to_be_visible()
    expect(mine.get_by_text("VP Marketing")).to_be_visible()
    require_accessible(mine)
    keep_picture(mine, "profiles-conflict")
    mine.get_by_role("button", name="Save my changes too").click()
    expect(mine.get_by_text("VP Marketing")).to_be_visible()
    expect(mine.locator(".chip", has_text="France")).to_be_visible()


def test_a_list_is_scored_followed_filtered_sorted_explained_and_taken_along(stocked, tab):
    site, _ = stocked
    profile_id = make_profile(site.house.workspace("us"), name="Software, DACH")
    page = tab(f"/profiles/lists?profile={profile_id}")
    page.get_by_role("button", name="Score the list").click()
    expect(page.get_by_text("No list is chosen yet")).to_be_visible()
    page.get_by_label("A list of leads").set_input_files(
        {"name": "leads.xlsx", "mimeType": WORKBOOK, "buffer": workbook(leads_csv(3), leads_csv(ROWS))}
    )
    looked = page.get_by_role("region", name="leads.xlsx")
    expect(looked).to_be_focused()
    expect(page.get_by_text("No list is chosen yet")).to_have_count(0)
    expect(looked.get_by_text("3 rows")).to_be_visible()
    page.get_by_label("Sheet").select_option("Second")
    expect(looked.get_by_text("1,200 rows")).to_be_visible()
    looked.get_by_text("The first rows, masked").click()
    require_accessible(page)
    keep_picture(page, "profiles-list-looked")
    page.get_by_role("button", name="Score the list").click()
    expect(page.get_by_role("heading", name="The list is being scored")).to_be_visible()
    expect(page.get_by_role("heading", name="leads.xlsx (Second)", level=1)).to_be_visible()
    keep_picture(page, "profiles-list-running")
    page.reload()
    do_jobs(site.house)
    # The first chart of a process waits for its library.
    expect(page.get_by_text("1,200 rows.").first).to_be_visible(timeout=20_000)
    require_accessible(page)
    keep_picture(page, "profiles-list-light-1280")
    page.get_by_label("Tier", exact=True).select_option("A")
    expect(page.get_by_role("status").filter(has_text="of 1,200 rows")).to_be_visible()
    page.get_by_label("Words among the reasons").fill("walk")
    expect(page.get_by_text("No row passes.")).to_be_visible()
    page.get_by_label("Words among the reasons").fill("")
    page.get_by_role("link", name="Lead", exact=True).press("Enter")
    expect(page.get_by_role("columnheader", name="Lead")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("link", name="Lead", exact=True)).to_be_focused()
    page.reload()
    expect(page.get_by_role("columnheader", name="Lead")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_label("Tier", exact=True)).to_have_value("A")
    page.locator("tbody th a").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The points add up to the score.")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "profiles-row")
    page.keyboard.press("Escape")
    with page.expect_download() as kept:
        page.get_by_role("button", name="All rows as a CSV").click()
        page.get_by_role("link", name="Download 1,200 rows").click()
    assert len(kept.value.path().read_text().splitlines()) == ROWS + 1


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_every_page_of_profiles_fits_and_breaks_no_rule(stocked, tab, scheme, width):
    site, profile_id = stocked
    lists = site.house.home / "scored_lists"
    paths = ["/profiles", "/profiles/new", f"/profiles/{profile_id}", f"/profiles/{profile_id}/edit"]
    paths += ["/profiles/lists", "/profiles/lead"]
    paths += [f"/profiles/lists/{each.name}" for each in lists.glob("list_*")][:1]
    page = tab(paths[0], scheme=scheme, width=width)
    for path in paths:
        page.goto(path)
        require_accessible(page)
        assert fits(page), (path, page.evaluate(WIDE))
        name = "list" if "list_" in path else path.strip("/").replace("/", "-").replace(profile_id, "one")
        keep_picture(page, f"{name}-{scheme}-{width}")


def test_one_lead_is_scored_by_the_keyboard_alone(stocked, tab):
    _, profile_id = stocked
    page = tab(f"/profiles/lead?profile={profile_id}")
    page.get_by_label("Industry").focus()
    page.keyboard.type("SaaS")
    page.keyboard.press("Tab")
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The score and its reasons")).to_be_visible()
    expect(page.get_by_text("Software or Fintech is looked for")).to_be_visible()
    require_accessible(page)
    keep_picture(page, "profiles-lead-scored")
