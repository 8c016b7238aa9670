"""Everything that a mapping may say is in the reference, and nothing else is."""

import re
from pathlib import Path

from store.population.mapping.model import KINDS, Column

REFERENCE = Path(__file__).parents[4] / "docs" / "reference.md"


def documented(table: str) -> set[str]:
    """What stands in code in the first column of the table with this heading in the section `Mapping`."""
    [section] = re.findall(r"^## Mapping\n(.*?)^## ", REFERENCE.read_text(), re.MULTILINE | re.DOTALL)
    [rows] = re.findall(rf"^\| {table} \|.*?\n\n", section, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE))


def test_the_reference_names_every_kind() -> None:
    assert documented("kind") == set(KINDS)


def test_the_reference_names_every_field_as_a_file_has_it() -> None:
    assert documented("field") == {field.alias or name for name, field in Column.model_fields.items()}
