"""The log: one line a request, call, step and question, as JSON or for a reader; nobody's values."""

import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

from api.observing.forms import PLACE, scrubbed, told
from store.watching import Happening, watch

LogFormat = Literal["auto", "json", "text"]
LogLevel = Literal["debug", "info", "warning", "error"]
OWN = ("api", "agent", "store", "tools", "fieldmark")
MOST_PLACES = 12  # of where an error arose, the innermost
# Asked every few seconds by whoever watches the house.
QUIET_ROUTES = {"/healthz", "/readyz", "/metrics"}
CONVERSION = re.compile(r"%(?:%|[-+ #0]*\d{0,3}(?:\.\d{1,3})?[diouxXeEfFgGcrsa])")
LARGE = 100_000  # from here on a figure of a library may be somebody's number
ROOT = Path(__file__).parents[2]
INHERITED = ("request_id", "organisation", "actor", "workflow_id", "run_id")


class LogLines:
    """Writes a line at the end of all that happens."""

    def __init__(self) -> None:
        self._log = logging.getLogger("fieldmark")

    def began(self, happening: Happening) -> None:
        """Nothing is written before the end."""

    def ended(self, happening: Happening) -> None:
        """Write its line."""
        fields = {name: known for name in INHERITED if (known := happening.known(name)) is not None}
        fields |= happening.about
        if happening.kind != "request":
            fields |= {"name": happening.name, "outcome": happening.outcome}
        fields["ms"] = round(happening.seconds * 1000, 2)
        self._write(_level(happening), {"event": happening.kind, **fields})

    def _write(self, level: int, line: dict[str, Any]) -> None:
        if not self._log.isEnabledFor(level):
            return
        # Made here: `logging` would look through the stack for whoever called it, at every line.
        record = logging.LogRecord(self._log.name, level, "", 0, line, (), None)
        name = record.levelname.lower()
        line["level"] = name
        record._logger, record._name = self._log, name  # as structlog's formatter knows its own
        self._log.handle(record)


def _level(happening: Happening) -> int:
    if happening.outcome == "failed" or cast(int, happening.about.get("status", 0)) >= 500:
        return logging.ERROR
    return logging.DEBUG if happening.about.get("route") in QUIET_ROUTES else logging.INFO


@contextmanager
def logging_to_stderr(
    level: LogLevel = "info", form: LogFormat = "auto", now: Callable[[], datetime] | None = None
) -> Iterator[None]:
    """Log all that happens in the block to stderr, and what libraries log from warnings on.

    A line that another one's logger writes is its pattern, without what was put in.
    """
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    handler = _Stderr()
    handler.setFormatter(_formatter(as_json, now or (lambda: datetime.now(UTC))))
    with _only_handler(handler, level), _thread_failures():
        structlog.configure(
            processors=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
        )
        leave = watch(LogLines())
        try:
            yield
        finally:
            leave()
            structlog.reset_defaults()


class _Stderr(logging.StreamHandler):
    """Writes to what stderr is at the moment."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """It is never another."""


@contextmanager
def _only_handler(handler: logging.Handler, level: LogLevel) -> Iterator[None]:
    root, own = logging.getLogger(), [logging.getLogger(name) for name in OWN]
    before = root.handlers[:], root.level, [one.level for one in own]
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, _number(level)))
    for one in own:
        one.setLevel(_number(level))
    try:
        yield
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        for one, was in zip(own, before[2], strict=True):
            one.setLevel(was)


@contextmanager
def _thread_failures() -> Iterator[None]:
    """A thread that dies tells where, not the words of its error."""
    before = threading.excepthook

    def failed(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            logging.getLogger("fieldmark").error("A thread ended", exc_info=args.exc_value)

    threading.excepthook = failed
    try:
        yield
    finally:
        threading.excepthook = before


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _formatter(as_json: bool, now: Callable[[], datetime]) -> logging.Formatter:
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=True)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="time", pad_event_to=12)
    )

    def stamped(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
        return {"time": now().astimezone(UTC).isoformat(timespec="milliseconds"), **line}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level],
        use_get_message=False,  # what is put into the pattern of a record is chosen below
        pass_foreign_args=True,
        processors=[stamped, only_what_may_be_told, renderer],
    )


def only_what_may_be_told(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The line with what is known to name no one; the rest of it is left out."""
    record: logging.LogRecord | None = line.get("_record")
    line = dict(line)
    own = record is not None and record.name.partition(".")[0] in OWN
    kept: dict[str, Any] = {}
    if line.get("_from_structlog"):
        kept = {name: said for name in line if (said := told(name, line[name])) is not None}
    elif record is not None:
        text = _filled(str(record.msg), line.get("positional_args") or (), only_figures=not own)
        kept = {
            "time": line["time"],
            "level": line.get("level", record.levelname.lower()),
            "logger": told("logger", record.name),
            "event": scrubbed(text),
        }
    error = (line.get("exc_info") or (None, None))[1]
    if error is not None:
        kept |= failure(error)
    return kept


def _filled(pattern: str, args: Any, *, only_figures: bool) -> str:
    """What is said with this pattern; of a library only short figures are put in: a text may be a value."""
    given = args if isinstance(args, tuple) else (args,)
    conversions = [found for found in CONVERSION.finditer(pattern) if found.group() != "%%"]
    if isinstance(args, Mapping) or len(conversions) != len(given):
        return pattern
    chosen = iter(given)

    def put_in(found: re.Match[str]) -> str:
        if found.group() == "%%":
            return "%"
        value = next(chosen)
        is_figure = isinstance(value, int | float) and not isinstance(value, bool)
        if only_figures and not (is_figure and abs(value) < LARGE):
            return found.group()
        try:
            return found.group() % (value,)
        except (TypeError, ValueError):
            return found.group()

    return CONVERSION.sub(put_in, pattern)


def failure(error: BaseException) -> dict[str, Any]:
    """The kind of an error and where it arose, innermost last; its words may hold somebody's values."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    places = [place for place in frames if PLACE.fullmatch(place)]
    return {"error": type(error).__name__, "where": places[-MOST_PLACES:]}


def _short(file: str) -> str:
    """A file without where it is installed."""
    path = Path(file)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])
