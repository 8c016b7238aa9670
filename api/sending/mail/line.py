"""What does a mail server answer when it is handed one mail after another?"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Literal

from api.sending.mail.server import MailServer

IDLE_S = 15.0  # that a server may say nothing
EXCHANGE_S = 60.0  # of a connection, and of a mail, in all: a server that drips holds nobody
ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})\b")
LOST = (smtplib.SMTPServerDisconnected, OSError, EOFError)
Stage = Literal["", "connection", "tls", "login", "sender", "recipient", "content"]


@dataclass(frozen=True)
class MailAnswer:
    """At which stage a mail was not taken, none: it was; and the codes of the answer (RFC 5321, 3463)."""

    stage: Stage = ""
    code: int | None = None
    enhanced: str = ""


class _NotReadyError(Exception):
    def __init__(self, stage: Stage, code: int | None = None) -> None:
        super().__init__(stage)
        self.answer = MailAnswer(stage, code)


class MailLine:
    """One connection for several mails. It is made when the first is sent, and again when it was lost."""

    def __init__(
        self,
        server: MailServer,
        *,
        tls: ssl.SSLContext | None = None,
        seconds: float = EXCHANGE_S,
        idle_seconds: float = IDLE_S,
    ) -> None:
        self._server, self._tls = server, tls
        self._seconds, self._idle = seconds, idle_seconds
        self._client: _Client | None = None
        self._stage: Stage = "connection"

    def send(self, to: str, token: str, content: bytes) -> MailAnswer:
        """What the server says to one mail. token: of the envelope, which comes back with what bounces."""
        is_old = self._client is not None
        answer = self._tried(to, token, content)
        # The server hung up since the last mail, and has not seen this one.
        if is_old and answer.code is None and answer.stage in ("connection", "sender"):
            answer = self._tried(to, token, content)
        return answer

    def close(self) -> None:
        """Take leave, where somebody still listens."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(smtplib.SMTPException, *LOST), self._bounded(client):
                client.quit()
            client.drop()

    def _tried(self, to: str, token: str, content: bytes) -> MailAnswer:
        try:
            client = self._ready()
            with self._bounded(client):
                answer = self._handed_over(client, to, token, content)
        except _NotReadyError as error:
            answer = error.answer
        except smtplib.SMTPResponseException as error:
            answer = _said(self._stage, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, *LOST):
            answer = MailAnswer(self._stage)
        if self._client is not None and self._client.is_cut:
            answer = MailAnswer(self._stage)  # half a line is no answer, whatever it begins with
        if answer.stage and (answer.code is None or answer.code == 421 or self._stage == "content"):
            self._drop()
        return answer

    def _handed_over(self, client: "_Client", to: str, token: str, content: bytes) -> MailAnswer:
        self._stage = "sender"
        code, text = client.mail(self._server.sender.addr_spec, _envelope(client, token, len(content)))
        if code == 250:
            self._stage = "recipient"
            told = ["NOTIFY=FAILURE,DELAY"] if client.has_extn("dsn") else []
            code, text = client.rcpt(to, told)
            if code in (250, 251):
                self._stage = "content"
                code, text = client.data(content)
                if code == 250:
                    return MailAnswer(code=code)
        if code != 421 and self._stage != "content":
            client.rset()
        return _said(self._stage, code, text)

    def _ready(self) -> "_Client":
        """The connection, secured and logged in. Raises _NotReadyError with what did not work."""
        if self._client is not None:
            return self._client
        self._stage = "connection"
        client = self._client = _Client(self._server, self._context(), self._idle)
        with self._bounded(client):
            code, _ = client.connect(self._server.host, self._server.port)
            if code != 220:
                raise _NotReadyError("connection", code)
            client.ehlo_or_helo_if_needed()
            self._secure(client)
            self._login(client)
        return client

    def _secure(self, client: "_Client") -> None:
        offered = client.has_extn("starttls")
        if self._server.tls in ("whole", "no") or (self._server.tls == "if_offered" and not offered):
            return
        self._stage = "tls"
        if not offered:
            raise _NotReadyError("tls")
        code, _ = client.starttls(context=self._context())
        if code != 220:
            raise _NotReadyError("tls", code)
        client.ehlo()

    def _login(self, client: "_Client") -> None:
        if self._server.user:
            self._stage = "login"
            client.login(self._server.user, self._server.password)

    def _context(self) -> ssl.SSLContext:
        self._tls = self._tls or ssl.create_default_context()
        return self._tls

    @contextmanager
    def _bounded(self, client: "_Client") -> Iterator[None]:
        watching = Timer(self._seconds, client.cut)
        watching.daemon = True
        watching.start()
        try:
            yield
        finally:
            watching.cancel()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.drop()


class _Client(smtplib.SMTP):
    """A connection that somebody else can cut, whatever it waits for."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext, idle_seconds: float) -> None:
        # Its own name in EHLO would tell of the network that it is in.
        super().__init__(timeout=idle_seconds, local_hostname=server.sender.domain)
        self._whole_tls = tls if server.tls == "whole" else None
        self._same: socket.socket | None = None
        self.is_cut = False
        self._host = server.host  # for STARTTLS, which checks the certificate against it

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self._same = plain.dup()  # TLS takes the first one's place
        return self._whole_tls.wrap_socket(plain, server_hostname=host) if self._whole_tls else plain

    def cut(self) -> None:
        """End the connection; whoever reads from it reads its end."""
        self.is_cut = True
        if self._same is not None:
            with suppress(OSError):
                self._same.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """Let go of the connection."""
        self.close()
        if self._same is not None:
            self._same.close()


def _envelope(client: smtplib.SMTP, token: str, size: int) -> list[str]:
    told = [f"SIZE={size}"] if client.has_extn("size") else []
    return [*told, "RET=HDRS", f"ENVID={token}"] if client.has_extn("dsn") else told


def _said(stage: Stage, code: int, text: bytes | str) -> MailAnswer:
    found = ENHANCED.match(text if isinstance(text, bytes) else text.encode(errors="replace"))
    return MailAnswer(stage, code, b".".join(found.groups()).decode() if found else "")
