"""Which bin of a scale does each row of a table fall into?"""

from collections.abc import Callable, Sequence

import numpy as np

from store.errors import BadInput
from store.features import Feature, FeatureTable
from tools.scoring.fit.bins.binning import Binning
from tools.scoring.fit.bins.cells import Cells
from tools.scoring.fit.profile import Scale

Coder = Callable[[int, int], np.ndarray]


def scale_of(cells: Cells, binning: Binning) -> Scale:
    """The scale that the binning of these cells makes.

    Of a category whose levels are all named there is one bin more: levels that were never seen.
    """
    feature = cells.feature
    told = Scale(
        name=feature.name, kind=feature.kind, label=feature.told, unit=feature.unit, value=cells.value
    )
    bin_of, bins = binning.bin_of, binning.bins + 1
    if feature.kind == "set":
        return told
    if feature.kind == "number":
        cuts = np.flatnonzero(np.diff(bin_of[1 : cells.count + 1]))
        values = feature.values[np.isfinite(feature.values)]
        whole = bool(np.all(values == np.round(values)))
        return told.model_copy(update={"whole": whole, "edges": cells.edges[cuts].tolist()})
    named = list(zip(cells.levels, bin_of[1:].tolist(), strict=False))
    groups = [[level for level, at in named if at == place] for place in range(1, bins)]
    other = int(bin_of[cells.count]) if cells.pooled else bins
    return told.model_copy(update={"groups": groups, "other": other})


def coder(scale: Scale, table: FeatureTable) -> Coder:
    """Asked for rows start to stop, the bin of each, uint8; a column that the table lacks is unknown.

    Raises BadInput where the table's column is of another kind.
    """
    feature = table.find(scale.name)
    if feature is None:
        return lambda start, stop: np.zeros(stop - start, dtype=np.uint8)
    if feature.kind != scale.kind:
        raise BadInput(
            f"A column is a {feature.kind}, and the profile has learned it as a {scale.kind}",
            where=scale.name,
        )
    if scale.kind == "number":
        from tools.scoring.fit.bins.kernels import number_bins  # compiled code takes a second to load

        edges = np.array(scale.edges)
        return lambda start, stop: number_bins(
            np.asarray(feature.values[start:stop], dtype=np.float64), edges
        )
    if scale.kind == "category":
        bins = _level_bins(scale, feature.levels)
        return lambda start, stop: bins[feature.values[start:stop]]
    return _set_coder(scale, feature)


def _level_bins(scale: Scale, levels: Sequence[str]) -> np.ndarray:
    place = {level: at for at, group in enumerate(scale.groups, start=1) for level in group}
    return np.array([*(place.get(level, scale.other) for level in levels), 0], dtype=np.uint8)


def _set_coder(scale: Scale, feature: Feature) -> Coder:
    from tools.scoring.fit.bins.kernels import set_bins

    wanted = feature.levels.index(scale.value) if scale.value in feature.levels else -2
    values, starts = feature.values, feature.starts
    assert starts is not None
    return lambda start, stop: set_bins(values, starts[start : stop + 1], wanted)
