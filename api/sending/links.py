"""Where do the links of a briefing lead, and how does a recipient say without signing in that it is them?"""

import hmac
import re
from urllib.parse import quote

from store.access import LOCAL
from store.errors import NotFound
from store.signing import Signer

PATH = "/unsubscribe"
TOKEN = re.compile(r"(local|org_[A-Za-z0-9-]{1,60})\.(rcp_[A-Za-z0-9_-]{1,80})\.([0-9a-f]{64})")


def unsubscribe_token(signer: Signer, organisation_id: str, recipient_id: str) -> str:
    """Whose briefings, whose address, and our signature over both. It has no end: old mails keep theirs."""
    signature = _signature(signer, organisation_id, recipient_id)
    return f"{organisation_id or LOCAL}.{recipient_id}.{signature}"


def named_by(signer: Signer, token: str) -> tuple[str, str]:
    """The organisation and the recipient of a token. Raises NotFound for one that we did not make."""
    found = TOKEN.fullmatch(token)
    if found and hmac.compare_digest(_signature(signer, found[1], found[2]), found[3]):
        return found[1], found[2]
    raise NotFound(
        "This link is not whole", where="link", instead="Copy all of it from the mail, or answer the mail."
    )


def _signature(signer: Signer, organisation_id: str, recipient_id: str) -> str:
    return signer.digest(f"unsubscribe\n{organisation_id or LOCAL}\n{recipient_id}".encode())


def unsubscribe_url(base_url: str, signer: Signer, organisation_id: str, recipient_id: str) -> str:
    """The page where one button ends a recipient's briefings; a POST to it is enough."""
    token = unsubscribe_token(signer, organisation_id, recipient_id)
    return f"{base_url.rstrip('/')}{PATH}?r={token}"


def page_url(base_url: str, briefing_id: str) -> str:
    """The page of a briefing."""
    return f"{base_url.rstrip('/')}/briefings/{quote(briefing_id, safe='')}"
