"""Every piece of text has a version and lets no blank stay empty."""

import hashlib
from pathlib import Path

import pytest

import prompts

PIECES = sorted(path.stem for path in Path(prompts.__file__).parent.glob("*.md"))


@pytest.mark.parametrize("name", PIECES)
def test_a_version_is_the_beginning_of_the_hash_of_the_file(name: str) -> None:
    content = (Path(prompts.__file__).parent / f"{name}.md").read_bytes()
    assert prompts.prompt(name).version == hashlib.sha256(content).hexdigest()[:12]


def test_a_blank_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError):
        prompts.prompt("headline").fill(phrase="follow golf")


def test_a_dollar_sign_in_what_is_filled_in_stays() -> None:
    told = prompts.prompt("recommend_strategy").fill(people="10", phrases="earn $75K-$100K")
    assert "earn $75K-$100K" in told


def test_every_piece_is_used() -> None:
    source = (Path(prompts.__file__).parent.parent / "agent" / "narrator.py").read_text()
    assert [name for name in PIECES if f'"{name}"' not in source] == []
