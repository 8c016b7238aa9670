"""How does a file get to its destination: whole, or not at all?"""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from store.destinations.registry import Destination, Keys
from store.errors import BadInput, NotFound, ToolRefused

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

TRIES = 3
PART_ATTEMPTS = 5  # of each request of a multipart upload, by the S3 client, which waits between them
SECONDS = 30.0
BLOCK = 8 << 20  # bytes read at a time
PARTIAL = ".fieldmark-partial-"
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Delivered(BaseModel):
    """One file at its destination."""

    destination: str
    url: str = Field(description="Where it lies.")
    size_bytes: int


def deliver(file: Path, name: str, destination: Destination, keys: Keys) -> Delivered:
    """Write a file under this name, whole or not at all.

    It is written under another name, its size is compared, and then it is renamed (in a bucket: copied by
    the server, 5 GB at most). Each request of an upload is tried again by the client, and all of it twice
    more. Raises ToolRefused where the destination does not take it; nothing of it stays there then.
    """
    system, root = _opened(destination, keys)
    final = f"{root}/{name}"
    beside = f"{root}/{PARTIAL}{name}"
    size = file.stat().st_size
    for attempt in range(1, TRIES + 1):
        try:
            _put(system, file, beside)
            if system.info(beside)["size"] != size:
                raise OSError("what arrived is shorter than what was sent")
            system.mv(beside, final)
            break
        except BaseException as error:
            with suppress(OSError):
                system.rm_file(beside)
            if not isinstance(error, OSError):
                raise
            log.warning("delivery %s of %s failed: %s", attempt, TRIES, type(error).__name__)
            if attempt == TRIES or isinstance(error, PermissionError | FileNotFoundError):
                raise _refused(destination) from None
    return Delivered(
        destination=destination.name, url=f"{destination.url.rstrip('/')}/{name}", size_bytes=size
    )


def withdraw(name: str, destination: Destination, keys: Keys) -> None:
    """Remove a file that was delivered; no error where it is gone."""
    system, root = _opened(destination, keys)
    with suppress(OSError):
        system.rm_file(f"{root}/{name}")


def tried(name: str, destination: Destination, keys: Keys) -> None:
    """Write and remove a small file of this name. Raises ToolRefused where that is not possible."""
    system, root = _opened(destination, keys)
    path = f"{root}/{PARTIAL}{name}"

    def write() -> None:
        with system.open(path, "wb") as target:
            target.write(b"fieldmark\n")  # type: ignore[arg-type]  # fsspec takes every file for a text
        system.rm_file(path)

    _told(destination, write)


def _put(system: "AbstractFileSystem", file: Path, path: str) -> None:
    with file.open("rb") as source, system.open(path, "wb") as target:
        while block := source.read(BLOCK):
            target.write(block)  # type: ignore[arg-type]  # as above


def _told(destination: Destination, work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except OSError:
        # Not chained: a server's message may quote the request with its key.
        raise _refused(destination) from None


def _refused(destination: Destination) -> ToolRefused:
    return BadInput(
        f"The destination `{destination.name}` does not take files",
        where="destination",
        instead=f"`fieldmark destinations test {destination.name}`: is it there, and may its key write?",
    )


def _opened(destination: Destination, keys: Keys) -> tuple["AbstractFileSystem", str]:
    return _bucket(destination, keys) if destination.is_bucket else _folder(destination)


def _bucket(destination: Destination, keys: Keys) -> tuple["AbstractFileSystem", str]:
    from fsspec.implementations.arrow import ArrowFSWrapper
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    endpoint = urlsplit(destination.endpoint)
    own = {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme} if destination.endpoint else {}
    bucket = S3FileSystem(
        access_key=keys.key.get_secret_value(),
        secret_key=keys.secret.get_secret_value(),
        region=destination.region,
        request_timeout=SECONDS,
        connect_timeout=SECONDS,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=PART_ATTEMPTS),
        background_writes=False,
        **own,
    )
    return ArrowFSWrapper(bucket, skip_instance_cache=True), destination.path


def _folder(destination: Destination) -> tuple["AbstractFileSystem", str]:
    from fsspec.implementations.local import LocalFileSystem

    folder = Path(destination.path)
    # A link that took its place since could lead anywhere.
    if folder.exists() and os.path.realpath(folder) != os.path.realpath(folder.parent) + os.sep + folder.name:
        raise NotFound("The destination's folder has become a link", where="destination")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalFileSystem(skip_instance_cache=True), str(folder)
