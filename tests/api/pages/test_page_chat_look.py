"""scratch"""
import csv, time
from tests.api.pages.seen import keep_picture, require_accessible

def test_look(tab, site, consumers):
    page = tab("/")
    keep_picture(page, "first")
    src = consumers/"people"/"customers"/"golf_homeowners.csv"
    page.get_by_label("Add a file of customers").set_input_files(str(src))
    page.get_by_role("heading", name="golf_homeowners").wait_for()
    keep_picture(page, "look")
    require_accessible(page)
    page.get_by_role("button", name="Analyze these customers", exact=True).click()
    page.get_by_role("button", name="Run it").wait_for()
    keep_picture(page, "held")
    require_accessible(page)
    page.get_by_text("Change the plan", exact=True).click()
    keep_picture(page, "change")
    page.get_by_role("button", name="Run it").click()
    page.get_by_text("is running").wait_for()
    keep_picture(page, "running")
    page.get_by_text("The answer is complete").wait_for(state="attached", timeout=60000)
    keep_picture(page, "done")
    require_accessible(page)
    page.reload()
    page.get_by_text("How this was done").first.wait_for()
    keep_picture(page, "reload")
