"""The briefing's own forms go out as they are drawn: no stand-ins here."""

import orjson
import pytest

from api.sending.forms import Forms
from store.workspace import House
from tests.api.sending.conftest import Deliver, Redirecting, Serve, Sink, keep, log_of, queued
from tests.api.webhooks.conftest import Receiver

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
WORKFLOW = "https://prod-1.logic.azure.com/workflows/abc1/triggers/manual/paths/invoke?sig=SIG"


def test_every_form_of_a_briefing_is_sent_as_it_is_drawn(
    house: House, serve: Serve, deliverer_to: Deliver, receiver: Receiver
):
    keep(house)
    queued(house, "anna.lind@example.com", "slack://T1/B1/C1", WORKFLOW, "https://hooks.example.com/x")
    sink = Sink()
    deliverer = deliverer_to(serve(sink).port, forms=Forms(), sender=Redirecting(receiver.url))
    assert deliverer.deliver_due() == 4
    assert {one.status for one in log_of(house)} == {"sent"}
    (mail,) = sink.mails
    said = {part.get_content_type(): part for part in mail.walk()}
    assert said["application/pdf"].get_content().startswith(b"%PDF-")
    for kind in ("text/plain", "text/html"):
        assert "/unsubscribe?r=local.rcp_" in said[kind].get_content()
        assert "Deals in logistics close more often." in said[kind].get_content()
    bodies = [orjson.loads(body) for _, body in receiver.got]
    assert len([body for body in bodies if "blocks" in body]) == 1
    assert len([body for body in bodies if "attachments" in body]) == 1
    assert len([body for body in bodies if body.get("type") == "briefing.ready"]) == 1
