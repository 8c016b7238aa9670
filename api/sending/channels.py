"""How is one briefing posted to Slack, to Teams, to another program or service?"""

import base64

import orjson

from api.sending.briefings import Outgoing
from api.sending.forms import Forms
from api.sending.posts import Json, slack_post, webhook_post
from api.sending.services import Services
from api.sending.settling import settled_post
from api.settings import Settings
from api.webhooks.endpoints import reach_of
from api.webhooks.sending import Answer, Sender
from api.webhooks.signing import PREFIX, signed_headers
from store.records.briefing_deliveries import Claimed, Settled
from store.signing import Signer
from store.workspace import House


class Channels:
    """Posts briefings. What has a URL of its own is reached as webhooks are: at addresses that were checked.

    Slack's and Teams' incoming webhooks are posted to here and not by apprise, which takes no blocks and
    follows names wherever they lead.
    """

    def __init__(
        self,
        house: House,
        settings: Settings,
        *,
        forms: Forms | None = None,
        sender: Sender | None = None,
        services: Services | None = None,
    ) -> None:
        self._house, self._forms = house, forms or Forms()
        self._outgoing = Outgoing(house, settings.base_url)
        self._sender = sender or Sender(reach_of(settings))
        self._services = services or Services()

    def send(self, claimed: Claimed) -> Settled:
        """How it ended."""
        assert claimed.recipient is not None
        try:
            url = self._outgoing.address(claimed)
        except ValueError:
            return Settled("dead", error="secret")
        answer = self._posted(claimed, claimed.recipient.channel, url)
        is_slack = claimed.recipient.channel == "slack"
        return settled_post(claimed.delivery, answer, self._house.now(), is_slack=is_slack)

    def _posted(self, claimed: Claimed, channel: str, url: str) -> Answer:
        briefing, page = self._outgoing.briefing(claimed), self._outgoing.page(claimed)
        if not url.startswith(("https://", "http://")):
            return self._services.post(url, briefing.headline, self._forms.markdown(briefing, page))
        if channel == "slack":
            return self._post(claimed, url, slack_post(self._forms.slack(briefing, page)))
        if channel == "teams":
            return self._post(claimed, url, self._forms.teams(briefing, page).payload)
        return self._post(
            claimed, url, webhook_post(briefing, page, claimed.delivery.created_at), signed=True
        )

    def _post(self, claimed: Claimed, url: str, content: Json, *, signed: bool = False) -> Answer:
        body = orjson.dumps(content)
        headers = self._signed(claimed, body) if signed else {}
        return self._sender.post(url, headers, body)

    def _signed(self, claimed: Claimed, body: bytes) -> dict[str, str]:
        secret = webhook_secret(self._house.signer, claimed.delivery.recipient_id)
        return signed_headers([secret], claimed.delivery.message_id, self._house.now(), body)


def webhook_secret(signer: Signer, recipient_id: str) -> str:
    """With what briefings to this webhook are signed (Standard Webhooks): `whsec_…`. It follows from the
    house's secret, so that it is kept nowhere.
    """
    key = bytes.fromhex(signer.digest(f"secret of a recipient\n{recipient_id}".encode()))
    return PREFIX + base64.b64encode(key).decode()
