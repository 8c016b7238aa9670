"""What do the pages say? Every text lies in `texts/`, a file a screen, and is asked for by its name."""

import tomllib
from functools import cache
from importlib.resources import files


def text(name: str, /, **blanks: object) -> str:
    """The text `screen.name` with its blanks filled in, as plain text: the template escapes it."""
    screen, _, key = name.partition(".")
    return texts(screen)[key].format(**blanks)


@cache
def texts(screen: str) -> dict[str, str]:
    """All texts of a screen by name."""
    return tomllib.loads(files("api.pages").joinpath("texts", f"{screen}.toml").read_text(encoding="utf-8"))
