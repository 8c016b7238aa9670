"""What can be refused, and how a refusal reads.

Every error that a user can cause is a ToolRefused; anything else is a bug or an outage.

    ToolRefused
    ├── BadInput            a file, a request or a value is not of the form that is needed
    │   ├── BadFile         a file cannot be read or its rows do not hold together
    │   ├── BadMapping      a mapping names columns, kinds or bins that cannot be used
    │   ├── BadExpression   an audience expression does not parse or is too large
    │   ├── TooMany         more than one request may hold; says how to split
    │   └── Unconditional   a change that does not say which revision it was made from
    ├── NotSignedIn         no credential, or one that is wrong, revoked or over
    ├── NotAllowed          known, but not for this
    ├── NotFound            a warehouse, snapshot, cluster, analysis or export that is not there
    │   └── Expired         it was there, and its time is over
    ├── TooFewCustomers     too small to say anything; names the size and the floor
    ├── NoRoom              the disk is full, or too full for what was asked
    ├── Busy                somebody else is doing the same; try again later
    ├── TooFast             more requests than may be made in a minute; says when to ask again
    └── Conflict            what is there says otherwise: another request under the same key, a job that ended
        └── Changed         somebody edited it since it was read
"""


class ToolRefused(Exception):  # noqa: N818  # a refusal is no error of the house
    """The request cannot be served. Says what was wrong, where, and what would be right.

    A message never holds a person's data: it names positions, columns and forms.
    """

    status = 422

    def __init__(self, what: str, *, where: str = "", instead: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.instead = what, where, instead

    def __str__(self) -> str:
        where = f" ({self.where})" if self.where else ""
        instead = f" {self.instead}" if self.instead else ""
        return f"{self.what}{where}.{instead}"

    def __reduce__(self) -> tuple:
        # Keyword-only arguments do not survive pickling between build processes on their own.
        return _rebuild, (type(self), self.what, self.where, self.instead)


def _rebuild(kind: type[ToolRefused], what: str, where: str, instead: str) -> ToolRefused:
    return kind(what, where=where, instead=instead)


class BadInput(ToolRefused):
    """Not of the form that is needed."""


class BadFile(BadInput):
    """A file that cannot be read, or whose rows do not hold together."""


class BadMapping(BadInput):
    """A mapping that names columns, kinds or bins that cannot be used."""


class BadExpression(BadInput):
    """An audience expression that does not parse or is too large."""


class TooMany(BadInput):
    """More than one request may hold; says how to split."""

    status = 413


class Unconditional(BadInput):
    """A change that does not say which revision it was made from."""

    status = 428


class NotSignedIn(ToolRefused):
    """No credential, or one that is wrong, revoked or over."""

    status = 401


class NotAllowed(ToolRefused):
    """Known, but not for this."""

    status = 403


class NotFound(ToolRefused):
    """Something that is not there."""

    status = 404


class Expired(NotFound):
    """It was there, and its time is over."""

    status = 410


class TooFewCustomers(ToolRefused):
    """Too small to say anything; names the size and the floor."""


class NoRoom(ToolRefused):
    """The disk is full, or too full for what was asked."""

    status = 507


class Busy(ToolRefused):
    """Somebody else is doing the same; try again later."""

    status = 409


class Conflict(ToolRefused):
    """What is there says otherwise: another request under the same key, or a job that has ended."""

    status = 409


class TooFast(ToolRefused):
    """More requests than may be made in a minute."""

    status = 429
    retry_seconds = 60


class Changed(Conflict):
    """Somebody edited it since it was read."""

    status = 412
