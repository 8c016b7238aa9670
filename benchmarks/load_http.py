"""What does a served house bear: requests a second and waits, of fifty clients at once?

    python -m benchmarks.load_http [--people 200000] [--clients 50] [--seconds 300] [--seed 1]
        [--jobs-every 0] [--json]

Each client asks, takes the answer, and asks again; what it asks is drawn from the mix below. The clients are
one process beside the server. With --jobs-every a worker runs too, and an analysis is handed in every so many
seconds. Waits are measured at the client, so that a queue in the server counts.
"""

import argparse
import asyncio
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import numpy as np
from pydantic import BaseModel, Field

from benchmarks.behaviour import NOW, generated
from benchmarks.own_server import OwnServer, own_server
from benchmarks.populations import loaded
from store.events import Behaviour, WindowQuery
from store.population.population import Population

ANALYSED = 300  # people of one analysis
WARM_UP_SECONDS = 10.0  # the first score learns the model
SHOP, SHOP_EVENTS, AFTER_CUT_OFF = "shop", 200_000, 30
# Of a hundred requests, so many of each kind.
MIX = {"find_persons": 30, "get_person": 25, "list_clusters": 20, "icp_score": 15, "healthz": 10}
LEAD = {
    "country": "United States",
    "device": "desktop",
    "acquisition_channel": "organic",
    "session_count": 5,
    "page_views": 25,
    "engagement_time_seconds": 450,
}


class RouteLoad(BaseModel):
    """One kind of request."""

    route: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    most_ms: float


class LoadReport(BaseModel):
    """What was borne."""

    people: int
    clients: int
    seconds: float
    requests: int
    per_second: float
    errors: dict[str, int] = Field(description="By route and status or failure; none is expected.")
    routes: list[RouteLoad]
    server_mb_start: float = Field(description="Memory of the server after the warm-up, of no file.")
    server_mb_end: float
    server_mb_most: float
    server_cpu_ms: float = Field(description="Processor time of the server for one request, on average.")
    client_cpu_share: float = Field(description="Of one processor, that the clients took themselves.")


class Ask(NamedTuple):
    """A request."""

    route: str
    method: str
    path: str
    body: dict[str, Any] | None


class Mixed:
    """Requests drawn from the mix: clusters of middling size, in pairs; people at random."""

    def __init__(self, population: Population, seed: int) -> None:
        self._random = random.Random(seed)
        people, sizes = population.persons, population.catalogue.sizes
        self._hashes = [
            cluster.cluster_hash
            for cluster, size in zip(population.catalogue.clusters, sizes.tolist(), strict=True)
            if people * 0.01 <= size <= people * 0.5
        ]
        self._people = [
            int(person)
            for shard in population.shards
            for person in shard.person_ids[:: max(1, shard.persons // 2_000)]
        ]
        self._domains = sorted({cluster.domain for cluster in population.catalogue.clusters})
        self._kinds, self._weights = list(MIX), list(MIX.values())

    def __call__(self) -> Ask:
        """The next request."""
        (kind,) = self._random.choices(self._kinds, self._weights)
        return getattr(self, f"_{kind}")()

    def _healthz(self) -> Ask:
        return Ask("healthz", "GET", "/healthz", None)

    def _find_persons(self) -> Ask:
        first, second, third = self._random.sample(self._hashes, 3)
        joined = self._random.choice([f"{first} AND {second}", f"{first} OR ({second} AND NOT {third})"])
        return _tool("find_persons", {"expression": joined})

    def _get_person(self) -> Ask:
        wanted = self._random.sample(self._people, self._random.choice([1, 10, 100]))
        return _tool("get_person", {"person_ids": wanted})

    def _list_clusters(self) -> Ask:
        return _tool("list_clusters", {"domain": self._random.choice(self._domains), "limit": 50})

    def job(self) -> Ask:
        """An analysis of some people, to be done by a worker."""
        return _tool("analyze_customers", {"person_ids": self._random.sample(self._people, ANALYSED)})

    def _icp_score(self) -> Ask:
        lead = LEAD | {
            "session_count": self._random.randint(1, 30),
            "page_views": self._random.randint(1, 200),
        }
        return Ask("icp_score", "POST", f"/v1/warehouses/{SHOP}/icp-score", {"features": lead})


def _tool(name: str, arguments: dict[str, Any]) -> Ask:
    return Ask(name, "POST", f"/v1/tools/{name}?warehouse=us", arguments)


class Load:
    """Clients that ask until the time is over."""

    def __init__(self, server: OwnServer, asks: "Mixed", clients: int, jobs_every: float = 0) -> None:
        self._server, self._asks, self._clients, self._jobs_every = server, asks, clients, jobs_every
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.errors: dict[str, int] = defaultdict(int)
        self.memory: list[float] = []

    async def run(self, seconds: float) -> float:
        """Seconds that it took, the last answers included."""
        limits = httpx2.Limits(max_connections=self._clients, max_keepalive_connections=self._clients)
        began = time.perf_counter()
        async with httpx2.AsyncClient(base_url=self._server.url, timeout=60, limits=limits) as client:
            ends = began + seconds
            asking: list[Awaitable[None]] = [self._asking(client, ends) for _ in range(self._clients)]
            await asyncio.gather(self._watching(ends), self._handing_in(client, ends), *asking)
        return time.perf_counter() - began

    async def _asking(self, client: httpx2.AsyncClient, ends: float) -> None:
        while (began := time.perf_counter()) < ends:
            ask = self._asks()
            try:
                answer = await client.request(ask.method, ask.path, json=ask.body)
            except httpx2.TransportError as error:
                self.errors[f"{ask.route} {type(error).__name__}"] += 1
                continue
            if answer.status_code != 200:
                self.errors[f"{ask.route} {answer.status_code}"] += 1
            self.waits[ask.route].append(time.perf_counter() - began)

    async def _handing_in(self, client: httpx2.AsyncClient, ends: float) -> None:
        while self._jobs_every and time.perf_counter() < ends:
            began, job = time.perf_counter(), self._asks.job()
            answer = await client.post(job.path, json=job.body, headers={"Prefer": "respond-async"})
            if answer.status_code != 202:
                self.errors[f"job {answer.status_code}"] += 1
            self.waits["job"].append(time.perf_counter() - began)
            await asyncio.sleep(self._jobs_every)

    async def _watching(self, ends: float) -> None:
        while time.perf_counter() < ends:
            self.memory.append(self._server.memory_mb())
            await asyncio.sleep(0.5)


def measure(home: Path, population: Population, asked: argparse.Namespace) -> LoadReport:
    """The report of a house that is served from this home."""
    asks = Mixed(population, asked.seed)
    settings = {"FIELDMARK_REQUESTS_PER_MINUTE": "0"}
    with own_server(home, ("--workers", "1" if asked.jobs_every else "0"), settings) as server:
        asyncio.run(Load(server, asks, asked.clients).run(WARM_UP_SECONDS))
        load = Load(server, asks, asked.clients, asked.jobs_every)
        cpu, server_cpu = time.process_time(), _cpu_seconds(server)
        took = asyncio.run(load.run(asked.seconds))
        cpu, server_cpu = time.process_time() - cpu, _cpu_seconds(server) - server_cpu
        at_end = server.memory_mb()
    requests = sum(map(len, load.waits.values()))
    return LoadReport(
        people=population.persons,
        clients=asked.clients,
        seconds=round(took, 1),
        requests=requests,
        per_second=round(requests / took, 1),
        errors=dict(load.errors),
        routes=[_route(name, waits, took) for name, waits in sorted(load.waits.items())],
        server_mb_start=round(load.memory[0], 1),
        server_mb_end=round(at_end, 1),
        server_mb_most=round(max(load.memory), 1),
        server_cpu_ms=round(server_cpu / requests * 1_000, 2),
        client_cpu_share=round(cpu / took, 2),
    )


def _cpu_seconds(server: OwnServer) -> float:
    """Processor time that the server has taken, its workers' not counted."""
    ran = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(ran[11]) + int(ran[12])) / os.sysconf("SC_CLK_TCK")


def _route(name: str, waits: list[float], took: float) -> RouteLoad:
    p50, p95, p99, most = (round(float(q) * 1_000, 1) for q in np.quantile(waits, [0.5, 0.95, 0.99, 1]))
    return RouteLoad(
        route=name,
        requests=len(waits),
        per_second=round(len(waits) / took, 1),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        most_ms=most,
    )


def main() -> int:
    """Print the report; 1 if there was an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs-every", type=float, default=0, help="seconds between analyses; 0: none")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    workspace = loaded(asked.people, lambda step, done, of: None)
    _shop(workspace.home)
    report = measure(workspace.home, workspace.population, asked)
    if asked.json:
        print(report.model_dump_json(indent=1))
    else:
        _tell(report)
    return 1 if report.errors else 0


def _shop(home: Path) -> None:
    """Generated events of the users of a shop, from which leads are scored; read once."""
    behaviour = Behaviour(home / "warehouses" / SHOP)
    if behaviour.exists:
        return
    files = generated(SHOP_EVENTS, lambda step, done, of: None)
    last = max(datetime.strptime(file.stem[-8:], "%Y%m%d").date() for file in files)
    windows = WindowQuery(cut_off=last - timedelta(days=AFTER_CUT_OFF))
    behaviour.load(files, NOW, windows=windows, progress=lambda step, done, of: None)


def _tell(report: LoadReport) -> None:
    print(
        f"{report.requests:,} requests in {report.seconds} s by {report.clients} clients: "
        f"{report.per_second} a second; errors: {report.errors or 'none'}"
    )
    for each in report.routes:
        print(
            f"  {each.route:14} {each.requests:7,} {each.per_second:7.1f}/s  p50 {each.p50_ms:7.1f} ms  "
            f"p95 {each.p95_ms:7.1f}  p99 {each.p99_ms:7.1f}  most {each.most_ms:7.1f}"
        )
    print(
        f"  server {report.server_mb_start} MB at the start, {report.server_mb_end} at the end, "
        f"{report.server_mb_most} at most; {report.server_cpu_ms} ms of a processor a request; "
        f"the clients took {report.client_cpu_share} of a processor"
    )


if __name__ == "__main__":
    sys.exit(main())
