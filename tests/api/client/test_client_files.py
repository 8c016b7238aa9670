"""An export arrives whole, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.client.connection import Connection, Retrying
from api.client.files import download
from api.client.refusals import Unreachable
from api.rest.form.problems import problem
from store.errors import Expired

CONTENT = bytes(range(256)) * 40


class Line(httpx2.SyncByteStream):
    """These bytes; then, if it breaks, the line is cut."""

    def __init__(self, content: bytes, breaks: bool) -> None:
        self._content, self._breaks = content, breaks

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        if self._breaks:
            raise httpx2.ReadError("reset")


class Files:
    """Serves the content with ranges; each answer is cut after `cut` bytes while there are breaks left."""

    def __init__(self, breaks: int, cut: int = 1_000, tags: tuple[str, ...] = ('"a"',)) -> None:
        self.breaks, self.cut, self.tags, self.asked = breaks, cut, tags, []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        tag = self.tags[min(len(self.asked), len(self.tags) - 1)]
        self.asked.append(request)
        start = 0
        if "range" in request.headers and request.headers.get("if-range") == tag:
            start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
        breaks, self.breaks = self.breaks > 0, self.breaks - 1
        content = CONTENT[start : start + self.cut] if breaks else CONTENT[start:]
        return httpx2.Response(206 if start else 200, headers={"etag": tag}, stream=Line(content, breaks))


def fetched(files: object, out: Path) -> int:
    connection = Connection(
        "http://127.0.0.1:1",
        "sk_live_secret",
        transport=httpx2.MockTransport(files),  # type: ignore[arg-type]  # it is callable
        pause=lambda _: None,
        retrying=Retrying(attempts=3),
    )
    return download(connection, "http://127.0.0.1:1/v1/exports/a.csv?signature=x", out)


def test_a_broken_line_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    """Ten breaks of 1,000 bytes each are more than three attempts allow, but each brings something."""
    files = Files(breaks=10)
    assert fetched(files, tmp_path / "deep" / "a.csv") == len(CONTENT)
    assert (tmp_path / "deep" / "a.csv").read_bytes() == CONTENT
    assert [r.headers.get("range") for r in files.asked[:3]] == [None, "bytes=1000-", "bytes=2000-"]


def test_a_file_that_changed_between_is_fetched_from_the_beginning(tmp_path: Path) -> None:
    assert fetched(Files(breaks=1, tags=('"a"', '"b"')), tmp_path / "a.csv") == len(CONTENT)
    assert (tmp_path / "a.csv").read_bytes() == CONTENT


@pytest.mark.parametrize("tag", ["", 'W/"a"'])
def test_without_a_tag_that_vouches_for_bytes_it_begins_again(tmp_path: Path, tag: str) -> None:
    files = Files(breaks=1, tags=(tag,))
    fetched(files, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == CONTENT
    assert "range" not in files.asked[1].headers


def test_the_key_does_not_go_with_a_link(tmp_path: Path) -> None:
    files = Files(breaks=0)
    fetched(files, tmp_path / "a.csv")
    assert "authorization" not in files.asked[0].headers


def test_nothing_half_done_is_left(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        fetched(Files(breaks=99, cut=0), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_link_whose_hour_is_over_says_so(tmp_path: Path) -> None:
    over = Expired("This export's hour is over", where="export", instead="Run the request again.")
    with pytest.raises(Expired, match="hour is over"):
        fetched(lambda _: httpx2.Response(410, json=problem(over)), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []
