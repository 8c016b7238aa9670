"""What do the shipped tables say? Readers for names, census rows, attributes, content and intents.

NOTICE beside this module tells where each table comes from and what was cut.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv

FOLDER = Path(__file__).parent
# The surname table rounds to a thousandth of a percent: the rarest names read 0.000.
LEAST_FREQUENCY = 0.0004

NameKind = Literal["first_names_male", "first_names_female", "last_names"]
Loadings = dict[str, float]


@dataclass(frozen=True)
class Attribute:
    """One column of a generated population, as attributes.csv describes it.

    `share` is the share of persons with a flag, or the share of whom a category is known.
    `loadings` are weights on the factors of persons.draws.factors; `detail` depends on the kind.
    """

    name: str
    kind: str
    domain: str
    label: str
    phrase: str
    share: float | None
    is_shared_by_household: bool
    loadings: Loadings
    sensitive: str | None
    detail: list[str]


@cache
def attributes() -> tuple[Attribute, ...]:
    """Every column of a generated population, in its order in the file."""
    return tuple(_attribute(row) for row in _rows("attributes.csv"))


def _attribute(row: dict[str, str]) -> Attribute:
    words = row["loadings"].split()
    return Attribute(
        name=row["name"],
        kind=row["kind"],
        domain=row["domain"],
        label=row["label"],
        phrase=row["phrase"],
        share=float(row["share"]) if row["share"] else None,
        is_shared_by_household=row["scope"] == "household",
        loadings={factor: float(weight) for factor, weight in zip(words[::2], words[1::2], strict=True)},
        sensitive=row["sensitive"] or None,
        detail=row["detail"].split(),
    )


@cache
def name_frequencies(kind: NameKind) -> tuple[list[str], np.ndarray]:
    """Names, capitalised, and the share of people who bear each; the shares add up to 1."""
    table = _table(f"{kind}.csv.gz")
    names = [name.capitalize() for name in table["name"].to_pylist()]
    frequency = np.maximum(table["frequency"].to_numpy(), LEAST_FREQUENCY)
    return names, frequency / frequency.sum()


@cache
def census_columns() -> dict[str, np.ndarray]:
    """Joint rows of the 1994 census extract, a column each; `weight` is how many people a row stands for."""
    table = _table("census_rows.csv.gz")
    return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}


@cache
def content_by_theme() -> dict[str, list[str]]:
    """What people read and watch, under the latent factor that leads them to it."""
    return {row["theme"]: row["values"].split("|") for row in _rows("content.csv")}


@cache
def intent_categories() -> dict[str, tuple[str, list[str]]]:
    """Intent category -> its theme and its topics: each subject in each form of a search."""
    forms = {row["form"]: row["values"].split("|") for row in _rows("forms.csv")}
    return {
        row["category"]: (
            row["theme"],
            [
                form.format(subject)
                for subject, form in product(row["subjects"].split("|"), forms[row["form"]])
            ],
        )
        for row in _rows("intents.csv")
    }


@cache
def street_names() -> list[str]:
    """Every street name with every suffix: "Main St", "Main Ave"."""
    parts = {row["part"]: row["values"].split("|") for row in _rows("streets.csv")}
    return [f"{name} {suffix}" for suffix, name in product(parts["type"], parts["name"])]


def _table(file: str) -> pa.Table:
    # Only the empty string is missing: "NAN" and "NULL" are people's names.
    return csv.read_csv(FOLDER / file, convert_options=csv.ConvertOptions(null_values=[""]))


def _rows(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open("rb") as stream:
        strings = csv.ConvertOptions(
            column_types={name: pa.string() for name in stream.readline().decode().strip().split(",")},
            strings_can_be_null=False,
        )
    return csv.read_csv(FOLDER / file, convert_options=strings).to_pylist()
