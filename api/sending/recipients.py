"""How are recipients added, shown, ended and removed, and what became of what they were sent?"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.sending.channels import webhook_secret
from api.sending.mail.bounces import bounce_in
from api.sending.services import is_service
from api.webhooks.addresses import Reach
from api.webhooks.destinations import Resolve, addresses_of, destination_of, system_resolve
from store.errors import BadInput, Conflict
from store.records.briefing_deliveries import DeliveryStatus, note_bounce, shown_of
from store.records.recipient_address import LONGEST_URL, TAKEN, address_of
from store.records.recipients import (
    BriefingDelivery,
    Channel,
    Recipient,
    RecipientStatus,
    known_or_new,
    recipient_named,
    set_status,
)
from store.workspace import House

HTTP = ("https://", "http://")


class NewRecipient(BaseModel):
    """Somebody, or something, that is to get briefings."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(
        min_length=1,
        max_length=LONGEST_URL,
        description="A mail address, or the URL of a channel: `slack://…`, `workflows://…`, `jsons://…`. A "
        "channel needs the scope `admin`.",
    )


class RecipientChange(BaseModel):
    """What is to be different."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["active"] = Field(description="After a bounce, once the mailbox or channel is there.")


class RecipientShown(BaseModel):
    """A recipient, masked."""

    recipient_id: str
    channel: Channel
    shown: str = Field(description="As much of the address as tells it apart: `a…@example.com`.")
    status: RecipientStatus
    status_at: datetime | None
    created_by: str
    created_at: datetime
    secret: str | None = Field(
        default=None, description="With what briefings to a webhook are signed: `whsec_…`; shown when added."
    )


class BriefingSent(BaseModel):
    """One briefing on its way to one recipient."""

    delivery_id: str
    briefing_id: str
    warehouse: str
    recipient_id: str
    shown: str = Field(description="To whom, masked; empty where they were removed.")
    channel: Channel | None
    status: DeliveryStatus = Field(
        description="`pending`, `sent` (its server took it), `failed` (it is tried again), `dead` (it is "
        "not), `bounced` or `unsubscribed`."
    )
    attempts: int
    next_attempt_at: datetime | None
    last_code: int | None = Field(description="Of SMTP or HTTP.")
    last_error: str = Field(
        description="`no_answer`, `tls`, `login`, `sender`, `deferred`, `refused`, `bounced`, `delayed`, "
        "`gone`, `redirected`, `no_mail_server`, `settings`, `secret`, `removed`, `unsubscribed`, `killed` "
        "or `failed`."
    )
    created_at: datetime
    ended_at: datetime | None


class BouncedMail(BaseModel):
    """A mail that came back."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(
        min_length=1,
        max_length=5 << 20,
        description="The notification (RFC 3464) as it arrived: its source. It is not kept.",
    )


class BounceNoted(BaseModel):
    """What a notification changed."""

    delivery: BriefingSent | None = Field(description="None: it says that the mail arrived.")
    is_permanent: bool


def add_recipient(
    house: House, reach: Reach, wanted: NewRecipient, actor: str, resolve: Resolve = system_resolve
) -> RecipientShown:
    """The recipient of an address: a new one, or the one there is. Raises BadInput that does not tell it."""
    address = address_of(wanted.address, "address")
    if address.channel in ("webhook", "teams"):  # whose host is anybody's choice
        addresses_of(destination_of(address.value, reach), reach, resolve)
    elif not address.value.startswith(HTTP) and address.channel != "mail" and not is_service(address.value):
        raise BadInput("Not a channel that briefings are sent to", where="address", instead=TAKEN)
    kept = known_or_new(house, house.signer, address, actor)
    secret = webhook_secret(house.signer, kept.recipient_id) if kept.channel == "webhook" else None
    return recipient_shown(kept, secret)


def needs_admin(wanted: NewRecipient) -> bool:
    """Whether only an administrator adds it: a channel leaves the house. Raises BadInput."""
    return address_of(wanted.address, "address").channel != "mail"


def change_recipient(house: House, recipient_id: str, change: RecipientChange) -> RecipientShown:
    """The recipient as it is now. Raises NotFound, and Conflict where they unsubscribed themselves."""
    found = recipient_named(house.database, recipient_id)
    if found.status == "unsubscribed":
        raise Conflict(
            "They unsubscribed, and only they can take that back",
            where="status",
            instead="The link in any of their mails has a button for it.",
        )
    return recipient_shown(set_status(house.database, recipient_id, change.status, house.now()))


def recipient_shown(recipient: Recipient, secret: str | None = None) -> RecipientShown:
    """The recipient without what is sealed."""
    kept = recipient.model_dump(include=set(RecipientShown.model_fields))
    return RecipientShown.model_validate(kept | {"secret": secret})


def deliveries_shown(house: House, found: list[BriefingDelivery]) -> list[BriefingSent]:
    """These deliveries, with whom they are to, masked."""
    known = shown_of(house.database, found)
    return [_delivery_shown(one, known.get(one.recipient_id)) for one in found]


def _delivery_shown(one: BriefingDelivery, recipient: Recipient | None) -> BriefingSent:
    kept = one.model_dump(include=set(BriefingSent.model_fields))
    shown, channel = (recipient.shown, recipient.channel) if recipient else ("", None)
    return BriefingSent.model_validate(kept | {"shown": shown, "channel": channel})


def note_bounced(house: House, content: bytes) -> BounceNoted:
    """What a notification says became of a mail. Raises BadFile and NotFound."""
    bounce = bounce_in(content)
    if bounce is None:
        return BounceNoted(delivery=None, is_permanent=False)
    permanent = bounce.is_permanent
    found = note_bounce(house.database, bounce.message_id, bounce.code, house.now(), is_permanent=permanent)
    return BounceNoted(delivery=deliveries_shown(house, [found])[0], is_permanent=permanent)
