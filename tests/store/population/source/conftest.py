from collections.abc import Callable
from pathlib import Path

import pytest

from store.errors import ToolRefused
from store.population.source import open_source

# In cells of files that are refused: no message may hold it.
PRIVATE = "Zebedee"


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """The message with which files are refused, after a look that it holds no cell."""
    workplace = tmp_path / "workplace"
    workplace.mkdir()

    def refused(*files: Path, error: type[ToolRefused] = ToolRefused, memory_limit: str = "1GB") -> str:
        with pytest.raises(error) as caught:
            open_source(files, memory_limit=memory_limit, temp=workplace)
        message = str(caught.value)
        assert PRIVATE not in message
        assert all(str(file) in message or file.name in message for file in files[-1:])
        assert caught.value.instead, "a refusal says what would be right"
        assert not list(workplace.iterdir()), "a refusal leaves nothing behind"
        return message

    return refused


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of text or bytes."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
