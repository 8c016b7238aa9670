"""Every route of the pages is in docs/pages.md with what it needs, and nothing else is."""

import re
from pathlib import Path

from tests.api.pages.proof.page_routes import PageRoute, page_routes

GUIDE = Path(__file__).parents[4] / "docs" / "pages.md"
LINE = re.compile(r"^\| `((?:GET|POST) /[^`]*)` \| ([a-z, ]+) \| .+ \|$", re.MULTILINE)
NOBODY = "nobody"


def told_needs(route: PageRoute) -> str:
    return ", ".join(sorted(route.needs)) if route.needs else NOBODY


def line_of(route: PageRoute) -> str:
    """The line that the guide should have, as far as it can be made."""
    return f"| `{route.name}` | {told_needs(route)} | {route.does} |"


def test_the_guide_names_every_route_of_the_pages_and_no_more():
    told = dict(LINE.findall(GUIDE.read_text()))
    known = {route.name: route for route in page_routes()}
    missing = [line_of(route) for name, route in known.items() if name not in told]
    assert not missing, "not in docs/pages.md:\n" + "\n".join(missing)
    assert sorted(set(told) - set(known)) == []


def test_the_guide_says_what_each_needs():
    told = dict(LINE.findall(GUIDE.read_text()))
    wrong = [line_of(r) for r in page_routes() if r.name in told and told[r.name] != told_needs(r)]
    assert not wrong, "\n".join(wrong)
