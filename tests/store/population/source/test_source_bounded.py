"""Files that would fill the memory are refused while little of them is read."""

import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTE = 1 << 20
# Run apart, so that the peak is of this alone.
PEAK = """
import resource, sys
from pathlib import Path
from store.errors import ToolRefused
from store.population.source import open_source

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = peak()
try:
    open_source([Path(sys.argv[1])], memory_limit="500MB")
except ToolRefused as refused:
    print(peak() - before)
    print(refused)
"""


def _refused(path: Path) -> tuple[int, str]:
    """The memory in MB that refusing took beyond what importing does, and the message."""
    run = subprocess.run([sys.executable, "-c", PEAK, path], capture_output=True, text=True, check=True)
    grown, message = run.stdout.split("\n", 1)
    return int(grown), message


def _sparse(path: Path, before: bytes, after: bytes, size: int = 1 << 30) -> Path:
    """A file with a gap of NULs that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(before)
        file.seek(size)
        file.write(after)
    return path


def test_a_gigabyte_of_nuls_is_refused_at_the_first(tmp_path: Path) -> None:
    grown, message = _refused(_sparse(tmp_path / "people.csv", b"a,b\n1,", b"\n2,3\n"))
    assert grown < 100
    assert "Byte 6 is NUL" in message


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_cell_of_200_megabytes_is_refused_unread(tmp_path: Path, quote: bytes) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.write(b"name,home,note\nAnna,Graz,x\nBert,Wien," + quote)
        for _ in range(200):
            file.write(b"Zebedee " * (MEGABYTE // 8))
        file.write(quote + b"\n")
    grown, message = _refused(path)
    assert grown < 100
    assert 'line 3, column "note"' in message
    assert "1 MiB" in message
    assert "Zebedee" not in message


def test_a_quote_left_open_over_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.write(b'name,home\nAnna,Graz\nBert,"')
        for _ in range(200):
            file.write(b"Zebedee\n" * (MEGABYTE // 8))
    grown, message = _refused(path)
    assert grown < 100
    assert 'line 3, column "home"' in message
    assert "a quote or a line end is missing" in message


def test_a_million_columns_are_refused_from_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    names = ",".join(f"c{at}" for at in range(1_000_000))
    path.write_text(f"{names}\n{names}\n")
    grown, message = _refused(path)
    assert grown < 100
    assert "more than 10,000 columns" in message
    assert "list column" in message


def test_a_line_of_json_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    with path.open("wb") as file:
        file.write(b'{"name": "Anna"}\n{"name": "')
        for _ in range(200):
            file.write(b"Zebedee " * (MEGABYTE // 8))
        file.write(b'"}\n')
    grown, message = _refused(path)
    assert grown < 100
    assert "line 2" in message
