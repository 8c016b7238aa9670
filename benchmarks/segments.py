"""Segments recovered from planted data, against k-means on principal components."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from benchmarks.measuring import Row, seconds
from benchmarks.populations import Progress
from tools.mining.findings import Trait
from tools.mining.queries import SegmentQuery
from tools.mining.rows.membership import Membership
from tools.mining.segments.segments import segment_report

ROWS, COLUMNS, SEGMENTS = 20_000, 300, 5


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Five planted segments and a background; the peer is told how many there are."""
    progress("segments", 0, 1)
    held, truth, shares = _planted()
    rows, columns = np.nonzero(held)
    customers = Membership.from_profiles(
        columns, np.searchsorted(rows, np.arange(ROWS + 1)), np.arange(COLUMNS)
    )
    traits = {code: _trait(code) for code in range(COLUMNS)}
    labels: dict[str, np.ndarray] = {}

    def ours() -> None:
        labels["ours"] = segment_report(customers, _Shares(shares), traits, SegmentQuery())[1]

    def peer() -> None:
        reduced = PCA(0.95, random_state=0).fit_transform(StandardScaler().fit_transform(held.astype(float)))
        k_means = KMeans(SEGMENTS + 1, n_init=10, random_state=0)  # type: ignore[arg-type]  # the stubs know only "auto"
        labels["peer"] = k_means.fit_predict(reduced)

    ours_s, peer_s = seconds(ours), seconds(peer)
    found = {name: adjusted_rand_score(truth, label) for name, label in labels.items()}
    progress("segments", 1, 1)
    yield Row(
        work="segments, with their number",
        size=f"{ROWS:,} x {COLUMNS}",
        ours_s=ours_s,
        peer_name="PCA and k-means",
        peer_s=peer_s,
        ratio=peer_s / ours_s,
        note=f"adjusted Rand index {found['ours']:.2f}, the peer's {found['peer']:.2f}",
    )


class _Shares:
    """A population of a million whose traits are independent."""

    total = 1_000_000

    def __init__(self, shares: np.ndarray) -> None:
        self._shares = shares

    def sizes(self, codes: np.ndarray) -> np.ndarray:
        return np.round(self._shares[np.asarray(codes)] * self.total).astype(np.int64)

    def set_sizes(self, sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        return np.array(
            [round(float(np.prod(self._shares[list(s)])) * self.total) for s in sets], dtype=np.int64
        )


def _planted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    shares = np.clip(rng.beta(1.5, 8, size=COLUMNS), 0.01, 0.6)
    groups = np.tile(shares, (SEGMENTS + 1, 1))
    for group in range(1, SEGMENTS + 1):
        marks = rng.choice(COLUMNS, 8, replace=False)
        groups[group, marks] = np.minimum(0.75, 0.35 + shares[marks] * 2)
    truth = rng.integers(0, SEGMENTS + 1, ROWS)
    return (rng.random((ROWS, COLUMNS)) < groups[truth]).astype(np.uint8), truth, shares


def _trait(code: int) -> Trait:
    return Trait(
        cluster_id=str(code),
        cluster_hash=f"{code:032x}",
        name=f"trait_{code}",
        value="Yes",
        domain="interest",
        label=f"Trait {code}",
        phrase=f"have trait {code}",
    )
