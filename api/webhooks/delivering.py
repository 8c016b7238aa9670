"""How do the messages of the outbox reach whoever listens, once, whatever is killed or hangs?"""

import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

import orjson

from api.settings import Settings
from api.webhooks.endpoints import reach_of
from api.webhooks.retrying import next_attempt
from api.webhooks.sending import Answer, Sender
from api.webhooks.signing import opened, signed_headers
from store.records.deliveries import Claimed, claim_due, forget_old, settle
from store.records.webhooks import sealed_secrets
from store.watching import happening
from store.workspace import House

POLL_S = 1.0  # how often the outbox is looked into
SWEEP_S = 3600.0  # how often what is old is forgotten

log = logging.getLogger(__name__)


class Deliverer:
    """Sends what is due, of all organisations of a house. Many may, in many processes."""

    def __init__(
        self, house: House, settings: Settings, sender: Sender | None = None, poll_seconds: float = POLL_S
    ) -> None:
        self._house, self._records, self._poll = house, house.everywhere, poll_seconds
        self._concurrency = settings.webhooks_concurrency
        self._sender = sender or Sender(reach_of(settings))

    def run(self, stop: Event) -> None:
        """Deliver until it is told to stop; what is being sent then is sent to its end."""
        swept = self._house.now()
        while not stop.is_set():
            try:
                self.deliver_due(stop)
                if (self._house.now() - swept).total_seconds() > SWEEP_S:
                    swept = self._house.now()
                    forget_old(self._records, swept)
            except Exception as error:  # noqa: BLE001  # the records cannot be reached: they will be again
                log.error("webhooks wait: %s", type(error).__name__)
            stop.wait(self._poll)

    def deliver_due(self, stop: Event | None = None) -> int:
        """Make every attempt that is due, as the clock of the house goes; how many were made."""
        made, running = 0, set[Future[None]]()
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="webhook") as pool:
            while True:
                stopping = stop is not None and stop.is_set()
                claimed = [] if stopping else self._claim(self._concurrency - len(running))
                made += len(claimed)
                running |= {pool.submit(self._attempt, one) for one in claimed}
                if not running:
                    return made
                # What is told meanwhile does not wait for what hangs.
                _, running = wait(running, timeout=self._poll, return_when=FIRST_COMPLETED)

    def _claim(self, most: int) -> list[Claimed]:
        if most <= 0:
            return []
        each = max(1, self._concurrency // 2)
        return claim_due(self._records, self._house.now(), self._house.new_id(), most, each)

    def _attempt(self, claimed: Claimed) -> None:
        try:
            self._send(claimed)
        except Exception as error:  # noqa: BLE001  # its claim runs out, and it is tried again
            log.error("%s failed: %s", claimed.delivery.delivery_id, type(error).__name__)

    def _send(self, claimed: Claimed) -> None:
        message, endpoint = claimed.message, claimed.endpoint
        if not endpoint.enabled:
            self._settle(claimed, Answer(), "disabled")
            return
        body, now = orjson.dumps(message.payload), self._house.now()
        try:
            secrets = [opened(kept, self._house.signer) for kept in sealed_secrets(endpoint, now)]
        except ValueError:
            self._settle(claimed, Answer(), "secret")
            return
        headers = signed_headers(secrets, message.message_id, now, body)
        with happening("delivery", message.event, message_id=message.message_id) as attempt:
            answer = self._sender.post(endpoint.url, headers, body)
            attempt.outcome = error_of(answer) or "sent"
            attempt.note(status=answer.status or 0, bytes_out=len(body))
        self._settle(claimed, answer, error_of(answer))

    def _settle(self, claimed: Claimed, answer: Answer, error: str) -> None:
        delivery, now = claimed.delivery, self._house.now()
        again = error and error not in ("gone", "disabled", "secret")
        again_at = next_attempt(delivery.delivery_id, delivery.attempts, now, answer.retry_after)
        settle(
            self._records,
            claimed,
            now,
            status=answer.status,
            error=error,
            again_at=again_at if again else None,
        )


def error_of(answer: Answer) -> str:
    """What kind of failure an answer is; empty when it is none."""
    if answer.status is None:
        return "no_answer"
    if 200 <= answer.status < 300:
        return ""
    if answer.status == 410:
        return "gone"
    return "redirected" if 300 <= answer.status < 400 else "refused"
