"""A job is followed to its end, whatever happens to the line."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from api.client import Fieldmark
from api.client.connection import Retrying
from api.client.refusals import Unreachable

STREAM = {"Content-Type": "text/event-stream"}


def frame(number: int, kind: str, **body: Any) -> bytes:
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(body)}\n\n".encode()


class Cut(httpx2.SyncByteStream):
    """These frames, then the line is cut."""

    def __init__(self, *frames: bytes) -> None:
        self._frames = frames

    def __iter__(self) -> Iterator[bytes]:
        yield from self._frames
        raise httpx2.ReadError("reset")


def followed(*answers: httpx2.Response) -> tuple[list[dict[str, Any]], list[httpx2.Request]]:
    left, asked = list(answers), []

    def serve(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return left.pop(0)

    with Fieldmark(
        "http://127.0.0.1:1",
        transport=httpx2.MockTransport(serve),
        pause=lambda _: None,
        retrying=Retrying(attempts=3),
    ) as fieldmark:
        return list(fieldmark.jobs.follow("icp_1")), asked


def test_a_broken_stream_goes_on_after_the_last_event_heard() -> None:
    states, asked = followed(
        httpx2.Response(200, headers=STREAM, stream=Cut(frame(1, "progress", step="mine", done=1))),
        httpx2.Response(
            200,
            headers=STREAM,
            content=b"retry: 2000\n\n: still here\n\n"
            + frame(1, "progress", step="mine", done=1)
            + frame(2, "progress", step="mine", done=2)
            + frame(3, "done", status="done"),
        ),
    )
    assert states == [{"step": "mine", "done": 1}, {"step": "mine", "done": 2}, {"status": "done"}]
    assert [request.headers.get("last-event-id") for request in asked] == [None, "1"]


def test_a_stream_that_ends_without_its_end_is_asked_for_again() -> None:
    states, asked = followed(
        httpx2.Response(200, headers=STREAM, content=b""),
        httpx2.Response(200, headers=STREAM, content=frame(1, "done", status="cancelled")),
    )
    assert states == [{"status": "cancelled"}]
    assert len(asked) == 2


def test_a_stream_that_never_tells_anything_is_given_up() -> None:
    with pytest.raises(Unreachable):
        followed(*[httpx2.Response(200, headers=STREAM, content=b"")] * 3)


def test_every_page_of_a_list_is_asked_for() -> None:
    pages = {None: (["a", "b"], "p2"), "p2": (["c"], None)}

    def serve(request: httpx2.Request) -> httpx2.Response:
        items, after = pages[request.url.params.get("cursor")]
        told = [{"job_id": each, "status": "done"} for each in items]
        return httpx2.Response(200, json={"items": told, "next_cursor": after})

    with Fieldmark("http://127.0.0.1:1", transport=httpx2.MockTransport(serve)) as fieldmark:
        assert [job.job_id for job in fieldmark.jobs.listed()] == ["a", "b", "c"]
