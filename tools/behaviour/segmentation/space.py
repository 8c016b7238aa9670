"""Where does a user stand among users, in few and comparable dimensions?"""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, Field

WINSOR = (0.005, 0.995)
STEP = 1 << 17  # rows at a time


class Space(BaseModel):
    """Columns as logarithms where they are amounts, cut at their far ends, standardised, turned and cut."""

    names: list[str]
    logs: list[bool] = Field(description="Whether the logarithm of 1 + value is taken: no value is negative.")
    low: list[float]
    high: list[float]
    mean: list[float]
    scale: list[float]
    axes: list[list[float]] = Field(description="Principal components, one a row, over the standardised.")
    kept_share: float = Field(description="Of the variance.")

    def standard(self, values: np.ndarray) -> np.ndarray:
        """Standardised columns; what is unknown stands at the mean."""
        told = np.where(self.logs, np.log1p(np.maximum(values, 0.0)), values)
        told = (np.clip(told, self.low, self.high) - self.mean) / self.scale
        return np.where(np.isnan(told), 0.0, told)

    def places(self, values: np.ndarray) -> np.ndarray:
        """Rows x components."""
        axes = np.array(self.axes).T
        parts = [self.standard(values[at : at + STEP]) @ axes for at in range(0, len(values), STEP)]
        return np.vstack(parts) if parts else np.empty((0, len(self.axes)))

    def raw(self, places: np.ndarray) -> np.ndarray:
        """Places as standardised columns again, without what the dropped components said."""
        return places @ np.array(self.axes)


def space_of(names: Sequence[str], values: np.ndarray, share: float) -> Space | None:
    """The space of these rows, rows x columns; None where no column varies."""
    with np.errstate(invalid="ignore"):
        logs = [bool(np.nanmin(column, initial=np.inf) >= 0) for column in values.T]
        told = np.where(logs, np.log1p(np.maximum(values, 0.0)), values)
    known = ~np.isnan(told)
    kept = [at for at in range(told.shape[1]) if known[:, at].sum() > 1 and np.nanstd(told[:, at]) > 1e-9]
    bounds = [np.nanquantile(told[:, at], WINSOR) for at in kept]
    # A value that fewer than one in two hundred have would be cut away whole: then the ends stay.
    bounds = [
        (low, high) if low < high else (np.nanmin(told[:, at]), np.nanmax(told[:, at]))
        for at, (low, high) in zip(kept, bounds, strict=True)
    ]
    if not kept:
        return None
    cut = np.clip(told[:, kept], [low for low, _ in bounds], [high for _, high in bounds])
    mean, scale = np.nanmean(cut, axis=0), np.nanstd(cut, axis=0)
    standard = np.where(np.isnan(cut), 0.0, (cut - mean) / scale)
    values_of, axes = np.linalg.eigh(np.atleast_2d(np.cov(standard, rowvar=False, bias=True)))
    values_of, axes = values_of[::-1], axes[:, ::-1]
    # An axis has no direction of its own; its largest part is made positive so that runs agree.
    axes = axes * np.sign(axes[np.argmax(np.abs(axes), axis=0), np.arange(axes.shape[1])])
    shares = np.cumsum(values_of) / values_of.sum()
    count = int(np.searchsorted(shares, share - 1e-12) + 1)
    return Space(
        names=[names[at] for at in kept],
        logs=[logs[at] for at in kept],
        low=[float(low) for low, _ in bounds],
        high=[float(high) for _, high in bounds],
        mean=mean.tolist(),
        scale=scale.tolist(),
        axes=axes[:, :count].T.tolist(),
        kept_share=float(shares[min(count, len(shares)) - 1]),
    )


def content_sample(values: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Places of a sample of rows that depends on what the rows hold and not on their order.

    Rows of the same content are counted together and drawn without replacement (multivariate
    hypergeometric), so that frequent contents are as frequent in the sample.
    """
    keys = _content_keys(values)
    _, first, inverse_counts = np.unique(keys, return_index=True, return_counts=True)
    if len(values) <= count:
        return np.repeat(first, inverse_counts)
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_hypergeometric(inverse_counts, count, method="marginals")
    return np.repeat(first, drawn)


def _content_keys(values: np.ndarray) -> np.ndarray:
    """A 64-bit key of each row's content (multiply and shift, as splitmix64 does)."""
    keys = np.zeros(len(values), dtype=np.uint64)
    for column in values.T:
        bits = np.where(np.isnan(column), np.inf, column + 0.0).astype(np.float64).view(np.uint64)
        keys = (keys ^ bits) * np.uint64(0xBF58476D1CE4E5B9)
        keys ^= keys >> np.uint64(29)
    return keys
