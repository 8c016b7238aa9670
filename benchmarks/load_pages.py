"""Do the pages bear fifteen people at once: waits, bytes on the wire, questions followed to their end?

    python -m benchmarks.load_pages [--people 200000] [--readers 15] [--seconds 60] [--pause 1] [--seed 1]
        [--json]

Each person opens pages of the mix below as a browser does, with the files of the first visit and gzip, and
rests between two of them; every few pages they ask a question in the chat and follow its stream to the end.
The people are one process beside the server. Waits are measured at them, so that a queue in the server
counts.
"""

import argparse
import asyncio
import random
import re
import sys
import time
from collections import defaultdict
from pathlib import Path

import httpx2
import numpy as np
from pydantic import BaseModel, Field

from benchmarks.own_server import OwnServer, own_server
from benchmarks.populations import loaded

MOST_SECONDS, MOST_READERS = 600, 100
PATIENCE_S = 60.0
# Of a hundred pages, so many of each.
MIX = {"first screen": 25, "profiles": 20, "audiences": 15, "outcomes": 10, "settings": 20, "question": 10}
PATHS = {
    "first screen": ("/",),
    "profiles": ("/profiles",),
    "audiences": ("/audiences",),
    "outcomes": ("/outcomes",),
    "settings": (
        "/settings",
        "/settings/warehouses/us",
        "/settings/traces",
        "/settings/usage",
        "/settings/audit",
    ),
}
QUESTIONS = (
    "How many people play golf?",
    "How many people own their home and have a dog?",
    "Which traits are about travel?",
)
BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en-US"}
SCRIPT = {**BROWSER, "Fieldmark-Fragment": "1"}
FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')
STREAM = re.compile(r'data-follow="([^"]+)"')


class PageLoad(BaseModel):
    """One kind of page; a question is its form, and its stream to the end."""

    page: str
    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    most_ms: float
    wire_kb: float = Field(
        description="Of one on average, as it came over the wire; a page without its files."
    )


class PagesReport(BaseModel):
    """What was borne."""

    people: int
    readers: int
    seconds: float
    requests: int
    per_second: float
    errors: dict[str, int] = Field(description="By page and status or failure; none is expected.")
    pages: list[PageLoad]
    files_kb: float = Field(description="All files of the first visit together, on the wire.")
    gzip: bool = Field(description="Whether pages come compressed to who takes gzip.")
    server_mb: float = Field(description="Memory of the server at the end, of no file.")


class Readers:
    """People who read the pages until the time is over."""

    def __init__(self, server: OwnServer, many: int, pause: float, seed: int) -> None:
        self._server, self._many, self._pause, self._seed = server, many, pause, seed
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.wire: dict[str, list[int]] = defaultdict(list)
        self.errors: dict[str, int] = defaultdict(int)
        self.files = 0  # bytes of the files of one first visit
        self.is_gzip = False

    async def run(self, seconds: float) -> float:
        """Seconds that it took, the last answers included."""
        began = time.perf_counter()
        await asyncio.gather(*(self._read(number, began + seconds) for number in range(self._many)))
        return time.perf_counter() - began

    async def _read(self, number: int, ends: float) -> None:
        chance = random.Random(self._seed * 1_000 + number)
        async with httpx2.AsyncClient(base_url=self._server.url, timeout=PATIENCE_S) as client:
            await asyncio.sleep(chance.random() * self._pause)  # they do not begin in one moment
            await self._first_visit(client)
            while time.perf_counter() < ends:
                (page,) = chance.choices(list(MIX), list(MIX.values()))
                if page == "question":
                    await self._ask(client, chance.choice(QUESTIONS))
                else:
                    await self._get(client, page, chance.choice(PATHS[page]))
                await asyncio.sleep(self._pause * (0.5 + chance.random()))

    async def _first_visit(self, client: httpx2.AsyncClient) -> None:
        page = await self._get(client, "first screen", "/")
        files = dict.fromkeys(FILES.findall(page))
        bodies = [await self._sent(client, "file", "GET", path) for path in files]
        self.files = sum(wire for _, wire in bodies)

    async def _get(self, client: httpx2.AsyncClient, page: str, path: str) -> str:
        return (await self._sent(client, page, "GET", path))[0]

    async def _ask(self, client: httpx2.AsyncClient, question: str) -> None:
        """Send the form of the chat and follow the turn until it is done."""
        began = time.perf_counter()
        said, _ = await self._sent(client, "question sent", "POST", "/chat", message=question)
        found = STREAM.search(said)
        if found is None:
            self.errors["question without a stream"] += 1
            return
        if await self._followed(client, found[1]):
            self.waits["question answered"].append(time.perf_counter() - began)

    async def _followed(self, client: httpx2.AsyncClient, path: str) -> bool:
        try:
            async with client.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
                async for line in answer.aiter_lines():
                    if line == "event: done":
                        self.wire["question answered"].append(answer.num_bytes_downloaded)
                        return True
        except httpx2.TransportError as error:
            self.errors[f"stream {type(error).__name__}"] += 1
            return False
        self.errors["stream without an end"] += 1
        return False

    async def _sent(
        self, client: httpx2.AsyncClient, page: str, method: str, path: str, **form: str
    ) -> tuple[str, int]:
        """The answer and its bytes on the wire; a form that leads to another page leads there."""
        began = time.perf_counter()
        headers = SCRIPT if method == "POST" else BROWSER
        try:
            async with client.stream(method, path, headers=headers, data=form or None) as answer:
                text = (await answer.aread()).decode(errors="replace")
        except httpx2.TransportError as error:
            self.errors[f"{page} {type(error).__name__}"] += 1
            return "", 0
        self.waits[page].append(time.perf_counter() - began)
        self.wire[page].append(answer.num_bytes_downloaded)
        self.is_gzip = self.is_gzip or answer.headers.get("content-encoding") == "gzip"
        if answer.status_code != 200:
            self.errors[f"{page} {answer.status_code}"] += 1
        leads = answer.headers.get("Fieldmark-Go")
        if leads:
            return await self._sent(client, "question page", "GET", leads)
        return text, answer.num_bytes_downloaded


def measure(home: Path, people: int, asked: argparse.Namespace) -> PagesReport:
    """The report of a house that is served from this home, to people who need no sign-in."""
    settings = {"FIELDMARK_REQUESTS_PER_MINUTE": "0"}
    with own_server(home, ("--workers", "0"), settings) as server:
        asyncio.run(Readers(server, 1, 0, asked.seed).run(1))  # the first one loads what all need
        readers = Readers(server, asked.readers, asked.pause, asked.seed)
        took = asyncio.run(readers.run(asked.seconds))
        memory = server.memory_mb()
    requests = sum(map(len, readers.waits.values()))
    return PagesReport(
        people=people,
        readers=asked.readers,
        seconds=round(took, 1),
        requests=requests,
        per_second=round(requests / took, 1),
        errors=dict(readers.errors),
        pages=[_page(name, readers, took) for name in sorted(readers.waits)],
        files_kb=round(readers.files / 1_000, 1),
        gzip=readers.is_gzip,
        server_mb=round(memory, 1),
    )


def _page(name: str, readers: Readers, took: float) -> PageLoad:
    waits = readers.waits[name]
    p50, p99, most = (round(float(q) * 1_000, 1) for q in np.quantile(waits, [0.5, 0.99, 1]))
    return PageLoad(
        page=name,
        requests=len(waits),
        per_second=round(len(waits) / took, 2),
        p50_ms=p50,
        p99_ms=p99,
        most_ms=most,
        wire_kb=round(float(np.mean(readers.wire[name] or [0])) / 1_000, 1),
    )


def main() -> int:
    """Print the report as a table for the documentation; 1 if there was an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--readers", type=int, default=15, choices=range(1, MOST_READERS + 1), metavar="N")
    parser.add_argument("--seconds", type=float, default=60, help=f"at most {MOST_SECONDS}")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two pages of a person")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if not 0 < asked.seconds <= MOST_SECONDS or asked.pause < 0:
        parser.error(f"--seconds is above 0 and at most {MOST_SECONDS}, --pause not below 0")
    workspace = loaded(asked.people, lambda step, done, of: None)
    report = measure(workspace.home, workspace.population.persons, asked)
    print(report.model_dump_json(indent=1) if asked.json else _told(report))
    return 1 if report.errors else 0


def _told(report: PagesReport) -> str:
    lines = [
        f"{report.readers} people for {report.seconds} s over {report.people:,} persons: {report.requests:,} "
        f"requests, {report.per_second} a second; errors: {report.errors or 'none'}; "
        f"files of the first visit {report.files_kb} kB; gzip {'on' if report.gzip else 'off'}; "
        f"server {report.server_mb} MB",
        "",
        "| page | requests | a second | p50 ms | p99 ms | most ms | kB on the wire |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each.page} | {each.requests:,} | {each.per_second} | {each.p50_ms} | {each.p99_ms} | "
        f"{each.most_ms} | {each.wire_kb} |"
        for each in report.pages
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
