"""How is a briefing read as plain text, 72 characters wide?"""

import textwrap
from collections.abc import Iterator

from api.report.briefing.forms import Links
from api.report.briefing.told.parts import Cell, Drawn, Section, TierTable, Told
from api.report.briefing.told.words import cut, text

WIDE = 72
SHORTEST_LABEL = 16


def plain_text(told: Told, links: Links) -> str:
    """The whole briefing, wrapped; addresses are never broken."""
    parts = ["\n".join(part) for part in _parts(told, links)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(told: Told, links: Links) -> Iterator[list[str]]:
    yield [*_wrapped(told.about), "", *_wrapped(told.headline), "=" * min(WIDE, len(told.headline))]
    yield _changes(told, links)
    yield _titled(text("known"), _bullets(told.known))
    yield _wrapped(" ".join(told.after_changes))
    yield _action(told)
    yield _titled(text("risk"), _wrapped(told.risk))
    for drawn in told.charts:
        yield _titled(drawn.title, [*_wrapped(drawn.says), "", *_chart(drawn)])
    yield _calls(told)
    if told.tiers:
        yield _titled(text("tiers"), [*tier_lines(told.tiers), *_wrapped(told.tiers.key)])
    for section in told.sections:
        yield _section(section)
    yield _titled(text("proof"), _wrapped(" ".join(told.proof)))
    yield _ending(told, links)


def _ending(told: Told, links: Links) -> list[str]:
    has_appendix = told.appendix.qualification or told.appendix.battlecards
    lines = ["-" * WIDE, *(_wrapped(text("sales")) if has_appendix else [])]
    lines += [f"{text('open')}:", links.page]
    if links.feedback:
        lines += [f"{text('asked')}:", links.feedback]
    lines += ["", *_wrapped(text("why_you", warehouse=told.warehouse))]
    if links.unsubscribe:
        lines += [f"{text('unsubscribe')}:", links.unsubscribe]
    return lines


def _changes(told: Told, links: Links) -> list[str]:
    lines: list[str] = []
    for at, change in enumerate(told.changes, 1):
        lines += [""] if lines else []
        lines += _wrapped(change.sentence, f"{at}. ", "   ")
        lines += _wrapped(change.evidence, "   ", "   ")
        lines += [f"   {links.of(change.link)}"] if change.link else []
    return _titled(text("changes"), lines)


def _action(told: Told) -> list[str]:
    impact = f"{text('impact')}: {told.impact}" if told.impact else ""
    return _titled(told.action_title, [*_wrapped(told.action), *_wrapped(impact)])


def _calls(told: Told) -> list[str]:
    lines: list[str] = []
    for at, call in enumerate(told.calls, 1):
        first = text("call", unit=call.unit, tier=call.tier, score=call.score)
        lines += _wrapped(first, f"{at:>2}. ", "    ")
        for each in (*call.reasons, call.doubt):
            lines += _wrapped(each, "    - ", "      ")
    return _titled(text("calls"), lines)


def _section(section: Section) -> list[str]:
    return _titled(section.title, _bullets(section.lines))


def _titled(title: str, lines: list[str]) -> list[str]:
    return [title.upper(), *lines] if lines else []


def _bullets(lines: list[str]) -> list[str]:
    return [line for each in lines for line in _wrapped(each, "- ", "  ")]


def _wrapped(line: str, first: str = "", others: str = "") -> list[str]:
    return textwrap.wrap(
        line,
        WIDE,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _chart(drawn: Drawn) -> list[str]:
    """The rows of a chart as an aligned table."""
    return aligned(chart_cells(drawn, WIDE), WIDE)


def chart_cells(drawn: Drawn, wide: int) -> list[list[str]]:
    """A heading and the rows: label, now and, where any is known, before; within so many characters."""
    columns = [[text("now"), *(row.now for row in drawn.rows)]]
    if drawn.columns > 1:
        columns.append([text("before"), *(row.before for row in drawn.rows)])
    room = wide - sum(2 + max(map(len, column)) for column in columns)
    labels = ["", *(cut(row.label, max(SHORTEST_LABEL, room)) for row in drawn.rows)]
    return [list(row) for row in zip(labels, *columns, strict=True)]


def tier_lines(table: TierTable) -> list[str]:
    """The tiers as aligned text: their figures and, in lines below, their intervals and those before."""
    cells = [table.columns]
    for row in table.rows:
        cells.append([row.tier, *(cell.now + ("*" if cell.moved else "") for cell in row.cells)])
        for below in (_intervals(row.cells), [cell.before for cell in row.cells]):
            if any(below):
                cells.append(["", *below])
    return aligned(cells, WIDE)


def _intervals(cells: list[Cell]) -> list[str]:
    return [f"({cell.interval})" if cell.interval else "" for cell in cells]


def aligned(cells: list[list[str]], wide: int) -> list[str]:
    """Rows of cells in columns: the first to the left, figures to the right."""
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= wide else " "
    return [
        gap.join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
