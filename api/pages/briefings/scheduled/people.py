"""Who can be chosen to get a briefing, and who is it that a form names?"""

import re
from collections.abc import Iterable, Sequence

from api.access.visit import Visit
from api.sending import recipients as sending
from api.sending.recipients import NewRecipient, RecipientShown, recipient_shown
from api.webhooks.endpoints import reach_of
from store.errors import BadInput, NotFound
from store.records.access.members import member_named
from store.records.briefing_deliveries import recipients_of
from store.records.recipient_address import LONGEST_URL
from store.records.recipients import Recipient

MOST = 200  # recipients to choose from, the newest
BETWEEN = re.compile(r"[\s,;]+")


def recipients_to_choose(visit: Visit) -> list[RecipientShown]:
    """The recipients there are, masked, the newest first."""
    return [recipient_shown(each) for each in recipients_of(visit.house.database, MOST)[:MOST]]


def recipients_named(visit: Visit, ids: Iterable[str]) -> list[RecipientShown]:
    """Those of these recipients that were not removed, masked."""
    found = (visit.house.database.get(Recipient, each) for each in ids)
    return [recipient_shown(each) for each in found if each is not None and each.sealed]


def meant(visit: Visit, ids: Sequence[str], typed: str) -> list[str]:
    """The ids of recipients that were ticked, and of addresses that were typed, which may be new.

    Raises BadInput that names the place and not the address, and NotAllowed where a channel is new to
    whoever is no administrator.
    """
    known = [each.recipient_id for each in recipients_named(visit, ids)]
    added = [added_recipient(visit, text).recipient_id for text in BETWEEN.split(typed) if text]
    return list(dict.fromkeys([*known, *added]))


def added_recipient(visit: Visit, address: str) -> RecipientShown:
    """The recipient of an address, the same one each time; a channel needs the scope `admin` too."""
    if not 0 < len(address) <= LONGEST_URL:
        raise BadInput("Not an address", where="address", instead="Give a mail address: `name@example.com`.")
    wanted = NewRecipient(address=address)
    if sending.needs_admin(wanted):
        visit.require("admin")
    made = sending.add_recipient(visit.house, reach_of(visit.settings), wanted, visit.principal.actor)
    visit.note("recipient.added", made.recipient_id, channel=made.channel)
    return made


def own_address(visit: Visit) -> str:
    """The mail address of whoever asks, where it is known."""
    if not visit.principal.actor.startswith("member_"):
        return ""
    try:
        return member_named(visit.house.database, visit.principal.actor).email
    except NotFound:
        return ""
