"""How a process of the house is watched while it works: by its settings."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.observing.logs import logging_to_stderr
from api.observing.telemetry import telemetry
from api.settings import Settings


@contextmanager
def observed(settings: Settings) -> Iterator[None]:
    """Log to stderr, and send spans where a setting says to, within the block. Raises BadInput."""
    with logging_to_stderr(settings.log_level, settings.log_format), telemetry(settings.otlp_endpoint):
        yield
