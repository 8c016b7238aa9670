"""What are the forms of a briefing made of?"""

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from store.errors import BadInput


class Links(BaseModel):
    """Where the links of a form lead."""

    page: str = Field(description="The page of the briefing, whole: `https://…`.")
    unsubscribe: str | None = Field(default=None, description="Of this recipient.")
    feedback: str | None = Field(default=None, description="Where to say whether it was right.")

    def model_post_init(self, _: Any) -> None:
        """Refuse what no mail should link to. Raises BadInput naming the field."""
        for name, link in self:
            if link is not None and not _is_web(link):
                raise BadInput(
                    "A link of a briefing leads to a page of the web",
                    where=f"links.{name}",
                    instead="It begins with https:// or http:// and holds no spaces.",
                )

    def of(self, path: str) -> str:
        """The whole address of a path of the house; the briefing's page where there is none."""
        found = urlsplit(self.page)
        return f"{found.scheme}://{found.netloc}{path}" if path else self.page


def _is_web(link: str) -> bool:
    found = urlsplit(link)
    return (
        found.scheme in ("http", "https")
        and bool(found.netloc)
        and not any(sign.isspace() or sign in '<>"\\`' or not sign.isprintable() for sign in link)
    )


class Image(BaseModel):
    """A picture that a mail carries; the HTML names it `cid:CID`."""

    cid: str
    content: bytes = Field(description="PNG, drawn at twice its width and height.")
    alt: str
    width: int
    height: int


class MailForm(BaseModel):
    """A mail: HTML, the same as plain text, and the pictures of the HTML."""

    subject: str
    html: str
    text: str
    images: list[Image]


class SlackForm(BaseModel):
    """A message of Slack: blocks, and the text that notifications show."""

    text: str
    blocks: list[dict[str, Any]]


class TeamsForm(BaseModel):
    """A message of Teams: what its webhooks take, an adaptive card."""

    text: str
    payload: dict[str, Any]
