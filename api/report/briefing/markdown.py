"""How is a briefing read as Markdown, in a wiki or a repository?"""

from collections.abc import Iterator

from agent.briefing_result import Battlecard, Briefing
from agent.markdown import bullets, headed, paragraphs, plain
from api.report.briefing.forms import Links
from api.report.briefing.told.parts import Call, Drawn, Line, TierTable, Told
from api.report.briefing.told.telling import told
from api.report.briefing.told.words import text

LONGEST = 1_000


def markdown_of(briefing: Briefing, links: Links, locale: str = "en") -> str:
    """The whole briefing with its links and its appendix. Nothing from data has a mark of its own."""
    what = told(briefing, locale)
    return paragraphs(*_parts(what, links)) + "\n"


def _parts(what: Told, links: Links) -> Iterator[str]:
    yield f"# {_said(what.headline)}"
    yield _said(what.about)
    yield headed(f"## {text('changes')}", [_change(each, links) for each in what.changes])
    yield headed(f"## {text('known')}", [_said(each) for each in what.known])
    yield paragraphs(*(_said(each) for each in what.after_changes))
    if what.action:
        impact = f"{text('impact')}: {_said(what.impact)}" if what.impact else ""
        yield paragraphs(f"## {what.action_title}", _said(what.action), impact)
    if what.risk:
        yield paragraphs(f"## {text('risk')}", _said(what.risk))
    for drawn in what.charts:
        yield _chart(drawn)
    yield headed(f"## {text('calls')}", [_call(each) for each in what.calls])
    if what.tiers:
        yield paragraphs(f"## {text('tiers')}", _tiers(what.tiers), _said(what.tiers.key))
    for section in what.sections:
        yield headed(f"## {section.title}", [_said(each) for each in section.lines])
    yield headed(f"## {text('proof')}", [_said(each) for each in what.proof])
    yield _said(what.made_from)
    yield bullets(_links(links))
    yield from _appendix(what)


def _said(line: str) -> str:
    return plain(line, LONGEST)


def _links(links: Links) -> list[str]:
    named = [("open", links.page), ("asked", links.feedback), ("unsubscribe", links.unsubscribe)]
    return [f"[{text(name)}](<{link}>)" for name, link in named if link]


def _change(change: Line, links: Links) -> str:
    see = f" [{text('see')}](<{links.of(change.link)}>)" if change.link else ""
    return f"**{_said(change.sentence)}** {_said(change.evidence)}{see}".rstrip()


def _call(call: Call) -> str:
    lines = [f"**{_said(call.unit)}** ({_said(call.fit)})"]
    lines += [f"  - {_said(each)}" for each in (*call.reasons, call.doubt) if each]
    return "\n".join(lines)


def _chart(drawn: Drawn) -> str:
    columns = ["", text("now"), text("before")][: drawn.columns + 1]
    rows = [[row.label, row.now, row.before][: drawn.columns + 1] for row in drawn.rows]
    return paragraphs(f"## {_said(drawn.title)}", _said(drawn.says), _table(columns, rows))


def _tiers(table: TierTable) -> str:
    rows = []
    for row in table.rows:
        cells = [
            ", ".join(each for each in (_with_interval(cell.now, cell.interval), cell.before) if each)
            + ("*" if cell.moved else "")
            for cell in row.cells
        ]
        rows.append([row.tier, *cells])
    return _table(table.columns, rows)


def _with_interval(now: str, interval: str) -> str:
    return f"{now} ({interval})" if interval else now


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---", *(["---:"] * (len(columns) - 1))]]
    told_ = [[_said(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (*lines, *told_))


def _appendix(what: Told) -> Iterator[str]:
    found = what.appendix
    if found.qualification or found.battlecards:
        yield f"# {text('appendix')}"
    if found.qualification:
        yield paragraphs(f"## {text('qualification')}", _lower(found.qualification))
    for card in found.battlecards:
        yield _card(card)


def _lower(markdown: str) -> str:
    """The Markdown with its headings below those of the briefing."""
    lines = (f"#{line}" if line.startswith("#") else line for line in markdown.strip().splitlines())
    return "\n".join(lines)


def _card(card: Battlecard) -> str:
    beware = headed(f"{text('beware')}:", [_said(each) for each in card.beware])
    say = headed(f"{text('say')}:", [_said(each) for each in card.say])
    return paragraphs(f"## {_said(card.title)}", _said(card.when), say, beware)
