"""Words: what a model is asked (`*.md`), and what is said without one (`template/*.md`), blanks as $name."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template


@dataclass(frozen=True)
class Prompt:
    """One text with blanks, and the first 12 hex digits of its sha256."""

    name: str
    text: str
    version: str

    def fill(self, **blanks: object) -> str:
        """The text with every blank filled. Raises KeyError for one that is not."""
        return Template(self.text).substitute({name: str(value) for name, value in blanks.items()}).strip()


@cache
def prompt(name: str) -> Prompt:
    """The text of this name that a model is asked with."""
    return _read(f"{name}.md")


@cache
def piece(name: str) -> Prompt:
    """The piece of the template of this name."""
    return _read(f"template/{name}.md")


def _read(path: str) -> Prompt:
    content = files("prompts").joinpath(path).read_bytes()
    return Prompt(path.removesuffix(".md"), content.decode(), hashlib.sha256(content).hexdigest()[:12])
