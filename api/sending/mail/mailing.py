"""How is one briefing mailed?"""

import ssl
from typing import TYPE_CHECKING

from api.sending.briefings import Outgoing
from api.sending.forms import Forms
from api.sending.mail.content import mail_content
from api.sending.mail.line import EXCHANGE_S, IDLE_S, MailLine
from api.sending.mail.server import MailServer, mail_server_of
from api.sending.settling import again_or_dead, settled_mail
from api.settings import Settings
from store.records.briefing_deliveries import Claimed, Settled
from store.workspace import House

if TYPE_CHECKING:
    from agent.briefing_result import Briefing


class Mailing:
    """Mails one briefing after another through one connection."""

    def __init__(
        self,
        house: House,
        settings: Settings,
        *,
        forms: Forms | None = None,
        tls: ssl.SSLContext | None = None,
        seconds: float = EXCHANGE_S,
        idle_seconds: float = IDLE_S,
    ) -> None:
        self._house, self._settings, self._forms = house, settings, forms or Forms()
        self._outgoing = Outgoing(house, settings.base_url)
        self._tls, self._seconds, self._idle = tls, seconds, idle_seconds
        self._line: MailLine | None = None
        self._last_pdf: tuple[str, bytes] = ("", b"")

    def send(self, claimed: Claimed) -> Settled:
        """How it ended. Raises BadInput where a setting does not fit."""
        server, delivery = mail_server_of(self._settings), claimed.delivery
        if server is None:
            return again_or_dead(delivery, self._house.now(), "no_mail_server")
        try:
            to = self._outgoing.address(claimed)
        except ValueError:
            return Settled("dead", error="secret")
        content = self._content(claimed, server, to)
        answer = self._line_to(server).send(to, delivery.message_id, content)
        return settled_mail(delivery, answer, self._house.now())

    def close(self) -> None:
        """Let go of the connection."""
        if self._line is not None:
            self._line.close()

    def _line_to(self, server: MailServer) -> MailLine:
        if self._line is None:
            seconds, idle = self._seconds, self._idle
            self._line = MailLine(server, tls=self._tls, seconds=seconds, idle_seconds=idle)
        return self._line

    def _content(self, claimed: Claimed, server: MailServer, to: str) -> bytes:
        briefing = self._outgoing.briefing(claimed)
        page, unsubscribe = self._outgoing.page(claimed), self._outgoing.unsubscribe(claimed)
        return mail_content(
            self._forms.mail(briefing, page, unsubscribe),
            sender=server.sender,
            to=to,
            message_id=claimed.delivery.message_id,
            at=claimed.delivery.created_at,
            unsubscribe=unsubscribe,
            pdf=(f"briefing-{briefing.created_at:%Y-%m-%d}.pdf", self._pdf(briefing)),
        )

    def _pdf(self, briefing: "Briefing") -> bytes:
        """The PDF, drawn once for all who get the briefing."""
        if self._last_pdf[0] != briefing.briefing_id:
            self._last_pdf = briefing.briefing_id, self._forms.pdf(briefing)
        return self._last_pdf[1]
