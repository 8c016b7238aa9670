"""How a delimited file is written: its delimiter and quotes, and the names in its first line."""

import contextlib
import csv
import io
from dataclasses import dataclass
from itertools import islice

from store.errors import BadFile
from store.population.source.part import MAX_COLUMNS, MAX_LINE_BYTES, check_names, refuse_wide

_DELIMITERS = ",;\t|"
_SAMPLE = 1 << 16
_ROWS = 200


@dataclass(frozen=True)
class Dialect:
    """What stands between cells, around them, and before a quote within them."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'

    def rows(self, text: str) -> list[list[str]]:
        """The first rows of the text, up to one that cannot be parsed."""
        doubled = self.escape == self.quote
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quotechar=self.quote,
            doublequote=doubled,
            escapechar=None if doubled else self.escape,
        )
        rows: list[list[str]] = []
        with contextlib.suppress(csv.Error):
            rows.extend(row for row in islice(reader, _ROWS) if row)
        return rows


def detect_dialect(head: bytes, tabbed: bool) -> Dialect:
    """The dialect in which most of the first rows have as many cells as the first line."""
    # Latin-1, since every delimiter and quote is ASCII and no byte is an error in it.
    sample = head[:_SAMPLE].decode("latin-1").removeprefix("ï»¿")
    if len(head) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    quote = "'" if '"' not in sample and sample.startswith("'") else '"'
    delimiters = "\t" if tabbed else _DELIMITERS
    candidates = [Dialect(one, quote, escape) for one in delimiters for escape in (quote, "\\")]
    return max(candidates, key=lambda dialect: _evenness(dialect, sample))


def _evenness(dialect: Dialect, sample: str) -> tuple[float, int]:
    rows = dialect.rows(sample)
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0, 0
    return sum(len(row) == width for row in rows) / len(rows), width


def refuse_wide_head(head: bytes, dialect: Dialect, where: str) -> None:
    """Raise BadFile when the first line alone shows too many columns, or does not end within 4 MiB."""
    first = head.split(b"\n", 1)[0].split(b"\r", 1)[0]
    delimiters = first.count(dialect.delimiter.encode())
    # Counting is fast and enough; parsing tells delimiters within quotes apart.
    if delimiters >= MAX_COLUMNS and (
        len(first) >= MAX_LINE_BYTES or len(dialect.rows(first.decode("latin-1"))[0]) > MAX_COLUMNS
    ):
        refuse_wide(delimiters + 1, where)
    if len(first) >= MAX_LINE_BYTES:
        raise BadFile(
            f"The first line is longer than {MAX_LINE_BYTES >> 20} MiB",
            where=f"{where}, line 1",
            instead="It must hold the names of the columns; line ends may be missing.",
        )


def header_names(head: bytes, dialect: Dialect, where: str) -> list[str]:
    """The names of the columns, from the first line. Raises BadFile when they cannot be names."""
    text = head.decode("utf-8-sig", errors="ignore")
    if not text.strip():
        raise BadFile("The file is blank", where=where, instead="It needs column names and rows under them.")
    if not text.split("\n", 1)[0].strip():
        raise BadFile("The first line is blank", where=f"{where}, line 1", instead="Put the names there.")
    first = dialect.rows(text)[:1]
    if not first:
        raise BadFile(
            "The first line cannot be parsed: a quote is not closed or a name is too long",
            where=f"{where}, line 1",
            instead="It must hold the names of the columns.",
        )
    names = [" ".join(name.split()) for name in first[0]]
    refuse_wide(len(names), where)
    _refuse_values(names, where)
    check_names(names, f"{where}, line 1")
    return names


def _refuse_values(names: list[str], where: str) -> None:
    """A file without a header would lose its first person, and show her in messages."""
    if any("@" in name for name in names) or all(_is_number(name) for name in names):
        raise BadFile(
            "The first line holds values, not names of columns",
            where=f"{where}, line 1",
            instead="Put a line of names above it, such as: email,first_name,city.",
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
