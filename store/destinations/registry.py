"""Which destinations does this house have, and with which keys are they opened?

The keys lie in a file of the house that its owner alone can read (mode 0600), like the secret that signs
links. To encrypt them under that secret, which lies beside them, would keep them from nobody.
"""

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter

from store.artifacts import written_whole
from store.errors import BadInput, Conflict, NotFound

FILE = "destinations.json"
MOST = 100
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*")
ENDPOINT = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


class Destination(BaseModel):
    """Where exports can be written besides; without its keys."""

    model_config = ConfigDict(extra="forbid")

    name: str
    url: str = Field(description="`s3://bucket/prefix` or `file:///folder`.")
    endpoint: str = Field(default="", description="The server of an S3 bucket that is not Amazon's.")
    region: str = "us-east-1"
    created_at: datetime

    @property
    def is_bucket(self) -> bool:
        return self.url.startswith("s3://")

    @property
    def path(self) -> str:
        """The bucket with its prefix, or the folder."""
        parts = urlsplit(self.url)
        return f"{parts.netloc}{parts.path}".rstrip("/") if self.is_bucket else unquote(parts.path)


class Keys(BaseModel):
    """What opens a bucket. Neither is shown, not in a repr either."""

    key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")


class _Kept(BaseModel):
    destination: Destination
    key: str = Field(default="", repr=False)
    secret: str = Field(default="", repr=False)


_KEPT = TypeAdapter(dict[str, _Kept])


class Destinations:
    """The destinations of one house."""

    def __init__(self, home: Path) -> None:
        self._home, self._path = home, home / FILE

    def all(self) -> list[Destination]:
        """Every destination, by name."""
        return [kept.destination for _, kept in sorted(self._read().items())]

    def named(self, name: str) -> tuple[Destination, Keys]:
        """The destination and its keys. Raises NotFound with the names there are."""
        found = self._read()
        if name not in found:
            names = ", ".join(sorted(found))
            raise NotFound(
                "There is no such destination",
                where="destination",
                instead=f"There are {names}."
                if names
                else "`fieldmark destinations add NAME URL` makes one.",
            )
        kept = found[name]
        return kept.destination, Keys(key=SecretStr(kept.key), secret=SecretStr(kept.secret))

    def add(self, destination: Destination, keys: Keys, allowed: Sequence[Path] = ()) -> None:
        """Keep a destination. Raises BadInput for one that cannot be, Conflict where the name is taken.

        allowed: the folders of this machine below which a `file://` destination may lie; by default none.
        """
        _check(destination, keys, allowed)
        with self._locked():
            found = self._read()
            if destination.name in found:
                raise Conflict(
                    f"There is a destination `{destination.name}` already",
                    where="name",
                    instead="Take another name, or remove that one first.",
                )
            if len(found) >= MOST:
                raise BadInput(f"{MOST} destinations are the most", instead="Remove one first.")
            key, secret = keys.key.get_secret_value(), keys.secret.get_secret_value()
            self._write(found | {destination.name: _Kept(destination=destination, key=key, secret=secret)})

    def remove(self, name: str) -> None:
        """Forget a destination and its keys; what was written there stays. Raises NotFound."""
        with self._locked():
            self.named(name)
            found = self._read()
            del found[name]
            self._write(found)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One change at a time, or one would write over another."""
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / f"{FILE}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, _Kept]:
        return _KEPT.validate_json(self._path.read_bytes()) if self._path.exists() else {}

    def _write(self, kept: dict[str, _Kept]) -> None:
        with written_whole(self._path) as beside:
            # Of mode 0600 from the start: nobody reads it between its making and a chmod.
            number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(_KEPT.dump_json(kept))
                file.flush()
                os.fsync(file.fileno())


def _check(destination: Destination, keys: Keys, allowed: Sequence[Path]) -> None:
    if not NAME.fullmatch(destination.name):
        raise BadInput(
            "A destination's name is lower-case letters, digits, - and _, forty at most", where="name"
        )
    parts = urlsplit(destination.url)
    if destination.is_bucket:
        _check_bucket(destination, keys, parts.netloc, parts.path.strip("/"))
    elif parts.scheme == "file" and not parts.netloc:
        _check_folder(destination, allowed)
    else:
        raise BadInput(
            "A destination is `s3://bucket/prefix` or `file:///folder`",
            where="url",
            instead="Other stores are reached by their S3-compatible door, with --endpoint.",
        )


def _check_bucket(destination: Destination, keys: Keys, bucket: str, prefix: str) -> None:
    parts = urlsplit(destination.url)
    if parts.query or parts.fragment or not BUCKET.fullmatch(bucket):
        raise BadInput(
            "This is no name of a bucket", where="url", instead="For example s3://exports/audiences."
        )
    if prefix and (not PREFIX.fullmatch(prefix) or {".", ".."} & set(prefix.split("/"))):
        raise BadInput(
            "A prefix is made of letters, digits, . _ = - and /",
            where="url",
            instead="For example audiences/eu.",
        )
    if destination.endpoint and not ENDPOINT.fullmatch(destination.endpoint):
        raise BadInput(
            "An endpoint is http(s)://host:port alone",
            where="endpoint",
            instead="For example https://s3.example.com.",
        )
    # Without keys of its own a bucket would be opened with those of the machine.
    if not keys.key.get_secret_value() or not keys.secret.get_secret_value():
        raise BadInput("A bucket needs a key and its secret", where="key", instead="Give both.")


def _check_folder(destination: Destination, allowed: Sequence[Path]) -> None:
    folder = Path(destination.path)
    inside = any(folder.resolve().is_relative_to(each.resolve()) for each in allowed)
    if not folder.is_absolute() or ".." in folder.parts or not inside:
        raise BadInput(
            "Exports may not be written to this folder",
            where="url",
            instead="FIELDMARK_EXPORT_FOLDERS lists the folders below which they may; by default none.",
        )
