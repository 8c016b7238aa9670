"""Which identifier was hashed to this?"""

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, get_args

import duckdb
import numpy as np
import pyarrow as pa

from store.identifiers.malformed import Malformed

DigestType = Literal["md5", "sha1", "sha256"]
DIGEST_TYPES: tuple[DigestType, ...] = get_args(DigestType)
HEX_LENGTHS: dict[DigestType, int] = {"md5": 32, "sha1": 40, "sha256": 64}

_HEX = re.compile(r"[0-9A-Fa-f]+").fullmatch
_PREFIX_HEX = 16  # 8 bytes
_DIGESTS: dict[DigestType, Callable[[bytes], Any]] = {
    "md5": partial(hashlib.md5, usedforsecurity=False),
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "sha256": hashlib.sha256,
}
_PREFIXES_SQL: dict[DigestType, str] = {
    "md5": "SELECT ('0x' || md5(value)[1:16])::UBIGINT AS prefix FROM normal",
    "sha1": "SELECT ('0x' || sha1(value)[1:16])::UBIGINT AS prefix FROM normal",
    "sha256": "SELECT ('0x' || sha256(value)[1:16])::UBIGINT AS prefix FROM normal",
}
# DuckDB takes 15 ms to open, and then half of hashlib's time or less for each value.
_WORTH_AN_ENGINE = 50_000


def well_formed(digest_type: DigestType, text: str) -> bool:
    """Whether this is a digest of that type in hexadecimal, in any case."""
    return len(text) == HEX_LENGTHS[digest_type] and _HEX(text) is not None


def guess_hash_type(text: str) -> DigestType | None:
    """The type of digest that this could be by its length, or None."""
    for digest_type in DIGEST_TYPES:
        if well_formed(digest_type, text):
            return digest_type
    return None


def prefixes_of(values: Sequence[str], digest_type: DigestType) -> np.ndarray:
    """The first eight bytes, big-endian, of each normal form's digest, as uint64."""
    if len(values) < _WORTH_AN_ENGINE:
        return _prefixes_by_hashlib(values, digest_type)
    return _prefixes_by_engine(values, digest_type)


def prefixes_of_hex(hex_values: Sequence[str], digest_type: DigestType) -> np.ndarray:
    """The same eight bytes of digests given in hexadecimal, which must be well formed.

    Raises Malformed when one is not.
    """
    length = HEX_LENGTHS[digest_type]
    if any(len(text) != length for text in hex_values):
        raise Malformed("not_hexadecimal")
    joined = "".join([text[:_PREFIX_HEX] for text in hex_values])
    # bytes.fromhex would pass over blanks.
    if joined and _HEX(joined) is None:
        raise Malformed("not_hexadecimal")
    return _from_big_endian(bytes.fromhex(joined))


def _prefixes_by_hashlib(values: Sequence[str], digest_type: DigestType) -> np.ndarray:
    digest = _DIGESTS[digest_type]
    return _from_big_endian(b"".join([digest(value.encode()).digest()[:8] for value in values]))


def _prefixes_by_engine(values: Sequence[str], digest_type: DigestType) -> np.ndarray:
    normal = pa.table({"value": pa.array(values, pa.string())})
    with duckdb.connect() as engine:
        engine.register("normal", normal)
        return np.asarray(engine.execute(_PREFIXES_SQL[digest_type]).fetchnumpy()["prefix"])


def _from_big_endian(joined: bytes) -> np.ndarray:
    return np.frombuffer(joined, dtype=">u8").astype(np.uint64)
