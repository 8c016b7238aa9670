"""A briefing in every form: mail, Slack, Teams, Markdown, PDF. Each is drawn from the `Briefing` alone."""

from api.report.briefing.drawing.charts import chart_png, chart_svg
from api.report.briefing.forms import Image, Links, MailForm, SlackForm, TeamsForm
from api.report.briefing.mail import mail_of
from api.report.briefing.markdown import markdown_of
from api.report.briefing.pdf import pdf_of, pdf_pages
from api.report.briefing.slack import slack_of
from api.report.briefing.teams import teams_of
from api.report.briefing.told.telling import told

__all__ = [
    "Image",
    "Links",
    "MailForm",
    "SlackForm",
    "TeamsForm",
    "chart_png",
    "chart_svg",
    "mail_of",
    "markdown_of",
    "pdf_of",
    "pdf_pages",
    "slack_of",
    "teams_of",
    "told",
]
