"""Text files as UTF-8 that DuckDB can read, through a rewritten copy where they are not."""

import codecs
import errno
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast
from uuid import uuid4

from store.errors import BadFile, NoRoom
from store.population.source.part import MAX_LINE_BYTES
from store.population.source.quotes import QuoteScan
from store.population.source.scan import CHUNK, Scan, UndecodableError, decoded

_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What UTF-8 looks like when it is read as Windows-1252: a file with both was glued together.
_MOJIBAKE = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80")


@dataclass(frozen=True)
class Text:
    """A text file: `path` as the user named it, `at` where its bytes are read now."""

    path: Path
    at: Path
    compressed: bool
    encoding: str = "utf-8"

    def chunks(self) -> Iterator[bytes]:
        """The bytes, unpacked, a chunk at a time."""
        with self.reading() as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def head(self, size: int = MAX_LINE_BYTES) -> bytes:
        """The first bytes, unpacked."""
        return self.between(0, size)

    def between(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`, unpacked."""
        with self.reading() as file:
            file.seek(start)
            return file.read(end - start)

    def lines_at(self, offsets: list[int]) -> list[int]:
        """The lines, from 1, that the bytes at these rising offsets are in."""
        lines: list[int] = []
        line, read = 1, 0
        for chunk in self.chunks():
            while len(lines) < len(offsets) and offsets[len(lines)] < read + len(chunk):
                lines.append(line + chunk.count(b"\n", 0, offsets[len(lines)] - read))
            line, read = line + chunk.count(b"\n"), read + len(chunk)
        return lines + [line] * (len(offsets) - len(lines))

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """The bytes as a stream; what breaks on the way is told as BadFile."""
        try:
            with gzip.open(self.at) if self.compressed else self.at.open("rb") as file:
                yield cast(BinaryIO, file)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise BadFile(
                "The gzip archive is cut off or broken",
                where=str(self.path),
                instead="Pack or copy it again; `gzip -t` tests it.",
            ) from None
        except OSError as error:
            raise BadFile(
                f"The file cannot be read: {error.strerror}",
                where=str(self.path),
                instead="Check its rights and the disk.",
            ) from None


def opened(path: Path, compressed: bool, folder: Path) -> Text:
    """The file as UTF-8, as far as its first bytes tell: a copy in `folder` where they say UTF-16 or 32."""
    # A plain name: DuckDB would take *, ? and [ in the user's own for a pattern.
    link = folder / uuid4().hex
    link.symlink_to(path.resolve())
    text = Text(path, link, compressed)
    head = text.head(4096)
    if not head:
        raise BadFile("The archive holds an empty file", where=str(path), instead="Pack the right file.")
    encoding = next((name for bom, name in _BOMS.items() if head.startswith(bom)), "") or _unmarked(head)
    if encoding in ("utf-8", "utf-8-sig"):
        return replace(text, encoding=encoding)
    try:
        return rewritten(text, encoding, folder)
    except UndecodableError as error:
        raise BadFile(
            f"Byte {error.offset:,} is not {encoding.upper()}, which the file begins with",
            where=str(path),
            instead="Save the whole file as UTF-8.",
        ) from None


def settled(
    text: Text, separators: bytes, folder: Path, quotes: Callable[[], QuoteScan] | None = None
) -> tuple[Text, QuoteScan | None]:
    """The text after a pass over all its bytes, rewritten where it is Windows-1252 or mixes line ends.

    Raises BadFile for NUL bytes and other encodings, TooLongError for cells and lines that are too long,
    and QuoteError where `quotes` are asked for and do not fit.
    """
    try:
        scan, seen = _scanned(text, separators, quotes)
    except UndecodableError as error:
        text = _from_windows(text, error, folder)
        scan, seen = _scanned(text, separators, quotes)
    if scan.even:
        return text, seen
    text = rewritten(text, text.encoding, folder)
    return text, _scanned(text, separators, quotes)[1]


def _scanned(
    text: Text, separators: bytes, quotes: Callable[[], QuoteScan] | None
) -> tuple[Scan, QuoteScan | None]:
    scan, seen = Scan(separators, str(text.path)), quotes() if quotes else None
    for chunk in text.chunks():
        scan.take(chunk)
        if seen:
            seen.take(chunk)
    scan.end()
    if seen:
        seen.end()
    return scan, seen


def rewritten(text: Text, encoding: str, folder: Path) -> Text:
    """A copy in UTF-8 without a mark and with every line end as one LF. Raises UndecodableError."""
    copy = folder / uuid4().hex
    # Decodes, and translates a CRLF that two chunks share, too.
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    read = 0
    try:
        with copy.open("wb") as file:
            for chunk in text.chunks():
                file.write(decoded(decoder, chunk, read).encode())
                read += len(chunk)
            file.write(decoded(decoder, b"", read, final=True).encode())
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise NoRoom(
            "No room to rewrite the file as UTF-8",
            where=str(text.path),
            instead="Free disk space, or save the file as UTF-8 with one kind of line end.",
        ) from None
    return Text(text.path, copy, compressed=False, encoding=encoding)


def _unmarked(head: bytes) -> str:
    """UTF-16 without a mark shows as NULs in every second byte of Latin text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) > 0.4 * len(head):
        return "utf-16-le" if odd else "utf-16-be"
    return "utf-8"


def _from_windows(text: Text, error: UndecodableError, folder: Path) -> Text:
    """The text taken for Windows-1252, if all of it can be."""
    if not error.mixed and not any(map(_MOJIBAKE.search, text.chunks())):
        try:
            return rewritten(text, "cp1252", folder)
        except UndecodableError:
            pass
    raise BadFile(
        f"Byte {error.offset:,} is not UTF-8, and the file as a whole is not Windows-1252 either",
        where=f"{text.path}, line {error.line:,}",
        instead="Save the whole file as UTF-8.",
    )
