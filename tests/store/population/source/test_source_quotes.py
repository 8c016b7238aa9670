"""The pass over quotes: the same however the bytes are cut into chunks."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.population.source.quotes import QuoteError, QuoteScan
from store.population.source.scan import Scan, UndecodableError

WILD = st.text(alphabet='a,"\n\\', max_size=40)
CELLS = st.text(alphabet='a,"\n\r', max_size=8)


def _scanned(content: bytes, size: int, escape: str = '"') -> tuple[int, int] | int:
    """Rows and blank lines, or the place of the first cell that is not closed."""
    scan = QuoteScan(",", '"', escape)
    try:
        for start in range(0, len(content), size):
            scan.take(content[start : start + size])
        scan.end()
    except QuoteError as error:
        return error.offset
    return scan.rows, scan.blanks


@given(content=WILD, size=st.integers(1, 7), escape=st.sampled_from(['"', "\\"]))
def test_chunks_change_nothing(content: str, size: int, escape: str) -> None:
    whole = _scanned(content.encode(), 1_000, escape)
    assert _scanned(content.encode(), size, escape) == whole


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=6), size=st.integers(1, 9)
)
def test_rows_of_a_written_table_are_counted(table: list[list[str]], size: int) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(table)
    assert _scanned(out.getvalue().encode(), size) == (len(table), 0)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('a,b\n1,2"\n', (2, 0)),  # an inch mark in an unquoted cell
        ('a,b\n\n1,"x""y"\n', (2, 1)),
        ('a,b\n1,"x"\n2,""', (3, 0)),
        ('a,b\n1,"x\n', 6),
        ('a,b\n1,"x"y\n', 6),
        ('a,b\n1,"x""\n', 6),
        ('\ufeff"a","b"\n1,"x\n', 13),
    ],
)
def test_quotes_by_hand(content: str, found: object) -> None:
    assert _scanned(content.encode(), 1_000) == found


@pytest.mark.parametrize(("content", "found"), [('"x\\"y"\n', (1, 0)), ('"x\\\\"\n', (1, 0)), ('"x\\"\n', 0)])
def test_backslashes_escape_quotes_and_themselves(content: str, found: object) -> None:
    assert _scanned(content.encode(), 1_000, "\\") == found


def _wrong_byte(content: bytes, size: int) -> int | None:
    scan = Scan(b"\n", "people.csv")
    try:
        for start in range(0, len(content), size):
            scan.take(content[start : start + size])
        scan.end()
    except UndecodableError as error:
        return error.offset
    return None


@given(content=st.binary(max_size=30).map(lambda some: some.replace(b"\0", b"")), size=st.integers(1, 5))
def test_utf8_is_judged_as_python_does_wherever_it_is_cut(content: bytes, size: int) -> None:
    try:
        content.decode()
        wrong = None
    except UnicodeDecodeError as error:
        wrong = error.start
    assert _wrong_byte(content, size) == wrong


@given(
    lines=st.lists(st.sampled_from(["a", "b,c", ""])),
    size=st.integers(1, 5),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_lines_are_counted_and_their_ends_compared(lines: list[str], size: int, end: str) -> None:
    content = "".join(line + end for line in lines).encode()
    scan = Scan(b"\n", "people.csv")
    for start in range(0, len(content), size):
        scan.take(content[start : start + size])
    assert scan.line == len(lines) + 1
    assert scan.even == (end != "\r" or not lines)
