"""Is this somebody's e-mail and password? Guessing is slow, and tells nothing."""

import hashlib
from dataclasses import dataclass

from api.access.noting import write_note
from api.access.pacing.pace import Pace
from store.access import LOCAL
from store.errors import BadInput, NotSignedIn
from store.records.access.members import Member, email_form, members_at
from store.records.access.passwords import is_password
from store.records.access.sign_ins import begin_sign_in
from store.workspace import House

ATTEMPTS, WITHIN_S = 10, 15 * 60


@dataclass(frozen=True)
class SignedIn:
    """A member, and the token of the session that began."""

    member: Member
    token: str


class Desk:
    """Where somebody signs in. It counts attempts by account and by address, in this process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._by_account = Pace(ATTEMPTS, WITHIN_S, house.now)
        self._by_address = Pace(ATTEMPTS, WITHIN_S, house.now)

    def sign_in(self, email: str, password: str, organisation_id: str | None, address: str) -> SignedIn:
        """The session that begins. Raises NotSignedIn, and TooFast after ten attempts in 15 minutes.

        An address that nobody has, one without a password and a wrong password are told the same, and take
        one hash each. Attempts that were right do not count.
        """
        account = _account(email)
        self._take(account, address)
        member = self._member(account, organisation_id)
        right = is_password(member.password_hash if member else None, password)
        organisation = self._house.of(member.organisation_id if member else LOCAL)
        about = member.member_id if member else ""
        # Written for an unknown account too: the time it takes must not tell them apart.
        write_note(organisation, about or "nobody", "session.began" if right else "session.refused", about)
        if member is None or not right:
            raise NotSignedIn(
                "The e-mail or the password is not right",
                where="email, password",
                instead="An e-mail of several organisations needs `organisation_id` too.",
            )
        self._give_back(account, address)
        return SignedIn(member, self.begin(member))

    def check(self, member: Member, password: str, address: str) -> None:
        """Raise NotSignedIn unless it is the password of a member who is signed in, or TooFast."""
        self._take(member.email, address)
        if not is_password(member.password_hash, password):
            raise NotSignedIn("The password is not right", where="password")
        self._give_back(member.email, address)

    def begin(self, member: Member) -> str:
        """The token of a new session of a member who has shown who they are."""
        house = self._house
        return begin_sign_in(
            house.everywhere,
            member.organisation_id,
            member.member_id,
            f"sign_{house.new_id()}",
            house.now(),
        )

    def _member(self, account: str, organisation_id: str | None) -> Member | None:
        found = members_at(self._house.everywhere, account)
        if organisation_id is not None:
            found = [each for each in found if each.organisation_id == organisation_id]
        return found[0] if len(found) == 1 else None

    def _take(self, account: str, address: str) -> None:
        for pace, who in ((self._by_address, address), (self._by_account, _digest(account))):
            taken = pace.take(who)
            if not taken.granted:
                raise taken.refusal("Too many attempts to sign in", "email")

    def _give_back(self, account: str, address: str) -> None:
        self._by_address.give_back(address)
        self._by_account.give_back(_digest(account))


def _account(email: str) -> str:
    """The address as members are kept under; nothing where it is none, which is nobody's account."""
    try:
        return email_form(email)
    except BadInput:
        return ""


def _digest(account: str) -> str:
    # No address stays in memory for a quarter of an hour.
    return hashlib.sha256(account.encode(errors="surrogatepass")).hexdigest()
