"""Who is in each cluster: one roaring bitmap a cluster, in one mapped file, the live ones kept in a cache."""

import mmap
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from pyroaring import BitMap

DEFAULT_CACHE_BYTES = 256 << 20


class Bitmaps:
    """Cluster code → local numbers of its persons in one shard. Callers must not change them."""

    def __init__(self, folder: Path, cache_bytes: int = DEFAULT_CACHE_BYTES) -> None:
        self._starts = np.load(folder / "cluster_starts.npy")
        path = folder / "clusters.roaring"
        self._bytes = path.read_bytes() if path.stat().st_size < 1 << 20 else _mapped(path)
        self._live: OrderedDict[int, tuple[BitMap, int]] = OrderedDict()
        self._room = cache_bytes
        self._lock = threading.Lock()

    def __getitem__(self, code: int) -> BitMap:
        with self._lock:
            if code in self._live:
                self._live.move_to_end(code)
                return self._live[code][0]
        first, last = int(self._starts[code]), int(self._starts[code + 1])
        bitmap = BitMap.deserialize(bytes(self._bytes[first:last])) if last > first else BitMap()
        self._keep(code, bitmap, last - first + 200)
        return bitmap

    def _keep(self, code: int, bitmap: BitMap, size: int) -> None:
        with self._lock:
            if code in self._live:
                return
            self._live[code] = (bitmap, size)
            self._room -= size
            while self._room < 0 and len(self._live) > 1:
                self._room += self._live.popitem(last=False)[1][1]


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def write_bitmaps(bitmaps: Iterable[tuple[int, BitMap]], clusters: int, folder: Path) -> np.ndarray:
    """Write bitmaps that come in rising order of code; returns how many persons each has (int64 by code)."""
    sizes, lengths = np.zeros(clusters, dtype=np.int64), np.zeros(clusters, dtype=np.int64)
    with (folder / "clusters.roaring").open("wb") as file:
        for code, bitmap in bitmaps:
            bitmap.run_optimize()
            lengths[code] = file.write(bitmap.serialize())
            sizes[code] = len(bitmap)
    np.save(folder / "cluster_starts.npy", np.concatenate(([0], np.cumsum(lengths))))
    return sizes


def write_having(kind: str, numbers: np.ndarray, folder: Path) -> None:
    """Write who has at least one value of this kind of contact."""
    bitmap = BitMap(numbers.astype(np.uint32))
    bitmap.run_optimize()
    (folder / f"having_{kind}.roaring").write_bytes(bitmap.serialize())


def read_having(kind: str, folder: Path) -> BitMap:
    """Who has at least one value of this kind of contact; nobody when the source had none."""
    path = folder / f"having_{kind}.roaring"
    return BitMap.deserialize(path.read_bytes()) if path.exists() else BitMap()
