"""Every text has a version, is used, and lets no blank stay empty."""

import hashlib
import re
from pathlib import Path

import pytest

import prompts

FOLDER = Path(prompts.__file__).parent
ASKED = sorted(path.stem for path in FOLDER.glob("*.md"))


def sources() -> str:
    return "".join(path.read_text() for path in (FOLDER.parent / "agent").rglob("*.py"))


def every_word() -> set[str]:
    """Words that stand in quotes in the code below `api`, and the numbers of the tiers of criteria."""
    files = [path for part in ("agent", "tools", "store") for path in (FOLDER.parent / part).rglob("*.py")]
    return {"1", "2", "3"}.union(*(re.findall(r'"([a-z_]+)"', path.read_text()) for path in files))


@pytest.mark.parametrize("name", ASKED)
def test_the_version_of_a_prompt_is_the_beginning_of_the_hash_of_its_file(name: str) -> None:
    content = (FOLDER / f"{name}.md").read_bytes()
    assert prompts.prompt(name).version == hashlib.sha256(content).hexdigest()[:12]


def test_the_version_of_a_piece_changes_with_its_words() -> None:
    assert prompts.Prompt("a", "one").version != prompts.Prompt("a", "two").version


def test_a_blank_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError):
        prompts.piece("headline").fill(phrase="follow golf")


def test_a_piece_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        prompts.piece("no_such_piece")


def test_a_dollar_sign_in_what_is_filled_in_stays() -> None:
    told = prompts.piece("recommend_strategy").fill(people="10", phrases="earn $75K-$100K")
    assert "earn $75K-$100K" in told


def test_a_piece_is_the_words_under_its_heading_alone() -> None:
    assert all("##" not in piece.text and piece.text.strip() for piece in prompts.pieces().values())


def test_every_piece_is_used() -> None:
    """By its name, or by a name that is put together: `f"briefing_data_{kind}"`, of a kind that there is."""
    used, words = sources(), every_word()
    beginnings = {found for found in re.findall(r'f["\']([a-z0-9_]+_)\{', used) if found.count("_") > 1}

    def is_used(name: str) -> bool:
        if f'"{name}"' in used or f"'{name}'" in used:
            return True
        return any(name.startswith(each) and name.removeprefix(each) in words for each in beginnings)

    assert [name for name in prompts.pieces() if not is_used(name)] == []


def test_every_prompt_is_used() -> None:
    used = sources()
    assert [name for name in ASKED if f'"{name}"' not in used] == []
