"""What does a briefing look like? Takes docs/briefing/: the mail, its plain text, and the pages of the PDF.

`python -m benchmarks.briefing_pictures --out docs/briefing` tells a briefing of generated deals, writes the
mail as HTML and as text, Markdown and the PDF, and takes pictures of the mail at 600 px and on a phone, light
and dark, and of each page. `--briefing FILE` takes the JSON of another.
"""

import argparse
import base64
from pathlib import Path

from playwright.sync_api import Browser

from agent.briefing_result import Briefing
from api.report.briefing import Links, MailForm, mail_of, markdown_of, pdf_of, pdf_pages
from benchmarks.demo_house import chromium
from benchmarks.planted_briefings import changed_briefing, first_briefing, unchanged_briefing

WIDTHS = (600, 390)
SCHEMES = ("light", "dark")
LINKS = Links(
    page="https://fieldmark.example/briefings/1",
    unsubscribe="https://fieldmark.example/unsubscribe/1",
    feedback="https://fieldmark.example/feedback/1",
)


def main() -> None:
    """Write the files that the arguments ask for."""
    given = _arguments()
    given.out.mkdir(parents=True, exist_ok=True)
    briefings = {
        "changes": changed_briefing(),
        "first": first_briefing(),
        "unchanged": unchanged_briefing(),
    }
    if given.briefing:
        briefings = {given.briefing.stem: Briefing.model_validate_json(given.briefing.read_bytes())}
    with chromium() as browser:
        for name, briefing in briefings.items():
            _written(briefing, given.out, name)
            _pictures(browser, mail_of(briefing, LINKS), given.out, name)
    size = sum(path.stat().st_size for path in given.out.iterdir())
    print(f"{len(list(given.out.iterdir()))} files, {size / 1e6:.1f} MB, in {given.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.briefing_pictures", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/briefing"))
    parser.add_argument("--briefing", type=Path, help="the JSON of a briefing; generated ones when left out")
    return parser.parse_args()


def _written(briefing: Briefing, out: Path, name: str) -> None:
    mail = mail_of(briefing, LINKS)
    (out / f"{name}.html").write_text(whole(mail), encoding="utf-8")
    (out / f"{name}.txt").write_text(mail.text, encoding="utf-8")
    (out / f"{name}.md").write_text(markdown_of(briefing, LINKS), encoding="utf-8")
    (out / f"{name}.pdf").write_bytes(pdf_of(briefing))
    for at, page in enumerate(pdf_pages(briefing, ppi=72), 1):
        (out / f"{name}-page-{at}.png").write_bytes(page)


def whole(mail: MailForm) -> str:
    """The HTML with its pictures inside, as a client shows it."""
    html = mail.html
    for image in mail.images:
        inside = base64.b64encode(image.content).decode()
        html = html.replace(f"cid:{image.cid}", f"data:image/png;base64,{inside}")
    return html


def _pictures(browser: Browser, mail: MailForm, out: Path, name: str) -> None:
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        page = context.new_page()
        page.set_content(whole(mail))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=out / f"{name}-{width}-{scheme}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    main()
