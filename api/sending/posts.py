"""What is posted to Slack and to other programs?"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from api.sending.forms import SlackForm

if TYPE_CHECKING:
    from agent.briefing_result import Briefing

Json = dict[str, Any]


def slack_post(form: SlackForm) -> Json:
    """A message of blocks; the text is what a notification shows."""
    return {"text": form.text, "blocks": form.blocks, "unfurl_links": False}


def webhook_post(briefing: "Briefing", page: str, at: datetime) -> Json:
    """The whole briefing, as other messages of the house are told."""
    data = {**briefing.model_dump(mode="json"), "links": {"page": page}}
    return {"type": "briefing.ready", "timestamp": at.isoformat(), "data": data}
