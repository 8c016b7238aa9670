"""An analysis as a page: read, asked where its figures come from, moved along its curve, printed."""

import pytest
from playwright.sync_api import expect

from tests.api.pages.seen import keep_picture, require_accessible

NO_SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_analysis_is_read_without_breaking_a_rule_on_a_desk_and_on_a_phone(look, answered, scheme, width):
    page = look(f"/analyses/{answered.analysis.analysis_id}", scheme=scheme, width=width)
    expect(page.get_by_role("heading", level=1)).to_have_text(answered.analysis.headline)
    expect(page.get_by_role("heading", name=answered.analysis.segments[0].name)).to_be_visible()
    require_accessible(page)
    assert page.evaluate(NO_SIDEWAYS)
    keep_picture(page, f"analyses-one-{scheme}-{width}")
