"""A Postgres of one's own, for a while: in a temporary folder, on a port of the loopback address."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

SECONDS = 60
NOBODY_ELSE = "postgres"  # Postgres refuses to run as root


def is_installed() -> bool:
    """Whether there is a Postgres to start."""
    return _programs() is not None and (os.geteuid() != 0 or _user_exists())


@contextmanager
def own_postgres() -> Iterator[str]:
    """The URL of a new cluster's own database; the cluster is stopped and removed at the end."""
    programs = _programs()
    if programs is None:
        raise LookupError("there is no initdb here, nor under /usr/lib/postgresql")
    with tempfile.TemporaryDirectory(prefix="fieldmark-postgres-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, NOBODY_ELSE)
        cluster, port = Path(folder) / "cluster", _free_port()
        making = [
            programs / "initdb",
            "-D",
            cluster,
            "-U",
            "fieldmark",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run(_as_user(making), check=True, capture_output=True, timeout=SECONDS, cwd="/")
        where = ["-D", cluster, "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(
                _as_user([programs / "postgres", *where]), stdout=log, stderr=log, cwd="/"
            )
        try:
            yield _answering(f"postgresql://fieldmark@127.0.0.1:{port}/postgres", server)
        finally:
            server.send_signal(signal.SIGQUIT)  # nothing is to be kept
            server.wait(SECONDS)


@contextmanager
def own_database(url: str, name: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database of this cluster, a copy of the template; it is dropped at the end."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _programs() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return packaged[-1].parent if packaged else None


def _user_exists() -> bool:
    return any(user.pw_name == NOBODY_ELSE for user in pwd.getpwall())


def _as_user(command: list[str | Path]) -> list[str | Path]:
    if os.geteuid() != 0:
        return command
    # It becomes the command, so that its pid is the server's, which ends with this process.
    return [
        "setpriv",
        "--pdeathsig=QUIT",
        f"--reuid={NOBODY_ELSE}",
        f"--regid={NOBODY_ELSE}",
        "--clear-groups",
        *command,
    ]


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answering(url: str, server: subprocess.Popen[bytes]) -> str:
    ends_by = time.monotonic() + SECONDS
    while time.monotonic() < ends_by and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return url
    raise RuntimeError("the Postgres of the tests does not answer")
