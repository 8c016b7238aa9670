"""Which form does each channel get? They are drawn in `api/report/briefing`, from the briefing alone."""

from typing import TYPE_CHECKING, Any, Protocol

from api.sending.mail.content import MailForm

if TYPE_CHECKING:
    from agent.briefing_result import Briefing


class SlackForm(Protocol):
    """A briefing for Slack: within its limits, and in one line for a notification."""

    @property
    def text(self) -> str: ...

    @property
    def blocks(self) -> list[dict[str, Any]]: ...


class TeamsForm(Protocol):
    """A briefing for a workflow of Teams: an adaptive card."""

    @property
    def payload(self) -> dict[str, Any]: ...


class Forms:
    """The forms of a briefing. They are imported when the first is asked for: it takes a second."""

    def mail(self, briefing: "Briefing", page: str, unsubscribe: str) -> MailForm:
        """Its mail: HTML, plain text and images."""
        from api.report.briefing import Links, mail_of

        return mail_of(briefing, Links(page=page, unsubscribe=unsubscribe, feedback=None))

    def pdf(self, briefing: "Briefing") -> bytes:
        """Its PDF."""
        from api.report.briefing import pdf_of

        return pdf_of(briefing)

    def slack(self, briefing: "Briefing", page: str) -> SlackForm:
        """Its message to Slack."""
        from api.report.briefing import Links, slack_of

        return slack_of(briefing, Links(page=page, unsubscribe=None, feedback=None))

    def teams(self, briefing: "Briefing", page: str) -> TeamsForm:
        """Its message to Teams."""
        from api.report.briefing import Links, teams_of

        return teams_of(briefing, Links(page=page, unsubscribe=None, feedback=None))

    def markdown(self, briefing: "Briefing", page: str) -> str:
        """It as Markdown."""
        from api.report.briefing import Links, markdown_of

        return markdown_of(briefing, Links(page=page, unsubscribe=None, feedback=None))
