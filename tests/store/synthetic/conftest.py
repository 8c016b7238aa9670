"""Generated populations that several tests look at."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.synthetic import SyntheticReport, generate
from store.synthetic.customers.truth import Truth


@dataclass(frozen=True)
class Generated:
    """A generated folder, read back."""

    folder: Path
    report: SyntheticReport
    people: pa.Table
    truth: Truth
    read: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    def __getitem__(self, column: str) -> np.ndarray:
        """A column as objects, None where unknown."""
        if column not in self.read:
            self.read[column] = np.array(self.people[column].to_pylist(), dtype=object)
        return self.read[column]

    def holds(self, attribute: str, value: str = "Yes") -> np.ndarray:
        return self[attribute] == value


def read_back(report: SyntheticReport) -> Generated:
    return Generated(
        report.folder,
        report,
        pq.read_table(report.folder / "population"),
        Truth.model_validate_json((report.folder / "truth.json").read_text()),
    )


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return read_back(generate(20_000, 3, tmp_path_factory.mktemp("synthetic") / "people"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return read_back(generate(100_000, 1, tmp_path_factory.mktemp("synthetic") / "large"))
