"""What text cells look like: numbers, dates, true or false."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

# A leading zero is part of a code, such as a ZIP.
_WHOLE = re.compile(r"[+-]?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def type_of(cells: Iterable[str | None]) -> str:
    """The first type that all cells which are not blank fit: text when there are none, or none fits."""
    filled = {text for cell in cells if cell and (text := cell.strip())}
    fitting = (type for type, fits in _TESTS.items() if filled and all(map(fits, filled)))
    return next(fitting, "text")


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _is_read_by(read: Callable[[str], object]) -> Callable[[str], bool]:
    def is_read(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return "-" in text  # 20240131 is a number rather than a date

    return is_read


_TESTS: dict[str, Callable[[str], object]] = {
    "boolean": _is_boolean,
    "integer": _WHOLE.fullmatch,
    "decimal": _DECIMAL.fullmatch,
    "date": _is_read_by(date.fromisoformat),
    "timestamp": _is_read_by(datetime.fromisoformat),
}
