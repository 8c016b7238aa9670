"""Which clusters each person is in, row by row: mapped, so that a thousand people cost a thousand reads."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Profiles:
    """Cluster codes of the persons of one shard, one run a person."""

    codes: np.ndarray
    starts: np.ndarray  # int64, persons + 1

    def of(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Codes of these persons one after the other (int32), and where each one's start (int64, n + 1)."""
        first, last = self.starts[numbers], self.starts[np.asarray(numbers) + 1]
        lengths = last - first
        starts = np.concatenate(([0], np.cumsum(lengths)))
        take = np.arange(starts[-1]) + np.repeat(first - starts[:-1], lengths)
        return np.asarray(self.codes[take], dtype=np.int32), starts

    def everyone(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """The same for the run of persons [first, last), without copying."""
        starts = self.starts[first : last + 1]
        return self.codes[starts[0] : starts[-1]], starts - starts[0]


def write_profiles(codes: np.ndarray, starts: np.ndarray, clusters: int, folder: Path) -> None:
    """Write row-wise codes; two bytes a code where the catalogue allows it."""
    narrow = np.uint16 if clusters <= 1 << 16 else np.int32
    np.save(folder / "profile_codes.npy", codes.astype(narrow))
    np.save(folder / "profile_starts.npy", starts.astype(np.int64))


def read_profiles(folder: Path) -> Profiles:
    """The profiles of one shard, mapped."""
    return Profiles(
        np.load(folder / "profile_codes.npy", mmap_mode="r"),
        np.load(folder / "profile_starts.npy", mmap_mode="r"),
    )
