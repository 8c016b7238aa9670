"""Every text has a version and lets no blank stay empty."""

import hashlib
from pathlib import Path

import pytest

import prompts

FOLDER = Path(prompts.__file__).parent
PIECES = sorted(path.stem for path in (FOLDER / "template").glob("*.md"))
ASKED = sorted(path.stem for path in FOLDER.glob("*.md"))


@pytest.mark.parametrize("name", PIECES)
def test_the_version_of_a_piece_is_the_beginning_of_the_hash_of_its_file(name: str) -> None:
    content = (FOLDER / "template" / f"{name}.md").read_bytes()
    assert prompts.piece(name).version == hashlib.sha256(content).hexdigest()[:12]


@pytest.mark.parametrize("name", ASKED)
def test_the_version_of_a_prompt_is_the_beginning_of_the_hash_of_its_file(name: str) -> None:
    content = (FOLDER / f"{name}.md").read_bytes()
    assert prompts.prompt(name).version == hashlib.sha256(content).hexdigest()[:12]


def test_a_blank_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError):
        prompts.piece("headline").fill(phrase="follow golf")


def test_a_dollar_sign_in_what_is_filled_in_stays() -> None:
    told = prompts.piece("recommend_strategy").fill(people="10", phrases="earn $75K-$100K")
    assert "earn $75K-$100K" in told


def test_every_piece_is_used() -> None:
    source = (FOLDER.parent / "agent" / "template.py").read_text()
    assert [name for name in PIECES if f'"{name}"' not in source] == []


def test_every_prompt_is_used() -> None:
    source = (FOLDER.parent / "agent" / "narrator.py").read_text()
    assert [name for name in ASKED if f'"{name}"' not in source] == []
