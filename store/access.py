"""Who asks, for which organisation, and what may they do?"""

from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["read", "people", "run", "admin"]
Role = Literal["viewer", "analyst", "admin"]

SCOPES: tuple[Scope, ...] = get_args(Scope)
ROLES: tuple[Role, ...] = get_args(Role)
# read: aggregates · people: single persons and their identifiers · run: work and changes · admin: keys,
# members, webhooks, the audit.
SCOPES_OF: dict[Role, frozenset[Scope]] = {
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "people", "run"}),
    "admin": frozenset(SCOPES),
}
LOCAL = "local"  # the organisation of a laptop, whose folder is the home itself


@dataclass(frozen=True)
class Principal:
    """Whoever asks: a member, a key, or the owner of this machine's house."""

    organisation_id: str
    actor: str  # `member_…`, `key_…` or `local`
    role: Role
    scopes: frozenset[Scope]
    name: str = ""

    def may(self, *needs: Scope) -> bool:
        """Whether they have all of these scopes."""
        return self.scopes.issuperset(needs)


LOCAL_OWNER = Principal(LOCAL, LOCAL, "admin", SCOPES_OF["admin"], "the owner of this machine")
