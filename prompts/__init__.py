"""The words the narrator may use: one Markdown file a piece, blanks as $name, a version by its content."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template


@dataclass(frozen=True)
class Prompt:
    """One piece of text with blanks, and the first 12 hex digits of its sha256."""

    name: str
    text: str
    version: str

    def fill(self, **blanks: object) -> str:
        """The text with every blank filled. Raises KeyError for one that is not."""
        return Template(self.text).substitute({name: str(value) for name, value in blanks.items()}).strip()


@cache
def prompt(name: str) -> Prompt:
    """The piece of this name."""
    content = files("prompts").joinpath(f"{name}.md").read_bytes()
    return Prompt(name, content.decode(), hashlib.sha256(content).hexdigest()[:12])
