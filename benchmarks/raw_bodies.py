"""Bodies that no client should send, each with a marker that no answer may say back."""

import gzip
import json
from collections.abc import Iterator
from typing import NamedTuple

JSON = "application/json"


class RawBody(NamedTuple):
    """Bytes as they go over the wire; in pieces where a length would give them away."""

    name: str
    content: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = False

    def sent(self) -> bytes | Iterator[bytes]:
        """What a client is given to send."""
        if not self.chunked:
            return self.content
        return iter([self.content[at : at + 7] for at in range(0, min(len(self.content), 7_000), 7)])


def raw_bodies(marker: str) -> list[RawBody]:
    """More than sixty of them: numbers, texts, shapes, encodings, types of content, pieces."""
    return [*_numbers(marker), *_texts(marker), *_shapes(marker), *_encodings(marker), *_types(marker)]


def _numbers(marker: str) -> Iterator[RawBody]:
    values = [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1" * 400,
        "-" + "9" * 5_000,
        "1e-999",
        "0x10",
    ]
    values += ["01", "+1", ".5", "1.", "-", "9223372036854775808", "-9223372036854775809", "1e3"]
    for value in values:
        told = value if len(value) < 12 else f"{len(value)} digits"
        for field in ("person_ids", "limit"):
            given = f"[{value}]" if field == "person_ids" else value
            yield RawBody(f"{field} {told}", f'{{"{field}": {given}, "message": "{marker}"}}'.encode())


def _texts(marker: str) -> Iterator[RawBody]:
    escapes = {
        "lone surrogate": "\\ud800",
        "low surrogate": "\\udc00",
        "NUL": "\\u0000",
        "bad escape": "\\x41",
    }
    for name, escape in escapes.items():
        for field in ("expression", "message", "workflow_id", "name"):
            yield RawBody(f"{field}: {name}", f'{{"{field}": "{marker}{escape}"}}'.encode())
    yield RawBody("NUL byte", b'{"message": "' + marker.encode() + b'\x00"}')
    yield RawBody("raw newline", b'{"message": "' + marker.encode() + b'\n"}')
    yield RawBody("text without an end", b'{"message": "' + marker.encode())
    yield RawBody("long text", json.dumps({"message": marker * 20_000}).encode())
    yield RawBody("long name", json.dumps({marker * 1_000: 1}).encode())
    yield RawBody("name is a marker", json.dumps({marker: marker, "icp_profiles": {marker: 1}}).encode())
    yield RawBody("every field", json.dumps(dict.fromkeys(_FIELDS, marker)).encode())
    yield RawBody("every field a list", json.dumps({name: [marker] for name in _FIELDS}).encode())
    yield RawBody("every field an object", json.dumps({name: {marker: marker} for name in _FIELDS}).encode())


_FIELDS = (
    *("expression", "person_ids", "identifiers", "id_type", "message", "kind", "workflow_id", "warehouse"),
    *("tool", "arguments", "limit", "cursor", "url", "email", "password", "name", "role", "scopes"),
    *(
        "document",
        "revision",
        "rows",
        "approved",
        "approve",
        "conversation_id",
        "file",
        "features",
        "records",
        "unit",
    ),
    *("events", "format", "location", "destination"),
)


def _shapes(marker: str) -> Iterator[RawBody]:
    for value in (
        "null",
        "true",
        "0",
        '""',
        "[]",
        "{}",
        f'"{marker}"',
        f'["{marker}"]',
        "[[[[]]]]",
        "{]",
        "[}",
    ):
        yield RawBody(f"only {value.replace(marker, 'a marker')}", value.encode())
    for deep in (90, 1_000, 100_000):
        yield RawBody(f"lists {deep:,} deep", b"[" * deep + b"]" * deep)
        yield RawBody(f"objects {deep:,} deep", b'{"a":' * deep + b"1" + b"}" * deep)
        yield RawBody(
            f"arguments {deep:,} deep", b'{"tool":"help","arguments":' + b"[" * deep + b"]" * deep + b"}"
        )
    yield RawBody("open lists", b"[" * 100_000)
    yield RawBody("a key twice", f'{{"message": "{marker}", "message": 1, "expression": "a"}}'.encode())
    yield RawBody("trailing comma", f'{{"message": "{marker}",}}'.encode())
    yield RawBody("two documents", f'{{"message": "{marker}"}}{{}}'.encode())
    yield RawBody("comment", f'{{/* {marker} */ "message": 1}}'.encode())
    yield RawBody("single quotes", f"{{'message': '{marker}'}}".encode())
    yield RawBody("many fields", json.dumps({f"{marker}{at}": at for at in range(10_000)}).encode())
    yield RawBody("prototype", b'{"__proto__": {"admin": true}, "constructor": 1, "__class__": "x"}')


def _encodings(marker: str) -> Iterator[RawBody]:
    whole = json.dumps({"message": marker, "expression": marker})
    yield RawBody("empty", b"")
    yield RawBody("spaces", b" \n\t ")
    yield RawBody("truncated UTF-8", f'{{"message": "{marker}'.encode() + b'\xe2\x82"}')
    yield RawBody("overlong UTF-8", f'{{"message": "{marker}'.encode() + b'\xc0\xaf"}')
    yield RawBody("surrogate bytes", f'{{"message": "{marker}'.encode() + b'\xed\xa0\x80"}')
    yield RawBody("UTF-16", whole.encode("utf-16"))
    yield RawBody("UTF-32", whole.encode("utf-32"))
    yield RawBody("byte order mark", b"\xef\xbb\xbf" + whole.encode())
    yield RawBody("latin 1", whole.replace("}", ', "é": "é"}').encode("latin-1"), f"{JSON}; charset=latin-1")
    yield RawBody("random bytes", bytes((at * 167 + 13) % 256 for at in range(4_096)))
    bomb = gzip.compress(b'{"message": "' + b"a" * (64 << 20) + b'"}', 9)
    yield RawBody("gzip bomb", bomb, JSON, (("Content-Encoding", "gzip"),))
    yield RawBody("gzip that is none", whole.encode(), JSON, (("Content-Encoding", "gzip"),))
    yield RawBody("unknown encoding", whole.encode(), JSON, (("Content-Encoding", "br, zstd, x"),))
    yield RawBody("in pieces", whole.encode(), chunked=True)
    yield RawBody("nonsense in pieces", whole.encode()[:-1], chunked=True)


def _types(marker: str) -> Iterator[RawBody]:
    whole = json.dumps({"message": marker}).encode()
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "",
        "/",
        "a" * 300,
        JSON + ";",
    ):
        yield RawBody(f"as {kind[:40] or 'nothing'}", whole, kind)
    yield RawBody("multipart without its border", whole, "multipart/form-data")
    yield RawBody(
        "multipart", f"--x\r\n\r\n{marker}\r\n--x--\r\n".encode(), "multipart/form-data; boundary=x"
    )
    yield RawBody("charset that is none", whole, f"{JSON}; charset={marker}")
    yield RawBody("prefers nonsense", whole, JSON, (("Prefer", f"respond-async; wait={marker}"),))
    yield RawBody("a long key", whole, JSON, (("Idempotency-Key", marker * 100),))
    yield RawBody("accepts nothing", whole, JSON, (("Accept", "image/png"),))
