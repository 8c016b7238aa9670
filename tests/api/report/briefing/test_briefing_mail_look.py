"""A briefing's mail as a browser shows it: wide and narrow, light and dark."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from agent.briefing_result import Briefing
from api.report.briefing import mail_of
from benchmarks.briefing_pictures import LINKS, whole
from benchmarks.planted_briefings import changed_briefing, first_briefing, unchanged_briefing
from tests.api.report.briefing.briefing_facts import huge_briefing

CHROMIUM = shutil.which("chromium")
BRIEFINGS = {
    "changes": changed_briefing(),
    "first": first_briefing(),
    "unchanged": unchanged_briefing(),
    "huge": huge_briefing("x"),
}
# A mail is no page: it has no landmarks, and its title is the subject.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the test is skipped, and fails in CI."""
    if CHROMIUM is None:
        told = "Chromium is not installed: .ci/install-chromium does it as root"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.parametrize("kind", BRIEFINGS)
@pytest.mark.parametrize("width", [600, 360])
def test_a_mail_can_be_read_in_light_and_dark_and_is_never_too_wide(
    browser: Browser, kind: str, width: int
) -> None:
    briefing: Briefing = BRIEFINGS[kind]
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    page.set_content(whole(mail_of(briefing, LINKS)))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options={"runOnly": RULES})
        broken = [
            f"{rule['id']}: {[node['html'][:120] for node in rule['nodes'][:3]]}"
            for rule in found.response["violations"]
        ]
        assert broken == []
    context.close()
