"""How do briefings reach their recipients, each once, whatever is killed or hangs?"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from api.sending.channels import Channels
from api.sending.mail.mailing import Mailing
from api.sending.settling import again_or_dead
from api.settings import Settings
from api.webhooks.retrying import ATTEMPTS
from store.errors import ToolRefused
from store.records.briefing_deliveries import Claimed, Settled, claim_due, is_any_due, settle
from store.watching import happening
from store.workspace import House

POLL_S = 2.0  # how often it is looked whether a briefing is due

log = logging.getLogger(__name__)


class BriefingDeliverer:
    """Sends the briefings that are due, of all organisations of a house. Many may, in many processes.

    Each delivery is claimed before it is sent and settled after: of two deliverers one has it. A process
    that is killed between the server's answer and the settling leaves a claim that runs out after five
    minutes, and then it is sent again: as the same mail, by its Message-ID and byte for byte, which most
    mailboxes show once; as the same webhook, by its id. Nothing between a mail server and a record can do
    better.
    """

    def __init__(
        self,
        house: House,
        settings: Settings,
        *,
        mailing: Callable[[], Mailing] | None = None,
        channels: Channels | None = None,
        poll_seconds: float = POLL_S,
    ) -> None:
        self._house, self._records, self._poll = house, house.everywhere, poll_seconds
        self._concurrency = settings.webhooks_concurrency
        self._mailing = mailing or (lambda: Mailing(house, settings))
        self._channels = channels or Channels(house, settings)

    def run(self, stop: Event) -> None:
        """Deliver until it is told to stop; what is being sent then is sent to its end."""
        while not stop.is_set():
            try:
                self.deliver_due(stop)
            except Exception as error:  # noqa: BLE001  # the records cannot be reached: they will be again
                log.error("briefings wait: %s", type(error).__name__)
            stop.wait(self._poll)

    def deliver_due(self, stop: Event | None = None) -> int:
        """Make every attempt that is due, as the clock of the house goes; how many were made."""
        stop = stop or Event()
        if not is_any_due(self._records, self._house.now()):
            return 0
        with ThreadPoolExecutor(self._concurrency + 1, thread_name_prefix="briefing") as pool:
            posting = [pool.submit(self._post_due, stop) for _ in range(self._concurrency)]
            return self._mail_due(stop) + sum(each.result() for each in posting)

    def _mail_due(self, stop: Event) -> int:
        """Mail what is due through one connection, each claimed when its turn has come."""
        made, mailing = 0, self._mailing()
        try:
            while not stop.is_set() and self._attempted(mailing.send, is_mail=True):
                made += 1
        finally:
            mailing.close()
        return made

    def _post_due(self, stop: Event) -> int:
        made = 0
        while not stop.is_set() and self._attempted(self._channels.send, is_mail=False):
            made += 1
        return made

    def _attempted(self, send: Callable[[Claimed], Settled], *, is_mail: bool) -> bool:
        """Whether there was an attempt to make."""
        claim = self._house.new_id()
        found = claim_due(self._records, self._house.now(), claim, 1, mail=is_mail)
        for claimed in found:
            with happening("delivery", "briefing", delivery_id=claimed.delivery.delivery_id) as attempt:
                how = self._sent(claimed, send)
                attempt.outcome = how.error or how.status
                attempt.note(status=how.code or 0)
            settle(self._records, claimed, self._house.now(), how)
        return bool(found)

    def _sent(self, claimed: Claimed, send: Callable[[Claimed], Settled]) -> Settled:
        delivery, recipient = claimed.delivery, claimed.recipient
        if recipient is None or not recipient.sealed:
            return Settled("dead", error="removed")
        if recipient.status == "unsubscribed":
            return Settled("unsubscribed", error="unsubscribed")
        if recipient.status == "bounced":
            return Settled("bounced", error="bounced")
        if delivery.attempts > ATTEMPTS:
            return Settled("dead", delivery.last_code, "killed")  # whoever tried was, every time
        try:
            return send(claimed)
        except ToolRefused as error:
            log.error("%s is not sent: %s", delivery.delivery_id, error.where)
            return again_or_dead(delivery, self._house.now(), "settings")
        except Exception as error:  # noqa: BLE001  # whatever it was: it is tried again
            log.error("%s failed: %s", delivery.delivery_id, type(error).__name__)
            return again_or_dead(delivery, self._house.now(), "failed")
