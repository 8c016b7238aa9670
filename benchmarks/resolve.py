"""Resolving identifiers to persons, against an indexed table of e-mails in DuckDB."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.measuring import Row, side_by_side
from benchmarks.populations import Progress, duckdb_table, loaded
from store.workspace import Workspace
from tools.identity.resolve_identities import ResolveQuery, resolve_identities


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """1,000 and 100,000 e-mails, nine in ten of them known; with a file for the larger."""
    workspace, peer = loaded(people, progress), duckdb_table(people, progress)
    _index(peer)
    for count in (1_000, min(100_000, people // 2)):
        asked = _emails(peer, people, count)
        format = "none" if count <= 1_000 else "jsonl"
        yield side_by_side(
            f"resolve_identities, plain e-mails, format {format}",
            f"{count:,} of {people:,} people",
            lambda asked=asked, format=format: _resolve(workspace, asked, "plaintext", format),
            "DuckDB join, indexed",
            lambda asked=asked: _join(peer, asked),
            note="the peer gives persons only: no contacts, scores or file",
        )
    hashed = peer.execute(
        "SELECT sha256(e) FROM (SELECT unnest(?) AS e)", [_emails(peer, people, 1_000)]
    ).fetchall()
    digests = [row[0] for row in hashed]
    yield side_by_side(
        "resolve_identities, sha256 e-mails",
        f"1,000 of {people:,} people",
        lambda: _resolve(workspace, digests, "sha256", "none"),
    )
    peer.close()


def _resolve(workspace: Workspace, values: list[str], hash_type: str, format: str) -> None:
    query = ResolveQuery.model_validate(
        {"id_type": "email", "id_hash": hash_type, "identifiers": values, "format": format}
    )
    resolve_identities(workspace, query)


def _emails(peer: duckdb.DuckDBPyConnection, people: int, count: int) -> list[str]:
    ids = np.random.default_rng(count).choice(people, size=count * 9 // 10, replace=False) + 1
    peer.register("wanted", pa.table({"id": ids}))
    found = peer.execute(
        "SELECT email1 FROM people JOIN wanted ON person_id = id WHERE email1 IS NOT NULL"
    ).fetchall()
    return [row[0] for row in found] + [f"nobody.{n}@example.com" for n in range(count - len(found))]


def _index(peer: duckdb.DuckDBPyConnection) -> None:
    tables = {row[0] for row in peer.execute("SHOW TABLES").fetchall()}
    if "emails" not in tables:
        peer.execute(
            "CREATE TABLE emails AS SELECT e AS email, person_id FROM "
            "(SELECT unnest([email1, email2, email3]) AS e, person_id FROM people) WHERE e IS NOT NULL"
        )
        peer.execute("CREATE INDEX email_index ON emails(email)")


def _join(peer: duckdb.DuckDBPyConnection, values: list[str]) -> int:
    peer.register("asked", pa.table({"email": values}))
    return len(peer.execute("SELECT asked.email, person_id FROM asked JOIN emails USING (email)").fetchall())
