"""Everything that a user can name is in the reference, and nothing else is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import CATALOGUE
from api.app import application
from api.cli import app
from api.settings import Settings

REFERENCE = Path(__file__).parents[2] / "docs" / "reference.md"


def commands() -> set[str]:
    from typer.main import get_command

    return {f"fieldmark {name}" for name, _ in each_command(get_command(app))}


def each_command(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it; a group is no command."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from each_command(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def settings() -> set[str]:
    return {f"FIELDMARK_{name.upper()}" for name in Settings.model_fields}


def tools() -> set[str]:
    return {tool.name for tool in CATALOGUE}


def routes(home: Path) -> set[str]:
    paths = application(Settings(home=home)).openapi()["paths"]
    return {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if not path.startswith("/v1/tools/")
    } | {"POST /v1/tools/{name}"}


def documented(heading: str) -> set[str]:
    """What stands in code in the first column of the table under a heading."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", REFERENCE.read_text(), re.MULTILINE | re.DOTALL)
    assert section, f"docs/reference.md has no section `{heading}`"
    return set(re.findall(r"^\| `([^`]+)`", section[1], re.MULTILINE))


@pytest.mark.parametrize("heading", ["Commands", "Settings", "Routes", "Tools"])
def test_the_reference_names_all_there_is_and_no_more(heading: str, tmp_path: Path) -> None:
    there = {"Commands": commands, "Settings": settings, "Tools": tools, "Routes": lambda: routes(tmp_path)}
    known, told = there[heading](), documented(heading)
    assert not known - told, f"not in docs/reference.md: {sorted(known - told)}"
    assert not told - known, f"only in docs/reference.md: {sorted(told - known)}"


def test_each_option_of_a_command_is_in_its_help() -> None:
    from typer.main import get_command

    for name, command in each_command(get_command(app)):
        assert command.help, name
        unexplained = [p.name for p in command.params if not getattr(p, "help", None)]
        assert not unexplained, f"{name}: {unexplained}"
