"""A table of real people as a population in memory: one trait a value, numbers in the project's ranges."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from store.population.mapping.bins import bin_labels, bin_of, sensible_bins
from tests.tools.mining.planted import People, trait
from tools.mining.findings import Trait
from tools.mining.rows.membership import Membership


@dataclass
class RealTable:
    """words: every cell as a reader sees it, missing ones None. edges: of the numbers, by column."""

    words: pd.DataFrame
    edges: dict[str, list[float]]
    codes: dict[tuple[str, str], int]
    ranks: dict[int, int]
    everybody: Membership

    @classmethod
    def of(cls, table: pd.DataFrame, numbers: Sequence[str] = (), ranked: Sequence[str] = ()) -> "RealTable":
        """numbers: columns cut by `sensible_bins`; ranked: whole numbers whose order is their rank."""
        words, edges, values = pd.DataFrame(index=table.index), {}, {}
        for name in table.columns:
            column = table[name]
            if name in numbers:
                edges[name] = sensible_bins(column.to_numpy(dtype=np.float64), name)
                labels = bin_labels(edges[name], integer=True)
                words[name] = np.array(labels)[bin_of(column.to_numpy(dtype=np.float64), edges[name])]
                values[name] = labels
            else:
                words[name] = column.astype(object).where(column.notna(), None).map(_text)
                order = sorted(column.dropna().unique()) if name in ranked else sorted(words[name].dropna())
                values[name] = list(dict.fromkeys(str(each) for each in order))
        pairs = [(name, value) for name in words.columns for value in values[name]]
        codes = {pair: code for code, pair in enumerate(pairs)}
        scaled = {*numbers, *ranked}
        ranks = {codes[name, value]: values[name].index(value) for name, value in pairs if name in scaled}
        return cls(words, edges, codes, ranks, _membership(words, codes))

    @property
    def traits(self) -> dict[int, Trait]:
        return {code: trait(code, name, value) for (name, value), code in self.codes.items()}

    @property
    def people(self) -> People:
        return People(self.everybody.bits, self.everybody.total)

    def customers(self, held: NDArray[np.bool_]) -> Membership:
        return self.everybody.subset(held)

    def answered(self, name: str, values: Sequence[str]) -> NDArray[np.bool_]:
        """Who gave any of these answers, by the words and not by the bits."""
        return np.asarray(self.words[name].isin(list(values)), dtype=bool)

    def having(self, traits: Sequence[Trait]) -> NDArray[np.bool_]:
        """Who has all of these, as `answered`."""
        rows = np.ones(len(self.words), dtype=bool)
        for each in traits:
            rows &= self.answered(each.name, [each.value])
        return rows


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _membership(words: pd.DataFrame, codes: dict[tuple[str, str], int]) -> Membership:
    rows, held = [], []
    for name in words.columns:
        places = np.array([codes.get((name, value), -1) for value in words[name]], dtype=np.int64)
        rows.append(np.flatnonzero(places >= 0))
        held.append(places[places >= 0])
    row, code = np.concatenate(rows), np.concatenate(held)
    order = np.argsort(row, kind="stable")
    offsets = np.searchsorted(row[order], np.arange(len(words) + 1))
    return Membership.from_profiles(code[order].astype(np.int32), offsets, range(len(codes)))
