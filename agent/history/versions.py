"""Which code, libraries, prompts and pieces of text are these?"""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from agent.narration.asking import versions

DIGITS = 12  # as of a prompt
CODE = ("agent", "prompts", "store", "tools")  # what a result depends on; the doors change nothing
LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "duckdb", "pyarrow", "pyroaring")


@cache
def code_digest() -> str:
    """The beginning of the SHA-256 of every source file that a result may depend on."""
    hashed = hashlib.sha256()
    for package in CODE:
        for name, source in sorted(_sources(files(package), package)):
            hashed.update(f"{name}\n".encode())
            hashed.update(hashlib.sha256(source.read_bytes()).digest())
    return hashed.hexdigest()[:DIGITS]


def _sources(folder: Traversable, named: str) -> list[tuple[str, Traversable]]:
    found = []
    for each in folder.iterdir():
        if each.is_dir() and not each.name.startswith(("_", ".")):
            found += _sources(each, f"{named}/{each.name}")
        elif each.name.endswith((".py", ".md", ".toml", ".json", ".txt")):
            found.append((f"{named}/{each.name}", each))
    return found


@cache
def library_versions() -> dict[str, str]:
    """The versions of Python and of the libraries that compute, by name."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def text_versions() -> dict[str, str]:
    """The versions of the prompts, and of the files of pieces as `template/briefing`."""
    found = dict(versions())
    for file in sorted(files("prompts").joinpath("template").iterdir(), key=lambda file: file.name):
        key = f"template/{file.name.removesuffix('.md')}"
        found[key] = hashlib.sha256(file.read_bytes()).hexdigest()[:DIGITS]
    return found
