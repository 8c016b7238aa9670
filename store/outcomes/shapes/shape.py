"""What does an export's form say of its columns?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Role = Literal[
    "record_id",
    "account_id",
    "account_name",  # stands for the account where it has no id; only a digest of it is kept
    "person_id",
    "email",  # stands for the person; never kept
    "outcome",  # the stage or status, in words
    "is_won",
    "is_lost",
    "is_closed",
    "deal_type",
    "decided_at",
    "opened_at",
    "amount",
    "currency",
    "won_reason",
    "lost_reason",
    "reason",
    "products",
    "last_activity",
]
ROLES: tuple[Role, ...] = get_args(Role)
DATES: tuple[Role, ...] = ("decided_at", "opened_at", "last_activity")


def compact(header: str) -> str:
    """The header's letters and digits, lower case: `Close Date`, `close_date` and `closedate` are one."""
    return "".join(c for c in header.casefold() if c.isalnum())


@dataclass(frozen=True)
class Shape:
    """A form of export. All headers are compact."""

    name: str
    label: str
    headers: Mapping[Role, tuple[str, ...]]  # of each role, the first that is there counts
    marks: tuple[frozenset[str], ...]  # a file with all headers of one of these has this shape
    afterwards: frozenset[str] = frozenset()  # known only when it is decided, or made of what is
    afterwards_starts: tuple[str, ...] = ()  # how the headers of others of these begin
    naming: frozenset[str] = frozenset()  # names of deals and people, notes: never attributes
    stages: Mapping[str, str] = field(default_factory=dict)  # the product's own stages -> outcome

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether a file with these headers has this shape."""
        there = {compact(header) for header in headers}
        return any(mark <= there for mark in self.marks)

    def roles(self, headers: Iterable[str]) -> dict[Role, str]:
        """The header, as the file writes it, of each role that has one."""
        there: dict[str, str] = {}
        for header in headers:
            there.setdefault(compact(header), header)
        found: dict[Role, str] = {}
        for role, names in self.headers.items():
            header = next((there[name] for name in names if name in there), None)
            if header is not None:
                found[role] = header
        return found

    def why_left_out(self, header: str) -> str:
        """Why this column can be no attribute; blank where it may be one."""
        name = compact(header)
        if name in self.afterwards or name.startswith(self.afterwards_starts or ("\0",)):
            return "it is known only when the deal is decided, or changes with its stage"
        return "it names somebody or is a note" if name in self.naming else ""
