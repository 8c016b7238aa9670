"""How does an export arrive whole, whatever happens on the way?"""

import os
from pathlib import Path
from typing import BinaryIO

import httpx2

from api.client.connection import AGAIN, Connection
from api.client.refusals import refusal_of, retry_after
from store.artifacts import written_whole


def download(connection: Connection, url: str, out: Path) -> int:
    """Bytes of the file that is now at out; it appears there whole or not at all.

    What was lost on the way is asked for by Range, if the file is still the same; else from the beginning.
    Raises Expired once the link's hour is over, NotFound for a link that is none, Unreachable.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(out) as beside, beside.open("wb") as file:
        _filled(connection, url, file)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _filled(connection: Connection, url: str, file: BinaryIO) -> None:
    attempt, tag = 0, ""
    while True:
        before = file.tell()
        try:
            with connection.file(url, _asked(before, tag)) as response:
                if response.status_code in AGAIN:
                    response.read()
                    attempt += 1
                    connection.rest(attempt, retry_after(response), refusal_of(response))
                    continue
                tag = _begun(response, file)
                _copied(response, file)
                return
        except httpx2.TransportError as error:
            attempt = 1 if file.tell() > before else attempt + 1  # whatever comes on is no failure
            connection.rest(attempt, None, error)


def _asked(have: int, tag: str) -> dict[str, str]:
    """Without compression, or a part would be of other bytes than those of the file."""
    asked = {"Accept-Encoding": "identity"}
    return asked | {"Range": f"bytes={have}-", "If-Range": tag} if have and tag else asked


def _begun(response: httpx2.Response, file: BinaryIO) -> str:
    """The tag of the file that comes; what is here already is dropped where it comes from the beginning."""
    if response.status_code >= 300:
        response.read()
        raise refusal_of(response)
    if response.status_code != 206:
        file.seek(0)
        file.truncate()
    tag = response.headers.get("etag", "")
    return "" if tag.startswith("W/") else tag  # a weak tag does not vouch for bytes (RFC 9110, 13.1.5)


def _copied(response: httpx2.Response, file: BinaryIO) -> None:
    for chunk in response.iter_raw():  # as they come: what is gathered first is lost with the line
        file.write(chunk)
