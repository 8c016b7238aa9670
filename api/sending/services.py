"""What does a service that apprise knows say to a briefing?"""

import logging
import re
from threading import Lock

from api.webhooks.sending import Answer
from store.records.recipient_address import SERVICES

SECONDS = 30.0
CODE = re.compile(r"\berror=(\d{3})\b")
ALLOWED = SERVICES | {"slack"}


class _Codes(logging.Handler):
    """Keeps the HTTP status that a service's answer had: apprise tells it to its log alone.

    What else is in that log, such as addresses and keys, goes no further.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if found := CODE.search(record.getMessage()):
            self.last = int(found[1])


class Services:
    """Sends by apprise, one at a time, to services whose host nobody chooses."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()

    def post(self, url: str, title: str, markdown: str) -> Answer:
        """The answer of a service: its status where apprise tells it, else 200 for taken, none for not."""
        if url.partition("://")[0] not in ALLOWED or "?" in url:
            return Answer()
        import apprise

        told, log = _Codes(), logging.getLogger("apprise")
        # Followed, a redirect could lead into the house's own network.
        asset = apprise.AppriseAsset(http_redirects=False, service_timeout=SECONDS)
        with self._one_at_a_time:
            before, log.propagate = log.propagate, False
            log.addHandler(told)
            try:
                sender = apprise.Apprise(asset=asset)
                taken = sender.add(url) and sender.notify(
                    markdown, title, body_format=apprise.NotifyFormat.MARKDOWN
                )
            finally:
                log.removeHandler(told)
                log.propagate = before
        return Answer(200) if taken else Answer(told.last)


def is_service(url: str) -> bool:
    """Whether apprise knows how to send to this URL."""
    import apprise

    log = logging.getLogger("apprise")
    before, log.disabled = log.disabled, True
    try:
        return apprise.Apprise.instantiate(url) is not None
    finally:
        log.disabled = before
