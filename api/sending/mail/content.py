"""What does a briefing look like as a mail?"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Protocol, cast

# What has no space to fold at: the library would write a long one in the code of words (RFC 2047), which no
# mailbox reads as an address or a link. Each is ASCII, and far shorter than the 998 signs of a line.
WHOLE = ("list-unsubscribe", "message-id", "to")
MESSAGE_ID = re.compile(r"[0-9a-f]{40}")


class _WholeLines(EmailPolicy):
    def fold(self, name: str, value: Any) -> str:
        # A subject that would not fit beside its name is begun on an empty line, which some mailboxes show.
        is_whole = name.lower() in WHOLE or (name.lower() == "subject" and str(value).isascii())
        return f"{name}: {value}\r\n" if is_whole else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


# Every line ends as SMTP wants it, and no server on the way has to know 8BITMIME.
POLICY = _WholeLines(linesep="\r\n", cte_type="7bit")


class Image(Protocol):
    """A picture that the HTML shows by `cid:`."""

    @property
    def cid(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class MailForm(Protocol):
    """A briefing as its mail reads: made in `api/report/briefing`."""

    @property
    def subject(self) -> str: ...

    @property
    def html(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def images(self) -> Sequence[Image]: ...


def mail_content(
    form: MailForm,
    *,
    sender: Address,
    to: str,
    message_id: str,
    at: datetime,
    unsubscribe: str,
    pdf: tuple[str, bytes] | None = None,
) -> bytes:
    """The mail, byte for byte the same however often it is made: plain text first, then HTML with its images,
    then the PDF (name and content).

    unsubscribe: of which a POST is enough (RFC 8058). message_id: the left part; its host is the sender's.
    """
    mail = EmailMessage(policy=POLICY)
    _head(mail, form.subject, sender, to, message_id, at)
    mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    if unsubscribe.startswith("https://"):  # mailboxes follow no other, and say so
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(form.text)
    mail.add_alternative(form.html, subtype="html")
    _, html = mail.iter_parts()
    for image in form.images:
        cid, kind = f"<{image.cid}>", _kind(image.content)
        cast(EmailMessage, html).add_related(image.content, "image", kind, cid=cid, disposition="inline")
    if pdf:
        mail.add_attachment(pdf[1], "application", "pdf", filename=pdf[0])
    _fix_boundaries(mail, message_id)
    return mail.as_bytes()


def _head(mail: EmailMessage, subject: str, sender: Address, to: str, message_id: str, at: datetime) -> None:
    mail["From"] = sender
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = " ".join(subject.split())  # a headline is of one line, whoever wrote the words in it
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@{sender.domain}>"
    # Nobody's out-of-office answers it (RFC 3834; the other is Microsoft's).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"


def _kind(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "png"
    return "jpeg" if content.startswith(b"\xff\xd8") else "gif" if content.startswith(b"GIF8") else "svg+xml"


def _fix_boundaries(mail: EmailMessage, message_id: str) -> None:
    """They would be drawn at random: a mail that is sent again is the same."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{message_id}_{number}")
