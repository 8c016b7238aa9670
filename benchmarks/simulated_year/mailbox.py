"""An SMTP server on this machine that keeps what it is sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Every mail that arrived, in its order."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, Message]] = []  # to whom, what
        self.url = ""
        self._taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep one mail for each recipient."""
        for recipient in envelope.rcpt_tos:
            self.mails.append((recipient, message_from_bytes(envelope.content)))
        return "250 kept"

    def taken(self) -> int:
        """How many arrived since this was asked the last time."""
        new = len(self.mails) - self._taken
        self._taken = len(self.mails)
        return new


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A server on a free port of the loopback, for as long as the block."""
    kept, port = Mailbox(), _free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        kept.url = f"smtp://127.0.0.1:{port}"
        yield kept
    finally:
        controller.stop()


def _free_port() -> int:
    """A port that nobody has at the moment; the controller looks for itself under the one it was given."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]
