"""Words, with blanks as $name: what a model is asked, what is said without one, and pages to read.

`*.md` are the prompts; `template/*.md` hold the pieces of what is said, each under its heading; `pages/*.md`
are read whole.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

PIECE = re.compile(r"^## (?P<name>\w+)\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Prompt:
    """One text with blanks, and the first 12 hex digits of its sha256."""

    name: str
    text: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fill(self, **blanks: object) -> str:
        """The text with every blank filled. Raises KeyError for one that is not."""
        return Template(self.text).substitute({name: str(value) for name, value in blanks.items()}).strip()


@cache
def prompt(name: str) -> Prompt:
    """The text of this name that a model is asked with."""
    return Prompt(name, _read(f"{name}.md"))


def piece(name: str) -> Prompt:
    """The piece of this name of what is said without a model. Raises KeyError where there is none."""
    return pieces()[name]


@cache
def pieces() -> dict[str, Prompt]:
    """Every piece of the template, by its name."""
    found: dict[str, Prompt] = {}
    for file in sorted(files("prompts").joinpath("template").iterdir(), key=lambda file: file.name):
        for heading in PIECE.finditer(file.read_text(encoding="utf-8")):
            name = heading["name"]
            if name in found:
                raise ValueError(f"prompts/template has two pieces `{name}`")
            found[name] = Prompt(name, heading["text"].strip() + "\n")
    return found


@cache
def page(name: str) -> str:
    """The page of this name, whole."""
    return _read(f"pages/{name}.md")


def _read(path: str) -> str:
    return files("prompts").joinpath(path).read_text(encoding="utf-8")
