"""Which briefing is to be sent, and where is it read?"""

from functools import lru_cache
from typing import TYPE_CHECKING

from api.sending.links import page_url, unsubscribe_url
from store.records.briefing_deliveries import Claimed
from store.records.recipient_address import opened
from store.workspace import House

if TYPE_CHECKING:
    from agent.briefing_result import Briefing

KIND = "briefing"


class Outgoing:
    """What an attempt needs beside its claim. The house is any organisation's; each delivery has its own."""

    def __init__(self, house: House, base_url: str) -> None:
        self._house, self._base_url = house, base_url
        self._read = lru_cache(maxsize=4)(self._briefing)  # one briefing has many recipients

    def briefing(self, claimed: Claimed) -> "Briefing":
        """The briefing of a delivery. Raises NotFound while it is not kept yet."""
        return self._read(claimed.delivery.organisation_id, claimed.delivery.briefing_id)

    def _briefing(self, organisation_id: str, briefing_id: str) -> "Briefing":
        from agent.briefing_result import Briefing

        kept = self._house.of(organisation_id).artifacts.document(KIND, briefing_id)
        return Briefing.model_validate(kept)

    def address(self, claimed: Claimed) -> str:
        """The address, opened. Raises ValueError when the house's key is another one."""
        assert claimed.recipient is not None  # whoever was removed is sent nothing
        return opened(claimed.recipient.sealed, self._house.signer)

    def page(self, claimed: Claimed) -> str:
        """Where the briefing is read."""
        return page_url(self._base_url, claimed.delivery.briefing_id)

    def unsubscribe(self, claimed: Claimed) -> str:
        """Where the recipient ends them."""
        of, who = claimed.delivery.organisation_id, claimed.delivery.recipient_id
        return unsubscribe_url(self._base_url, self._house.signer, of, who)
