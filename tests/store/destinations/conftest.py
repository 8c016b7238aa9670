"""An S3-compatible server of the tests' own, on a port of the loopback address."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow.fs import S3FileSystem

SERVER = Path(__file__).parents[3] / ".venv-s3" / "bin" / "moto_server"
SECONDS = 60
KEY, SECRET = "AKIAEXAMPLEKEY", "example-secret-of-the-tests"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The URL of a server that this process of the tests started and stops."""
    if not SERVER.exists():
        told = "There is no S3 server: .ci/install-s3-server makes it"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    command = [str(SERVER), "-H", "127.0.0.1", "-p", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    # A server that never speaks is ended, so that reading its words ends too.
    patience = threading.Timer(SECONDS, server.kill)
    patience.start()
    try:
        assert server.stderr is not None
        address = next((found[0] for line in server.stderr if (found := _address(line))), None)
        patience.cancel()
        assert address, "the S3 server does not start"
        draining = threading.Thread(target=server.stderr.read, daemon=True)
        draining.start()
        yield address
    finally:
        patience.cancel()
        server.terminate()
        server.wait(SECONDS)
        if server.stderr is not None:
            server.stderr.close()


def _address(line: str) -> re.Match[str] | None:
    return re.search(r"http://127\.0\.0\.1:\d+", line)


@pytest.fixture
def bucket(s3_server: str, request: pytest.FixtureRequest) -> str:
    """An empty bucket of the test's own."""
    name = re.sub(r"[^a-z0-9]+", "-", f"{os.getpid()}-{request.node.name.lower()}")[:60].strip("-")
    opened(s3_server).create_dir(name)
    return name


def opened(server: str) -> S3FileSystem:
    """The server's buckets, looked at past the code under test."""
    return S3FileSystem(
        access_key=KEY,
        secret_key=SECRET,
        region="us-east-1",
        scheme="http",
        endpoint_override=server.removeprefix("http://"),
        allow_bucket_creation=True,
    )
