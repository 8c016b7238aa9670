"""What one bounded pass over a text's bytes tells: its encoding, its line ends, its longest cell."""

import codecs
import io
from collections.abc import Sequence

from store.errors import BadFile
from store.population.source.part import MAX_CELL_BYTES, MAX_LINE_BYTES

CHUNK = 1 << 20  # no longer than a cell may be, so that only runs over a chunk's border need a look


class TooLongError(Exception):
    """A cell that is longer than one may be, or in a line that is; `offset` is where the cell begins."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


class UndecodableError(Exception):
    """Bytes that are not of the encoding; `offset` is the first, `mixed` whether others before it are."""

    def __init__(self, offset: int, line: int = 0, mixed: bool = False) -> None:
        super().__init__()
        self.offset, self.line, self.mixed = offset, line, mixed


def decoded(
    decoder: io.IncrementalNewlineDecoder | codecs.IncrementalDecoder,
    chunk: bytes,
    read: int,
    final: bool = False,
) -> str:
    """The text of a chunk that begins at byte `read`. Raises UndecodableError."""
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        waiting = len(error.object) - len(chunk)
        raise UndecodableError(read + error.start - waiting) from None


class Scan:
    """A pass over the bytes, and what it has seen so far.

    Raises BadFile for NUL bytes, UndecodableError outside UTF-8, TooLongError where more than 1 MiB lies
    between two `separators`, if there are any, or more than 4 MiB between two line ends.
    """

    def __init__(self, separators: bytes, where: str) -> None:
        self.separators, self.where = [bytes([one]) for one in separators], where
        self.read = self.line_start = self.cell_start = 0
        self.lf = self.cr = self.crlf = 0
        self.multibyte = self.waiting = self.after_cr = False
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    @property
    def even(self) -> bool:
        """Whether every line ends alike, in LF or in CRLF."""
        return not self.cr or self.cr == self.crlf == self.lf

    @property
    def line(self) -> int:
        """The line that the pass has come to, from 1."""
        return 1 + self.lf + self.cr - self.crlf

    def take(self, chunk: bytes) -> None:
        """Look at the next chunk."""
        self._refuse_nul(chunk)
        self._check_utf8(chunk)
        self._measure(chunk)
        self._count_lines(chunk)
        self.read += len(chunk)

    def end(self) -> None:
        """Look at what was left open."""
        self._check_utf8(b"", final=True)

    def _refuse_nul(self, chunk: bytes) -> None:
        at = chunk.find(0)
        if at >= 0:
            line = self.line + chunk.count(b"\n", 0, at)
            raise BadFile(
                f"Byte {self.read + at:,} is NUL, which text does not hold",
                where=f"{self.where}, line {line:,}",
                instead="Export the table as CSV in UTF-8; a broken copy can be the cause as well.",
            )

    def _check_utf8(self, chunk: bytes, final: bool = False) -> None:
        if chunk.isascii() and not self.waiting:
            return
        try:
            decoded(self.decoder, chunk, self.read, final)
        except UndecodableError as error:
            before = chunk[: max(0, error.offset - self.read)]
            line = self.line + before.count(b"\n")
            raise UndecodableError(error.offset, line, self.multibyte or not before.isascii()) from None
        self.multibyte = self.multibyte or not chunk.isascii()
        self.waiting = bool(self.decoder.getstate()[0])

    def _measure(self, chunk: bytes) -> None:
        self.cell_start = self._past(chunk, self.separators, self.cell_start, MAX_CELL_BYTES)
        self.line_start = self._past(chunk, [b"\n", b"\r"], self.line_start, MAX_LINE_BYTES)

    def _past(self, chunk: bytes, separators: Sequence[bytes], start: int, most: int) -> int:
        """Where the last run in the chunk starts, after the one from `start` was found not too long."""
        found = [at for one in separators if (at := chunk.find(one)) >= 0]
        if separators and self.read + min(found, default=len(chunk)) - start > most:
            raise TooLongError(start)
        return self.read + max(map(chunk.rfind, separators)) + 1 if found else start

    def _count_lines(self, chunk: bytes) -> None:
        self.lf += chunk.count(b"\n")
        self.crlf += self.after_cr and chunk.startswith(b"\n")
        if b"\r" in chunk:
            self.cr += chunk.count(b"\r")
            self.crlf += chunk.count(b"\r\n")
        self.after_cr = chunk.endswith(b"\r")
