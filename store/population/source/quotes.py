"""Where quoted cells begin and end in a delimited text, so that each is closed, and rows can be counted.

A quote opens a cell only where the cell begins; within, it is doubled or escaped; text after a closing
quote is an error. DuckDB reads it so, too, but does not tell of every quote that is left open.
"""

import numpy as np

from store.population.source.part import MAX_CELL_BYTES
from store.population.source.scan import TooLongError

_LF, _CR, _BACKSLASH = 10, 13, 92


class QuoteError(Exception):
    """A cell whose quote is not closed, or is followed by text; `offset` is where the cell begins."""

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


class QuoteScan:
    """A pass over the bytes: whether a quoted cell is open, and the rows that have ended so far."""

    def __init__(self, delimiter: str, quote: str, escape: str) -> None:
        self.dialect = (delimiter, quote, escape)
        self.quote, self.escaped = ord(quote), escape != quote
        self.ends = np.zeros(256, dtype=bool)
        self.ends[[ord(delimiter), _LF, _CR]] = True
        self.waiting = bytes([self.quote, _BACKSLASH]) if self.escaped else bytes([self.quote])
        self.inside = False
        self.opened_at = 0
        self.rows = self.blanks = 0
        self.read = 0  # bytes looked at before `held`
        self.held = b""  # quotes at the end, which mean nothing before the next byte is known
        self.before = b"\n\n"

    def fresh(self) -> "QuoteScan":
        """The same before its first byte."""
        return QuoteScan(*self.dialect)

    def take(self, chunk: bytes) -> None:
        """Look at the next chunk. Raises QuoteError, or TooLongError for a cell over 1 MiB."""
        if not self.read and not self.held:
            chunk = self._without_mark(chunk)
        buffer = self.held + chunk
        looked = buffer.rstrip(self.waiting)
        self.held = buffer[len(looked) :]
        if len(self.held) > MAX_CELL_BYTES:
            raise TooLongError(self.read + len(looked))
        self._look(looked)

    def end(self) -> None:
        """Look at what was held, and count a last row without a line end. Raises QuoteError."""
        self._look(self.held)
        if self.inside:
            raise QuoteError(self.opened_at)
        if not self.before.endswith(b"\n"):
            self.rows += 1

    def _without_mark(self, chunk: bytes) -> bytes:
        plain = chunk.removeprefix(b"\xef\xbb\xbf")
        self.read = len(chunk) - len(plain)
        return plain

    def _look(self, buffer: bytes) -> None:
        if not buffer:
            return
        # Two bytes of what was before, and a line end for the end of the file: every quote has neighbours.
        bytes_ = np.frombuffer(self.before + buffer + b"\n", dtype=np.uint8)
        quotes = np.flatnonzero(bytes_[2:-1] == self.quote) + 2 if self._has_quote(buffer) else _NONE
        if len(quotes) and (self.escaped or not self._all_fit(bytes_, quotes)):
            quotes = self._walked(bytes_, quotes)
        self._count_rows(bytes_, quotes)
        self._follow(bytes_, quotes, len(buffer))
        self.inside ^= bool(len(quotes) % 2)
        self.read += len(buffer)
        self.before = (self.before + buffer[-2:])[-2:]

    def _has_quote(self, buffer: bytes) -> bool:
        return self.quote in buffer

    def _all_fit(self, bytes_: np.ndarray, quotes: np.ndarray) -> bool:
        """Whether every second quote opens and every other closes; doubled ones do both in turn."""
        openers, closers = quotes[int(self.inside) :: 2], quotes[1 - int(self.inside) :: 2]
        before, after = bytes_[openers - 1], bytes_[closers + 1]
        return bool(
            (self.ends[before] | (before == self.quote)).all()
            and (self.ends[after] | (after == self.quote)).all()
        )

    def _walked(self, bytes_: np.ndarray, quotes: np.ndarray) -> np.ndarray:
        """The quotes that open or close a cell, one by one: some are part of the text."""
        inside, opened, skip = self.inside, -1, -1
        found: list[int] = []
        ends = self.ends.tolist()
        neighbours = zip(
            quotes.tolist(), bytes_[quotes - 1].tolist(), bytes_[quotes + 1].tolist(), strict=True
        )
        for at, before, after in neighbours:
            if at == skip:
                continue
            if not inside:
                if ends[before]:
                    inside, opened = True, at
                    found.append(at)
            elif not self.escaped and after == self.quote:
                skip = at + 1
            elif not (self.escaped and before == _BACKSLASH and _is_escaped(bytes_, at)):
                if not ends[after]:
                    raise QuoteError(self._offset(opened) if opened >= 0 else self.opened_at)
                inside = False
                found.append(at)
        return np.array(found, dtype=np.int64)

    def _count_rows(self, bytes_: np.ndarray, quotes: np.ndarray) -> None:
        line_ends = np.flatnonzero(bytes_[2:-1] == _LF) + 2
        outside = line_ends[(np.searchsorted(quotes, line_ends) + self.inside) % 2 == 0]
        before, further = bytes_[outside - 1], bytes_[outside - 2]
        blanks = int(np.count_nonzero((before == _LF) | ((before == _CR) & (further == _LF))))
        self.blanks += blanks
        self.rows += len(outside) - blanks

    def _follow(self, bytes_: np.ndarray, quotes: np.ndarray, size: int) -> None:
        """Remember where the open cell began; refuse it when it is too long."""
        openers, closers = quotes[int(self.inside) :: 2], quotes[1 - int(self.inside) :: 2]
        openers = openers[bytes_[openers - 1] != self.quote]
        closers = closers[bytes_[closers + 1] != self.quote]
        if self.inside:
            end = self._offset(int(closers[0])) if len(closers) else self.read + size
            if end - self.opened_at > MAX_CELL_BYTES:
                raise TooLongError(self.opened_at)
        if len(openers):
            self.opened_at = self._offset(int(openers[-1]))

    def _offset(self, at: int) -> int:
        return self.read + at - 2


_NONE = np.empty(0, dtype=np.int64)


def _is_escaped(bytes_: np.ndarray, at: int) -> bool:
    """Whether an odd number of backslashes stands before."""
    start = at
    while start > 0 and bytes_[start - 1] == _BACKSLASH:
        start -= 1
    return (at - start) % 2 == 1
