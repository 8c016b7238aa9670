import pytest

from store.population.source.types import type_of


@pytest.mark.parametrize(
    ("cells", "type"),
    [
        (["1", " -2 ", "+3", "0", None, ""], "integer"),
        (["1", "2.5", ".5", "1e3", "-0.0"], "decimal"),
        (["true", "FALSE"], "boolean"),
        (["2024-01-31", "1999-12-01"], "date"),
        (["2024-01-31", "2024-01-31 10:00:00", "2024-01-31T10:00:00Z"], "timestamp"),
        (["20240131", "20231201"], "integer"),
        (["00501", "12345"], "text"),
        (["1,5"], "text"),
        (["inf"], "text"),
        (["yes", "no"], "text"),
        (["1", "x"], "text"),
        ([None, " "], "text"),
        ([], "text"),
    ],
)
def test_types_are_told_by_all_cells(cells: list[str | None], type: str) -> None:
    assert type_of(cells) == type
