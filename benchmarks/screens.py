"""What do the screens look like? Takes docs/screens/: every screen, wide and narrow, light and dark.

`python -m benchmarks.screens --out docs/screens` makes a house with the examples, serves it, walks through it
with Chromium, and writes one picture for each scene and an index of them. `--home` takes a house that has
the examples already; `--only chat` takes the scenes whose name begins so.
"""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, TimeoutError, expect

from benchmarks.demo_house import Demo, chromium, demo_houses

WIDTHS = {1280: 820, 390: 780}  # of a viewport, and its height
SCALES = {1280: 0.6, 390: 0.8}  # pictures are small: they are looked at side by side
SCHEMES = ("light", "dark")
MOST_BYTES = 6_000_000
PATIENCE_MS = 90_000
QUESTION = "What do people who subscribed to a term deposit have in common?"
COUNT = "How many people follow golf and own their home?"
CHANGED = "What changed since the analysis before?"


class Scene(NamedTuple):
    """One state of one screen."""

    name: str
    told: str
    path: str
    go_on: Callable[[Page, Demo], None] | None = None
    is_empty: bool = False  # in the house in which nothing was ever loaded


def _ask(question: str) -> Callable[[Page, Demo], None]:
    def ask(page: Page, demo: Demo) -> None:
        page.get_by_role("textbox").first.fill(question)
        page.keyboard.press("Enter")

    return ask


def _running(page: Page, demo: Demo) -> None:
    _ask(QUESTION)(page, demo)
    expect(page.locator("#turns .steps li").first).to_be_visible(timeout=PATIENCE_MS)


def _answered(question: str) -> Callable[[Page, Demo], None]:
    def answered(page: Page, demo: Demo) -> None:
        _ask(question)(page, demo)
        _until_still(page)

    return answered


def _dropped(page: Page, demo: Demo) -> None:
    page.locator("input[type=file]").first.set_input_files(demo.best_customers)
    expect(page.locator("#look table").first).to_be_visible()


def _planned(page: Page, demo: Demo) -> None:
    _dropped(page, demo)
    page.get_by_role("button", name="Analyze these customers", exact=True).click()
    expect(page.get_by_role("button", name="Run it")).to_be_visible(timeout=PATIENCE_MS)


def _segments(page: Page, demo: Demo) -> None:
    _planned(page, demo)
    page.get_by_role("button", name="Run it").click()
    card = page.locator(".of-step h2, .of-step h3").first
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    _until_still(page)
    card.evaluate("heading => heading.scrollIntoView({ block: 'start' })")
    page.mouse.wheel(0, -90)  # below what stays at the top


def _built(page: Page, demo: Demo) -> None:
    _first(r"/audiences/audience_.*")(page, demo)
    _first(r"/audiences/new\?.*")(page, demo)


def _refused(page: Page, demo: Demo) -> None:
    page.locator("input[type=file]").first.set_input_files(demo.best_customers)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".problem").first).to_be_visible()


def _first(link: str) -> Callable[[Page, Demo], None]:
    """Follow the first link of the page whose address is of this form."""

    def follow(page: Page, demo: Demo) -> None:
        found = page.locator("main a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        page.goto(next(address for address in found if re.fullmatch(link, address or "")))

    return follow


def _until_still(page: Page) -> None:
    """Wait until no stream is followed and nothing is asked for."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("#turns [data-follow], [aria-busy=true]")).to_have_count(0, timeout=PATIENCE_MS)


UUID = r"[0-9a-z_]*[0-9a-f-]{36}"
SCENES = (
    Scene("chat-empty", "Ask, before anything is loaded", "/", is_empty=True),
    Scene("chat-new", "Ask, on the first visit", "/?warehouse=americans-generated"),
    Scene("chat-file", "Ask, a file dropped", "/?warehouse=americans-generated", _dropped),
    Scene("chat-running", "Ask, while it works", "/?warehouse=bank", _running),
    Scene("chat-done", "Ask, answered", "/?warehouse=bank", _answered(QUESTION)),
    Scene("chat-count", "Ask, a number answered", "/?warehouse=americans-generated", _answered(COUNT)),
    Scene("chat-plan", "Ask, the plan before anything runs", "/?warehouse=americans-generated", _planned),
    Scene("chat-segments", "Ask, the segments of an answer", "/?warehouse=americans-generated", _segments),
    Scene("chat-refused", "Ask, refused", "/?warehouse=americans-generated", _answered(CHANGED)),
    Scene("analyses", "Analyses", "/analyses?warehouse=bank"),
    Scene("analysis", "One analysis", "/analyses?warehouse=bank", _first(rf"/analyses/{UUID}.*")),
    Scene("profiles-empty", "Profiles, none yet", "/profiles", is_empty=True),
    Scene("profiles", "Profiles", "/profiles"),
    Scene("profile", "One profile", "/profiles", _first(rf"/profiles/{UUID}")),
    Scene("audiences-empty", "Audiences, none yet", "/audiences", is_empty=True),
    Scene("audiences", "Audiences", "/audiences?warehouse=americans-generated"),
    Scene("audience-new", "Audiences, the builder", "/audiences/new?warehouse=americans-generated"),
    Scene("audience-built", "Audiences, one built", "/audiences?warehouse=americans-generated", _built),
    Scene("outcomes-empty", "Outcomes, none yet", "/outcomes", is_empty=True),
    Scene("outcomes-refused", "Outcomes, a file refused", "/outcomes/load?warehouse=bank", _refused),
    Scene("outcomes", "Outcomes", "/outcomes?warehouse=bank"),
    Scene("briefings-empty", "Briefings, none yet", "/briefings", is_empty=True),
    Scene("briefings", "Briefings", "/briefings?warehouse=americans-generated"),
    Scene(
        "briefing", "One briefing", "/briefings?warehouse=americans-generated", _first(rf"/briefings/{UUID}")
    ),
    Scene("briefings-log", "Briefings, the delivery log", "/briefings/deliveries"),
    Scene("briefings-recipients", "Briefings, who gets them", "/briefings/recipients"),
    Scene("settings", "Settings", "/settings"),
    Scene("settings-warehouses", "Settings, warehouses", "/settings/warehouses"),
    Scene("settings-keys", "Settings, keys", "/settings/keys"),
    Scene("settings-privacy", "Settings, privacy", "/settings/privacy"),
    Scene("problem", "Nothing there", "/nowhere"),
    Scene("sign-in", "Sign in", "/sign-in"),
)


def main() -> None:
    """Take the pictures that the arguments ask for."""
    given = _arguments()
    scenes = [scene for scene in SCENES if scene.name.startswith(given.only)]
    given.out.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    with demo_houses(given.home) as demo, chromium() as browser:
        for scene in scenes:
            failed += _taken(browser, demo, scene, given.out)
    (given.out / "README.md").write_text(index(given.out), encoding="utf-8")
    size = sum(picture.stat().st_size for picture in given.out.glob("*.png"))
    print(f"{len(list(given.out.glob('*.png')))} pictures, {size / 1e6:.1f} MB, in {given.out}")
    for each in failed:
        print(f"not taken: {each}", file=sys.stderr)
    if failed or size > MOST_BYTES:
        raise SystemExit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/screens"))
    parser.add_argument("--home", type=Path, help="a house with the examples; one is made when left out")
    parser.add_argument("--only", default="", help="scenes whose name begins so")
    return parser.parse_args()


def _taken(browser: Browser, demo: Demo, scene: Scene, out: Path) -> list[str]:
    """Take one scene in each width and scheme; the names of those that did not come about, and why."""
    failed = []
    for width, height in WIDTHS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=SCALES[width],
            reduced_motion="reduce",
            base_url=demo.empty_url if scene.is_empty else demo.url,
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE_MS)
        path, _, warehouse = scene.path.partition("?warehouse=")
        if warehouse:  # as somebody chose it in the list at the top
            url = demo.url
            context.add_cookies([{"name": "fieldmark_warehouse", "value": warehouse, "url": url}])
        page = context.new_page()
        try:
            _shown(page, demo, scene, path)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                picture = out / f"{scene.name}-{width}-{scheme}.png"
                page.screenshot(path=picture, animations="disabled")
        except (AssertionError, TimeoutError, StopIteration) as problem:
            failed.append(f"{scene.name}-{width}: {type(problem).__name__} {str(problem)[:200]}")
        context.close()
    return failed


def _shown(page: Page, demo: Demo, scene: Scene, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None, "no answer"
    assert answer.status == (404 if scene.name == "problem" else 200), f"status {answer.status}"
    if scene.go_on:
        scene.go_on(page, demo)
    if scene.name != "chat-running":
        _until_still(page)


def index(out: Path) -> str:
    """The index of the pictures that are there: a table with a line for each scene."""
    lines = [
        "# Screens",
        "",
        "Taken by `python -m benchmarks.screens` from the examples that a new house makes.",
        "",
        "| screen | 1280, light | 1280, dark | 390, light | 390, dark |",
        "| --- | --- | --- | --- | --- |",
    ]
    for scene in SCENES:
        names = [f"{scene.name}-{width}-{scheme}.png" for width in WIDTHS for scheme in SCHEMES]
        if any((out / name).exists() for name in names):
            cells = [_cell(scene, name) if (out / name).exists() else "–" for name in names]
            lines.append(f"| {scene.told} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(scene: Scene, name: str) -> str:
    wide = 260 if "-1280-" in name else 120
    return f'<a href="{name}"><img src="{name}" width="{wide}" alt="{scene.told}"></a>'


if __name__ == "__main__":
    main()
