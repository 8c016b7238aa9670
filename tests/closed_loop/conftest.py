"""Three weeks of one house, told once for all test processes, and a copy of them for who goes on."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from filelock import FileLock

from agent.briefing_result import Briefing
from benchmarks.closed_loop.house import Loop
from benchmarks.closed_loop.receiving import Posted, Receiver, receiver
from benchmarks.closed_loop.story import Story
from benchmarks.simulated_year.mailbox import Mailbox, mailbox

WEEKS = (1, 2, 3)


@dataclass(frozen=True)
class Told:
    """What three weeks left behind: their briefings, and what arrived after each of them."""

    folder: Path
    briefings: list[Briefing]
    arrived: list[dict[str, int]]  # a week: mails, posts and files so far
    mails: list[tuple[str, EmailMessage]]
    posts: list[Posted]
    secret: str
    left: list[str]


@pytest.fixture(scope="session")
def three_weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the house after the third Monday (`home`), what it delivered and what arrived."""
    folder = tmp_path_factory.getbasetemp().parent / "closed_loop"
    with FileLock(str(folder) + ".lock"):
        if not (folder / "told.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with mailbox() as mails, receiver() as posts:
                _tell(folder, mails, posts)
    return folder


def _tell(folder: Path, mails: Mailbox, posts: Receiver) -> None:
    loop = Loop(folder / "home", mails, posts)
    story, arrived = Story(loop, folder / "generated"), []
    story.begin()
    for week in WEEKS:
        story.week(week)
        files = len(list(loop.out.iterdir()))
        arrived.append({"mails": len(mails.mails), "posts": len(posts.got), "files": files})
    told = {
        "arrived": arrived,
        "mails": [(to, mail.as_bytes().decode("latin-1")) for to, mail in mails.mails],
        "posts": [(each.path, each.headers, each.body.decode()) for each in posts.got],
        "secret": loop.secret,
        "left": story.leaving,
        "briefings": [each.model_dump(mode="json") for each in loop.briefings()],
    }
    loop.close()
    (folder / "told.json").write_text(json.dumps(told))


@pytest.fixture(scope="session")
def told(three_weeks: Path) -> Told:
    kept: dict[str, Any] = json.loads((three_weeks / "told.json").read_text())
    return Told(
        three_weeks,
        [Briefing.model_validate(each) for each in kept["briefings"]],
        kept["arrived"],
        [(to, _read(text)) for to, text in kept["mails"]],
        [Posted(path, headers, body.encode()) for path, headers, body in kept["posts"]],
        kept["secret"],
        kept["left"],
    )


def _read(text: str) -> EmailMessage:
    return cast(EmailMessage, BytesParser(policy=default).parsebytes(text.encode("latin-1")))


@contextmanager
def _gone_on(folder: Path, root: Path) -> Iterator[Loop]:
    shutil.copytree(folder / "home", root / "home", symlinks=True)
    shutil.copytree(folder / "delivered", root / "delivered")
    with mailbox() as mails, receiver() as posts:
        loop = Loop(root / "home", mails, posts)
        loop.lead_here()
        yield loop
        loop.close()


@pytest.fixture
def loop(three_weeks: Path, tmp_path: Path) -> Iterator[Loop]:
    """The house after the third Monday, as the test's own."""
    with _gone_on(three_weeks, tmp_path) as found:
        yield found


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()
