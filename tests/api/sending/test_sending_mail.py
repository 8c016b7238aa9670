"""A briefing arrives in a mailbox as it was written, once, through whatever server there is."""

import socket
import ssl
import threading
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from itertools import pairwise
from typing import cast

import pytest

from api.sending.mail.content import mail_content
from api.sending.mail.line import MailLine
from api.sending.mail.server import mail_server_of
from api.settings import Settings
from store.errors import BadInput
from store.workspace import House
from tests.api.sending.conftest import (
    PASSWORD,
    PDF,
    PNG,
    USER,
    Certificates,
    Deliver,
    FakeForms,
    FakeMail,
    Serve,
    Sink,
    briefing,
    keep,
    log_of,
    only_this_login,
    queued,
)
from tests.conftest import Clock

PERSON = "anna.lind@example.com"


def test_the_mail_is_plain_text_first_then_html_with_its_images_then_the_pdf(
    house: House, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    (recipient_id,) = queued(house, PERSON)
    sink = Sink()
    assert deliverer_to(serve(sink).port).deliver_due() == 1
    ((to, _),) = sink.taken
    (mail,) = sink.mails
    assert to == PERSON
    alternative, pdf = mail.iter_parts()
    text, related = alternative.iter_parts()
    html, image = related.iter_parts()
    kinds = [part.get_content_type() for part in (alternative, text, related, html, image, pdf)]
    assert kinds == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"),
        "application/pdf",
    ]
    assert "Two things changed, both real" in text.get_content()
    assert 'src="cid:chart-1"' in html.get_content()
    assert (image["Content-ID"], image.get_content(), pdf.get_content()) == ("<chart-1>", PNG, PDF)
    assert pdf.get_filename() == "briefing-2026-03-02.pdf"
    assert recipient_id not in str(mail["To"])


def test_the_head_names_the_sender_the_mail_and_the_way_out(
    house: House, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    queued(house, PERSON)
    sink = Sink()
    deliverer_to(serve(sink).port).deliver_due()
    (mail,), (delivery,) = sink.mails, log_of(house)
    assert mail["From"] == "Fieldmark <briefings@icp.example.com>"
    assert mail["Message-ID"] == f"<{delivery.message_id}@icp.example.com>"
    assert mail["Date"].datetime == delivery.created_at
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"].startswith("<https://icp.example.com/unsubscribe?r=local.rcp_")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (delivery.status, delivery.attempts, delivery.last_code) == ("sent", 1, 250)
    assert sink.envelopes[0][0] == "briefings@icp.example.com"


def test_what_a_machine_reads_of_the_head_is_written_out_however_long_it_is():
    """A mailbox looks for `<https://` itself: it decodes no words there."""
    link = "https://icp.example.com/unsubscribe?r=" + "x" * 200
    to = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example"
    content = mail_content(
        FakeMail("Ü" * 200, "<p>x</p>", "x"),
        sender=Address("Ärzte " * 20, "briefings", f"{'d' * 60}.{'e' * 60}.example.com"),
        to=to,
        message_id="0" * 40,
        at=Clock().time,
        unsubscribe=link,
    )
    lines = content.split(b"\r\n")
    assert f"List-Unsubscribe: <{link}>".encode() in lines
    assert f"To: {to}".encode() in lines
    assert f"Message-ID: <{'0' * 40}@{'d' * 60}.{'e' * 60}.example.com>".encode() in lines
    mail = cast(EmailMessage, message_from_bytes(content, policy=default))
    assert mail["Subject"] == "Ü" * 200
    assert mail["From"].addresses[0].domain == f"{'d' * 60}.{'e' * 60}.example.com"


def test_several_mails_go_through_one_connection_and_the_pdf_is_drawn_once(
    house: House, serve: Serve, deliverer_to: Deliver
):
    keep(house)
    queued(house, *(f"person{number}@example.com" for number in range(12)))
    sink, forms = Sink(), FakeForms()
    served = serve(sink)
    assert deliverer_to(served.port, forms=forms).deliver_due() == 12
    assert (served.connections, forms.pdfs) == (1, 1)
    assert sorted(to for to, _ in sink.taken) == sorted(f"person{number}@example.com" for number in range(12))
    assert len({mail["Message-ID"] for mail in sink.mails}) == 12
    assert deliverer_to(served.port).deliver_due() == 0


def test_nothing_in_a_headline_becomes_a_header(house: House, serve: Serve, deliverer_to: Deliver):
    keep(house, briefing("Up\r\nBcc: evil@example.net\r\n\r\nbody"))
    queued(house, PERSON)
    sink = Sink()
    deliverer_to(serve(sink).port).deliver_due()
    (mail,) = sink.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Up Bcc: evil@example.net body"
    assert [to for to, _ in sink.taken] == [PERSON]


def test_a_mail_made_twice_is_the_same_byte_for_byte_and_every_line_is_short():
    form = FakeMail("Überschrift " * 30, "<p>" + "ä" * 3000 + "</p>", "ä" * 3000)
    made = [
        mail_content(
            form,
            sender=Address("Fieldmark", "a", "example.com"),
            to=PERSON,
            message_id="0" * 40,
            at=Clock().time,
            unsubscribe="http://127.0.0.1:8321/unsubscribe?r=x",
            pdf=("b.pdf", PDF),
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0].isascii()
    assert max(map(len, made[0].split(b"\r\n"))) <= 998
    assert b"List-Unsubscribe-Post" not in made[0]  # of a page without TLS no mailbox would take it
    assert all(before == 13 for before, after in pairwise(made[0]) if after == 10)


def test_starttls_and_a_login_are_done_before_anything_is_said(
    house: House, serve: Serve, deliverer_to: Deliver, certificates: Certificates
):
    keep(house)
    queued(house, PERSON)
    sink = Sink()
    served = serve(
        sink,
        tls_context=certificates.server,
        require_starttls=True,
        auth_required=True,
        authenticator=only_this_login,
    )
    login = f"{USER}:p%40ss%3Aword@"
    assert PASSWORD == "p@ss:word"
    deliverer_to(served.port, login=login, tls=certificates.trusting).deliver_due()
    assert len(sink.taken) == 1


def test_a_certificate_that_nobody_trusts_and_a_wrong_password_are_tried_again_later(
    house: House, serve: Serve, deliverer_to: Deliver, certificates: Certificates, clock: Clock
):
    """First the certificate does not hold, then the password; the third attempt is right."""
    keep(house)
    queued(house, PERSON)
    sink = Sink()
    port = serve(
        sink, tls_context=certificates.server, auth_required=True, authenticator=only_this_login
    ).port
    deliverer_to(port, login=f"{USER}:x@", tls=ssl.create_default_context()).deliver_due()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error, sink.asked) == ("failed", "tls", 0)
    clock.advance(hours=1)
    deliverer_to(port, login=f"{USER}:x@", tls=certificates.trusting).deliver_due()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error, delivery.last_code) == ("failed", "login", 535)
    clock.advance(hours=1)
    deliverer_to(port, login=f"{USER}:p%40ss%3Aword@", tls=certificates.trusting).deliver_due()
    assert log_of(house)[0].status == "sent"


def test_tls_from_the_first_byte(
    house: House, serve: Serve, deliverer_to: Deliver, certificates: Certificates
):
    keep(house)
    queued(house, PERSON)
    sink = Sink()
    port = serve(sink, ssl_context=certificates.server).port
    deliverer_to(port, scheme="smtps", tls=certificates.trusting).deliver_due()
    assert len(sink.taken) == 1


@pytest.mark.parametrize("cut_at", ["greeting", "mail"])
def test_a_server_that_drips_is_left_when_its_time_is_over(house: House, deliverer_to: Deliver, cut_at: str):
    """A byte now and then never runs into the time that a read may take: the whole has its own."""
    keep(house)
    queued(house, PERSON)
    done = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    greetings = b"220 sink\r\n250 sink\r\n" if cut_at == "mail" else b""
    dripping = threading.Thread(target=_drip, args=(listener, greetings, done))
    dripping.start()
    try:
        deliverer_to(listener.getsockname()[1], seconds=0.5).deliver_due()
    finally:
        done.set()
        dripping.join(20)
        listener.close()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error, delivery.last_code) == ("failed", "no_answer", None)


def _drip(listener: socket.socket, greetings: bytes, done: threading.Event) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(greetings)
        try:
            while not done.wait(0.05):
                connection.sendall(b"2")
        except OSError:
            pass


def test_nobody_who_listens_is_no_answer(house: House, deliverer_to: Deliver):
    keep(house)
    queued(house, PERSON)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    deliverer_to(port).deliver_due()
    (delivery,) = log_of(house)
    assert (delivery.status, delivery.last_error) == ("failed", "no_answer")


def test_a_connection_that_was_lost_between_two_mails_is_made_again(serve: Serve):
    sink = Sink()
    served = serve(sink)
    settings = Settings(mail_server=f"smtp://127.0.0.1:{served.port}", mail_from="a@example.com")
    server = mail_server_of(settings)
    assert server is not None
    line = MailLine(server)
    assert line.send("b@example.com", "0" * 40, b"Subject: 1\r\n\r\n1\r\n").stage == ""
    assert line._client is not None
    line._client.cut()
    assert line.send("b@example.com", "1" * 40, b"Subject: 2\r\n\r\n2\r\n").stage == ""
    line.close()
    assert (served.connections, len(sink.taken)) == (2, 2)


def test_outside_this_machine_nothing_is_said_without_tls(serve: Serve, monkeypatch: pytest.MonkeyPatch):
    """A server that offers no STARTTLS, or that somebody on the way made so, hears neither login nor mail."""
    sink = Sink()
    port = serve(sink).port
    outside, connect = ("relay.example.com", port), socket.create_connection

    def resolved(to: tuple[str, int], seconds: float) -> socket.socket:
        return connect(("127.0.0.1", port) if to == outside else to, seconds)

    monkeypatch.setattr(socket, "create_connection", resolved)
    for query, stage in (("", "tls"), ("?tls=no", "")):
        settings = Settings(mail_server=f"smtp://{outside[0]}:{port}{query}", mail_from="a@example.com")
        server = mail_server_of(settings)
        assert server is not None
        line = MailLine(server)
        assert line.send("b@example.com", "0" * 40, b"Subject: 1\r\n\r\n1\r\n").stage == stage
        line.close()
    assert sink.asked == 1


@pytest.mark.parametrize(
    ("server", "sender"),
    [
        ("smtp://", "a@example.com"),
        ("smtp://host:99999", "a@example.com"),
        ("smtp://host?tls=yes", "a@example.com"),
        ("smtp://host/path", "a@example.com"),
        ("smtp://host", ""),
        ("smtp://host", "Fieldmark"),
        ("smtp://host", "a@example.com\r\nBcc: b@example.com"),
        ("smtp://host", "slack://T1/B1/C1"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_by_its_name(server: str, sender: str):
    settings = Settings.model_construct(mail_server=server, mail_from=sender)
    with pytest.raises(BadInput, match="FIELDMARK_MAIL_"):
        mail_server_of(settings)


def test_of_a_server_everything_but_the_password_can_be_shown():
    settings = Settings(mail_server="smtps://u%40x:s%2Fecret@mail.example.com", mail_from="F <a@example.com>")
    server = mail_server_of(settings)
    assert server is not None
    assert (server.host, server.port, server.tls) == ("mail.example.com", 465, "whole")
    assert (server.user, server.password) == ("u@x", "s/ecret")
    assert "ecret" not in repr(server)
    assert mail_server_of(Settings()) is None
