"""How is a briefing read in Slack? Blocks within its limits, in which nothing from data is obeyed.

Limits: https://docs.slack.dev/reference/block-kit/blocks (50 blocks; 3,000 characters of a section, 150 of a
header, 75 of a button's text and of an action's id, 3,000 of its address).
"""

import re
from collections.abc import Iterator
from typing import Any

from agent.briefing_result import Briefing
from api.report.briefing.forms import Links, SlackForm
from api.report.briefing.plain_text import WIDE, aligned, chart_cells, tier_lines
from api.report.briefing.told.parts import Call, Drawn, Line, Told
from api.report.briefing.told.telling import told
from api.report.briefing.told.words import cut, text

MOST_BLOCKS, SECTION, HEADER, BUTTON, ADDRESS = 50, 3_000, 150, 75, 3_000
# Slack refuses blocks whose texts are too long together: over 12,000 characters, and sometimes before, as
# reported in slackapi/bolt-js#2509 and #2867.
ALL_BLOCKS = 9_000
FALLBACK = 3_000
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Slack has no escape for its marks: signs that look like them are no marks.
MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
UNDERLINED = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
PIECE = re.compile(r"&(?:amp|lt|gt);|.", re.DOTALL)

Block = dict[str, Any]


def slack_of(briefing: Briefing, links: Links, locale: str = "en") -> SlackForm:
    """The message: blocks, and the text that a notification shows."""
    what = told(briefing, locale)
    ending = _ending(what, links)
    blocks = list(_within(_blocks(what, links), MOST_BLOCKS - len(ending), ALL_BLOCKS - _length(ending)))
    return SlackForm(text=_limited(_fallback(what, links), FALLBACK), blocks=[*blocks, *ending])


def _fallback(what: Told, links: Links) -> str:
    lines = [what.headline, *(each.sentence for each in what.changes), what.action]
    return "\n".join([*(escaped(line) for line in lines if line), links.page])


def _blocks(what: Told, links: Links) -> Iterator[Block]:
    """In the order of weight: what does not fit is cut from the end."""
    yield from _first(what)
    for at, change in enumerate(what.changes, 1):
        yield _section(_change(at, change, links))
    yield from _advice(what)
    if what.after_changes:
        yield _context(what.after_changes)
    yield from _calls(what.calls)
    if what.tiers:
        yield _section(f"*{text('tiers')}*\n{_table(tier_lines(what.tiers))}\n{escaped(what.tiers.key)}")
    for drawn in what.charts:
        yield _section(_chart(drawn))
    for section in what.sections:
        yield _section(_list(section.title, section.lines))
    if what.proof:
        yield _context(what.proof)


def _first(what: Told) -> Iterator[Block]:
    yield {"type": "header", "text": _plain(what.headline, HEADER)}
    yield _context([what.about])
    if len(what.headline) > HEADER:
        yield _section(f"*{escaped(what.headline)}*")


def _advice(what: Told) -> Iterator[Block]:
    if what.known:
        yield _section(_list(text("known"), what.known))
    if what.action:
        impact = f"\n_{text('impact')}:_ {escaped(what.impact)}" if what.impact else ""
        yield _section(f"*{what.action_title}*\n{escaped(what.action)}{impact}")
    if what.risk:
        yield _section(f"*{text('risk')}*\n{escaped(what.risk)}")


def _ending(what: Told, links: Links) -> list[Block]:
    """The links; they are always there."""
    buttons = [_button("open", links.page, style="primary")]
    if links.feedback:
        buttons.append(_button("asked", links.feedback))
    has_appendix = what.appendix.qualification or what.appendix.battlecards
    lines = [text("sales")] if has_appendix else []
    blocks: list[Block] = [_context(lines)] if lines else []
    blocks.append({"type": "actions", "elements": [each for each in buttons if len(each["url"]) <= ADDRESS]})
    if links.unsubscribe:
        blocks.append(_context_of([f"<{_address(links.unsubscribe)}|{text('unsubscribe')}>"]))
    return [block for block in blocks if block.get("elements")]


def _button(name: str, url: str, **more: str) -> Block:
    return {
        "type": "button",
        "action_id": f"briefing_{name}",
        "text": _plain(text(name), BUTTON),
        "url": url,
    } | more


def _change(at: int, change: Line, links: Links) -> str:
    see = f" <{_address(links.of(change.link))}|{text('see')}>" if change.link else ""
    return f"*{at}. {escaped(change.sentence)}*\n{escaped(change.evidence)}{see}".rstrip()


def _calls(calls: list[Call]) -> Iterator[Block]:
    """One section for every four accounts: a section of twelve would be cut."""
    for begin in range(0, len(calls), 4):
        lines = [f"*{text('calls')}*"] if begin == 0 else []
        for at, call in enumerate(calls[begin : begin + 4], begin + 1):
            lines.append(f"{at}. *{escaped(call.unit)}* ({escaped(call.fit)})")
            lines += [f"    • {escaped(each)}" for each in (*call.reasons, call.doubt) if each]
        yield _section("\n".join(lines))


def _chart(drawn: Drawn) -> str:
    table = _table(aligned(chart_cells(drawn, WIDE), WIDE))
    return f"*{escaped(drawn.title)}*\n{escaped(drawn.says)}\n{table}"


def _table(lines: list[str]) -> str:
    return "```\n" + "\n".join(escaped(line) for line in lines) + "\n```"


def _list(title: str, lines: list[str]) -> str:
    return "\n".join([f"*{escaped(title)}*", *(f"• {escaped(line)}" for line in lines)])


def escaped(line: str) -> str:
    """The line as Slack shows it: no mention, link or mark of its own."""
    kept = UNDERLINED.sub("＿", line.translate(MARKS))
    return "".join(ESCAPES.get(sign, sign) for sign in kept)


def _address(link: str) -> str:
    return link.replace("&", "&amp;").replace("|", "%7C")


def _section(told_: str) -> Block:
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": _limited(told_, SECTION), "verbatim": True},
    }


def _context(lines: list[str]) -> Block:
    return _context_of([escaped(" ".join(lines))])


def _context_of(told_: list[str]) -> Block:
    elements = [{"type": "mrkdwn", "text": _limited(each, SECTION), "verbatim": True} for each in told_]
    return {"type": "context", "elements": elements}


def _plain(line: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut(line, most), "emoji": False}


def _limited(line: str, most: int) -> str:
    """The text, cut between two signs, not within an escape or a table that it leaves open."""
    if len(line) <= most:
        return line
    kept, room = "", most - 5
    for piece in PIECE.findall(line):
        if len(kept) + len(piece) > room:
            break
        kept += piece
    return kept.rstrip("`") + "…" + ("\n```" if kept.count("```") % 2 else "")


def _within(blocks: Iterator[Block], most: int, room: int) -> Iterator[Block]:
    """The blocks that there is room for; where not, the rest is left to the page, and it says so."""
    more = _context([text("more")])
    room -= _length([more])
    for at, block in enumerate(blocks):
        room -= _length([block])
        if at >= most - 1 or room < 0:
            yield more
            return
        yield block


def _length(blocks: list[Block]) -> int:
    """How many characters the texts of the blocks have."""
    return sum(
        len(each["text"]["text"] if isinstance(each["text"], dict) else each["text"])
        for block in blocks
        for each in block.get("elements", [block])
    )
