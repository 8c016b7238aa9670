"""How long does a lead's score take over HTTP, from a server on loopback?"""

import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import httpx2
import uvicorn

from api.app import application
from api.settings import Settings
from benchmarks.behaviour import generated
from benchmarks.measuring import Row, seconds
from benchmarks.populations import Progress, folder
from store.events import Behaviour, WindowQuery
from store.workspace import House

NOW = datetime(2026, 4, 1, tzinfo=UTC)
EVENTS_PER_PERSON, CALLS, AFTER_CUT_OFF = 1, 300, 30
LONGEST_START = 20.0  # seconds until the server must answer
LEADS = [
    {
        "country": country,
        "device": device,
        "acquisition_channel": "organic",
        "session_count": sessions,
        "page_views": 5 * sessions,
        "engagement_time_seconds": 90 * sessions,
    }
    for country in ("United States", "Germany")
    for device in ("desktop", "mobile")
    for sessions in (1, 5, 20)
]


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """The first call, which learns, and the median of those after it; an event a person."""
    events = people * EVENTS_PER_PERSON
    files = generated(events, progress)
    last = max(date.fromisoformat(f"{d[:4]}-{d[4:6]}-{d[6:]}") for d in (f.stem[-8:] for f in files))
    with tempfile.TemporaryDirectory(dir=folder()) as home:
        behaviour = Behaviour(Path(home) / "warehouses" / "shop")
        cut_off = date.fromordinal(last.toordinal() - AFTER_CUT_OFF)
        behaviour.load(files, NOW, windows=WindowQuery(cut_off=cut_off), progress=progress)
        with _served(Path(home)) as client:
            first = seconds(lambda: _scored(client, 0))
            later = [seconds(lambda at=at: _scored(client, at)) for at in range(CALLS)]
            analysis = seconds(lambda: client.get("/v1/warehouses/shop/icp-analysis").raise_for_status())
            again = seconds(lambda: client.get("/v1/warehouses/shop/icp-analysis").raise_for_status())
    size = f"{events:,} events"
    worst = statistics.quantiles(later, n=100)[98]
    yield Row(work="icp-score, the first: learns the model", size=size, ours_s=first)
    yield Row(
        work="icp-score, median",
        size=f"{size}, {CALLS} calls",
        ours_s=statistics.median(later),
        note=f"over HTTP; the slowest in a hundred {1_000 * worst:.1f} ms",
    )
    yield Row(
        work="icp-analysis, the first and again", size=size, ours_s=analysis, note=f"again {again:.3f} s"
    )


def _scored(client: httpx2.Client, at: int) -> None:
    answer = client.post("/v1/warehouses/shop/icp-score", json={"features": LEADS[at % len(LEADS)]})
    answer.raise_for_status()


@contextmanager
def _served(home: Path) -> Iterator[httpx2.Client]:
    """A client of a server on a free port of the loopback address, which ends with the block."""
    house = House(home, base_url="http://127.0.0.1", now=lambda: NOW, new_id=lambda: str(uuid.uuid4()))
    config = uvicorn.Config(
        application(Settings(home=home), house), host="127.0.0.1", port=0, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        began = time.monotonic()
        while not server.started:
            if time.monotonic() - began > LONGEST_START or not thread.is_alive():
                raise RuntimeError("The server did not start")
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
