"""A served house of one's own, for a while: a process beside this one, on a port of the loopback address."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx2

# It ends with this process, however that ends (Linux: PR_SET_PDEATHSIG).
SERVES = """
import ctypes, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
from api.cli import main
main()
"""
SECONDS = 60  # until it must answer, and until it must have ended


class OwnServer(NamedTuple):
    """Where it answers, and what it is."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Memory of the process that is of no file, in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) / 1_000
        raise LookupError("the system does not tell the memory of a process")


@contextmanager
def own_server(
    home: Path, options: tuple[str, ...] = (), settings: Mapping[str, str] | None = None
) -> Iterator[OwnServer]:
    """`fieldmark serve` over this home; it is stopped at the end. What it says goes to a temporary file."""
    port = _free_port()
    command = [sys.executable, "-c", SERVES, "serve", "--no-demo", "--port", str(port)]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FIELDMARK_")},
        "FIELDMARK_HOME": str(home),
        **(settings or {}),
    }
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen([*command, *options], env=environment, stdout=said, stderr=said)
        try:
            url = f"http://127.0.0.1:{port}"
            if not _answers(url, server):
                said.seek(0)
                raise RuntimeError(
                    f"the server does not answer: {said.read()[-2_000:].decode(errors='replace')}"
                )
            yield OwnServer(url, server.pid)
        finally:
            server.terminate()
            try:
                server.wait(SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    ends_by = time.monotonic() + SECONDS
    while time.monotonic() < ends_by and server.poll() is None:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/healthz").status_code == 200:
                return True
        time.sleep(0.05)
    return False
