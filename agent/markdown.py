"""How is text that came from data put into Markdown, so that it is shown and never obeyed?"""

import re

from prompts import piece

LONGEST = 1_000  # characters that are filled into a blank
_MARKS = re.compile(r"([\\`*\[\]<>|~])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_SPACES = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # turn or hide what follows
_BEGINS = re.compile(r"^(#+|[-+=]|\d+[.)])(?=\s|$)")


def plain(text: str, most: int = 400) -> str:
    """The text on one line, its Markdown marks without effect, cut where it is very long."""
    line = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if len(line) > most:
        line = f"{line[: most - 1].rstrip()}…"
    line = _MARKS.sub(lambda mark: f"\\{mark[0]}", line)
    return _BEGINS.sub(lambda mark: f"{mark[1][:-1]}\\{mark[1][-1]}", line)


def code(text: str) -> str:
    """The text as code: an id or a name that is copied as it is."""
    return f"`{_SPACES.sub(' ', text).replace('`', '')}`"


def bullets(lines: list[str]) -> str:
    """The lines as a list."""
    return "\n".join(f"- {line}" for line in lines)


def paragraphs(*parts: str) -> str:
    """The parts that there are, as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def headed(heading: str, lines: list[str]) -> str:
    """The lines as a list under a heading; nothing where there are none."""
    return paragraphs(heading, bullets(lines)) if lines else ""


def told(name: str, /, **blanks: object) -> str:
    """The piece of this name with every blank filled in as plain text."""
    return piece(name).fill(**{blank: plain(str(value), most=LONGEST) for blank, value in blanks.items()})
