"""Mail servers and receivers on loopback, a house with briefings, and forms that are quick to make."""

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from agent.briefing_result import Briefing
from agent.changes.result import ToldChange
from api.sending.channels import Channels
from api.sending.delivering import BriefingDeliverer
from api.sending.mail.mailing import Mailing
from api.settings import Settings
from api.webhooks.addresses import Reach
from api.webhooks.sending import Answer, Sender
from store.records.briefing_deliveries import deliveries_of
from store.records.recipients import BriefingDelivery, queue_briefing, recipients_for
from store.workspace import House
from tests.api.webhooks.conftest import make_receiver, receiver

__all__ = ["make_receiver", "receiver"]

USER, PASSWORD = "icp", "p@ss:word"  # of a server on loopback that lives as long as a test
BRIEFING = "brief_1"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
PDF = b"%PDF-1.7\n" + bytes(range(256)) + b"\n%%EOF\n"


class Sink:
    """A mail server's behaviour: it keeps what it takes, and answers recipients as it is told."""

    def __init__(self, *answers: str, held: threading.Event | None = None) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.envelopes: list[tuple[str | None, list[str], list[str]]] = []
        self.asked = 0
        self.in_data = threading.Event()
        self._answers, self._held = list(answers), held

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        said = self._answers.pop(0) if len(self._answers) > 1 else (self._answers or ["250 OK"])[0]
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.original_content)
        self.envelopes.append((envelope.mail_from, envelope.mail_options, envelope.rcpt_options))
        self.taken += [(address, content) for address in envelope.rcpt_tos]
        self.in_data.set()
        if self._held is not None:
            while not self._held.is_set():
                await _moment()
        return "250 2.0.0 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, read."""
        return [cast(EmailMessage, message_from_bytes(one, policy=default)) for _, one in self.taken]


async def _moment() -> None:
    import asyncio

    await asyncio.sleep(0.01)


class Served(Controller):
    """aiosmtpd on a port that the system chose."""

    connections = 0

    def factory(self) -> SMTP:
        self.connections += 1
        return super().factory()

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()
        self.connections = 0  # that was its own


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a sink on loopback: `serve(Sink(), **options of aiosmtpd)`."""
    running: list[Served] = []

    def start(sink: Sink, **options: Any) -> Served:
        served = Served(sink, hostname="127.0.0.1", port=0, **options)
        served.start()
        running.append(served)
        return served

    yield start
    for one in running:
        one.stop()


def only_this_login(_: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:
    """aiosmtpd's authenticator."""
    is_right = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=is_right, handled=False)


@dataclass
class Certificates:
    """A certificate for 127.0.0.1, signed by itself: as its server has it, and as who trusts it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    _write_certificate(file)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return Certificates(server, ssl.create_default_context(cafile=str(file)))


def _write_certificate(file: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))  # a certificate's times are UTC
        .not_valid_after(datetime(2099, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, *form)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)


@dataclass
class FakeImage:
    cid: str = "chart-1"
    content: bytes = PNG


@dataclass
class FakeMail:
    subject: str
    html: str
    text: str
    images: list[FakeImage] = field(default_factory=lambda: [FakeImage()])


@dataclass
class FakeSlack:
    text: str
    blocks: list[dict[str, Any]]


@dataclass
class FakeTeams:
    payload: dict[str, Any]


class FakeForms:
    """Forms that say the headline and no more."""

    def __init__(self) -> None:
        self.pdfs = 0

    def mail(self, briefing: Briefing, page: str, unsubscribe: str) -> FakeMail:
        html = f'<p>{briefing.headline}</p><img src="cid:chart-1" alt="x"><a href="{unsubscribe}">end</a>'
        return FakeMail(briefing.headline, html, f"{briefing.headline}\n{page}\n{unsubscribe}\n")

    def pdf(self, briefing: Briefing) -> bytes:
        self.pdfs += 1
        return PDF

    def slack(self, briefing: Briefing, page: str) -> FakeSlack:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": f"<{page}|{briefing.headline}>"}}
        return FakeSlack(briefing.headline, [section])

    def teams(self, briefing: Briefing, page: str) -> FakeTeams:
        return FakeTeams({"type": "message", "attachments": [{"content": {"body": briefing.headline}}]})

    def markdown(self, briefing: Briefing, page: str) -> str:
        return f"# {briefing.headline}\n"


def briefing(headline: str = "Two things changed, both real", briefing_id: str = BRIEFING) -> Briefing:
    """A briefing of one change."""
    return Briefing(
        workflow_id="00000000-0000-4000-8000-00000000000a",
        tool_trace_id="00000000-0000-4000-8000-00000000000b",
        kind="changes",
        headline=headline,
        changes=[ToldChange(sentence="Deals in logistics close more often.", evidence="31 % (was 22 %)")],
        briefing_id=briefing_id,
        warehouse="w",
        created_at=datetime.fromisoformat("2026-03-02T08:00:00+00:00"),
        analysed_again=False,
        significant=1,
        notes=[],
        markdown=f"# {headline}\n",
    )


def keep(house: House, kept: Briefing | None = None) -> None:
    """Keep a briefing as the graph of briefings does."""
    kept = kept or briefing()
    house.artifacts.save_document("briefing", kept.briefing_id, kept.model_dump(mode="json"))


def queued(house: House, *said: str, briefing_id: str = BRIEFING) -> list[str]:
    """Queue a briefing to these addresses; the ids of their recipients."""
    ids = recipients_for(house.workspace("w"), said)
    queue_briefing(house.database, briefing_id, "w", ids, house.now(), house.new_id)
    return ids


def log_of(house: House) -> list[BriefingDelivery]:
    """The log, in the order in which it was queued."""
    return sorted(deliveries_of(house.database, 500), key=lambda one: one.delivery_id)


class Redirecting(Sender):
    """Posts to a receiver on loopback what is meant for a host outside, and keeps where it was meant for."""

    def __init__(self, base: str) -> None:
        super().__init__(Reach(private=True))
        self._base, self.meant = base, list[str]()

    def post(self, url: str, headers: Any, body: bytes) -> Answer:
        self.meant.append(url)
        return super().post(self._base, headers, body)


Deliver = Callable[..., BriefingDeliverer]


@pytest.fixture
def deliverer_to(house: House) -> Deliver:
    """A deliverer that mails to this port of loopback: `deliverer_to(port, tls=…, sender=…)`."""

    def made(port: int, *, login: str = "", scheme: str = "smtp", query: str = "", **how: Any) -> Any:
        settings = Settings(
            home=house.home,
            base_url="https://icp.example.com",
            mail_server=f"{scheme}://{login}127.0.0.1:{port}{query}",
            mail_from="Fieldmark <briefings@icp.example.com>",
            webhooks_private=True,
            webhooks_concurrency=2,
        )
        forms = how.pop("forms", FakeForms())
        channels = Channels(house, settings, forms=forms, sender=how.pop("sender", None))
        return BriefingDeliverer(
            house, settings, mailing=lambda: Mailing(house, settings, forms=forms, **how), channels=channels
        )

    return made
