"""What was written, in a plain form, and what of it has not been understood yet?"""

import re
import unicodedata

from agent.planner.reading.spelling import respelled

_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | {"–": "-", "—": " - ", "‐": "-", "‑": "-", "−": "-", "…": " ", "•": " ", "→": " "}
)
FIRST_MARK = 0xE000  # of the private use area: what stands for something that was put aside
MOST_MARKS = 0x1000
MARK = "[\ue000-\uefff]"
_SPACES = re.compile(r"\s+")
# Names keep their letters: what is quoted, and what has digits or signs in it.
_NOT_SPELLED = re.compile(
    r"\"[^\"]{1,200}\"|(?<!\w)'[^']{1,120}'(?!\w)|[\w.-]{0,64}[\d_@#.][\w.-]{0,64}", re.ASCII
)


def tidied(message: str) -> str:
    """The message in one line, with plain quotes and dashes, without signs and pictures."""
    text = unicodedata.normalize("NFKC", message).translate(_PLAIN)
    kept = (char if _is_kept(char) else " " for char in text)
    return _SPACES.sub(" ", "".join(kept)).strip()


def _is_kept(char: str) -> bool:
    return char in "$€£+<>=&|~^%°" or unicodedata.category(char)[0] in "LNPZM"


class Marked:
    """A text in which some spans stand aside as marks, so that nothing else reads their characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.aside: list[str] = []

    def put_aside(self, start: int, end: int) -> str:
        """Put a mark in the place of this span; gives the mark."""
        mark = chr(FIRST_MARK + len(self.aside))
        self.aside.append(self.text[start:end])
        self.text = f"{self.text[:start]}{mark}{self.text[end:]}"
        return mark

    @property
    def is_full(self) -> bool:
        return len(self.aside) >= MOST_MARKS

    def restored(self, text: str) -> str:
        """A text with what its marks stand for."""
        return "".join(self._original(char) for char in text)

    def _original(self, char: str) -> str:
        number = ord(char) - FIRST_MARK
        return self.aside[number] if 0 <= number < len(self.aside) else char


def spelled(text: str) -> str:
    """The text with abbreviations written out and slips of the pen put right; names as they are."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return "\uf000"

    shown = respelled(_NOT_SPELLED.sub(keep, text.replace("\uf000", "")))
    names = iter(kept)
    return _SPACES.sub(" ", "".join(next(names) if char == "\uf000" else char for char in shown))


class Sentence:
    """A message whose words are taken out as they are understood.

    `said` is the whole and `left` what nobody took yet; a place in one is the same place in the other.
    """

    def __init__(self, text: str) -> None:
        self.said = self.left = text

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern is somewhere in what is left."""
        return pattern.search(self.left) is not None

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match of what is left, which is then taken out."""
        found = pattern.search(self.left)
        if found:
            self.blank(*found.span())
        return found

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match of what is left, all of which are then taken out."""
        found = list(pattern.finditer(self.left))
        for match in found:
            self.blank(*match.span())
        return found

    def blank(self, start: int, end: int) -> None:
        """Take these places out."""
        self.left = f"{self.left[:start]}{' ' * (end - start)}{self.left[end:]}"
