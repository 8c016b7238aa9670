"""Workbooks become tables; bombs, locked and old ones are refused before anything is unpacked."""

import csv
import zipfile
from pathlib import Path

import pytest

from store.errors import BadFile, NotFound, TooMany
from store.uploads import Uploads
from store.workbook import written_as_csv
from tests.store.workbooks_written import OLE, write_workbook

CUSTOMERS = [["email", "Mobile", "Orders"], ["a@example.com", 5125550100, 3], ["b@example.com", None, 1.5]]


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_first_sheet_that_holds_rows_is_kept_as_csv(tmp_path: Path) -> None:
    """A phone number is a number in a workbook: it comes as 5125550100, not 5125550100.0."""
    workbook = write_workbook(tmp_path / "a.xlsx", {"Cover": [["Customers of 2026"]], "List": CUSTOMERS})
    found = written_as_csv(workbook, tmp_path / "a.csv")
    assert found == (["Cover", "List"], "List", 2)
    assert read(tmp_path / "a.csv") == [
        ["email", "Mobile", "Orders"],
        ["a@example.com", "5125550100", "3"],
        ["b@example.com", "", "1.5"],
    ]


def test_a_title_above_the_names_and_columns_without_names_are_passed_over(tmp_path: Path) -> None:
    rows = [
        ["Our customers"],
        [None],
        *([*row, "x" if at else None] for at, row in enumerate(CUSTOMERS)),
        [None],
    ]
    workbook = write_workbook(tmp_path / "a.xlsx", {"List": rows})
    assert written_as_csv(workbook, tmp_path / "a.csv").rows == 2
    assert read(tmp_path / "a.csv")[0] == ["email", "Mobile", "Orders", "Column D"]


def test_another_sheet_takes_the_place_of_the_first(tmp_path: Path) -> None:
    workbook = write_workbook(tmp_path / "a.xlsx", {"One": CUSTOMERS, "Two": [["maid"], ["x"], ["y"]]})
    uploads = Uploads(tmp_path / "home")
    path = uploads.save("up_1", "../best ones.xlsx", workbook.read_bytes())
    assert path.name == "best_ones.csv"
    assert uploads.sheets_of("up_1") == (["One", "Two"], "One", 2)
    assert read(uploads.choose_sheet("up_1", "Two")) == [["maid"], ["x"], ["y"]]
    assert uploads.file_of("up_1") == path
    with pytest.raises(NotFound):
        uploads.choose_sheet("up_1", "Three")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + b"Workbook", "before 2007"),
        (b"email,phone\na@example.com,1\n", "no Excel workbook"),
        (b"PK\x03\x04 and then nothing", "cut off or broken"),
    ],
)
def test_what_is_no_workbook_of_today_is_told_clearly_and_not_kept(
    tmp_path: Path, content: bytes, words: str
) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(BadFile, match=words):
        uploads.save("up_1", "a.xlsx", content)
    assert uploads.file_of("up_1") is None


def test_a_zip_archive_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("customers.csv", "email\na@example.com\n")
    with pytest.raises(BadFile, match="no workbook"):
        written_as_csv(tmp_path / "a.xlsx", tmp_path / "a.csv")


def test_a_workbook_without_rows_is_told(tmp_path: Path) -> None:
    workbook = write_workbook(tmp_path / "a.xlsx", {"One": [["email"]]})
    with pytest.raises(BadFile, match="No sheet of the workbook holds a table"):
        written_as_csv(workbook, tmp_path / "a.csv")


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused_unread(tmp_path: Path) -> None:
    """24 MB of zeros pack to 24 kB, 1,000 times: 200 times is the most above 16 MB."""
    workbook = write_workbook(tmp_path / "a.xlsx", {"One": CUSTOMERS}, beside={"xl/x.bin": bytes(24 << 20)})
    with pytest.raises(TooMany, match="would unpack to 24 MB"):
        written_as_csv(workbook, tmp_path / "a.csv")


def test_a_workbook_of_very_many_parts_is_refused(tmp_path: Path) -> None:
    parts = {f"xl/media/{number}.png": b"" for number in range(2_001)}
    workbook = write_workbook(tmp_path / "a.xlsx", {"One": CUSTOMERS}, beside=parts)
    with pytest.raises(TooMany, match="parts"):
        written_as_csv(workbook, tmp_path / "a.csv")


def test_a_cell_at_the_far_corner_kills_the_reader_and_not_the_house(tmp_path: Path) -> None:
    """A1 and XFD1048576 span 17 billion cells, which a reader would lay out in memory."""
    workbook = write_workbook(tmp_path / "a.xlsx", {"One": CUSTOMERS}, far_cell="XFD1048576")
    with pytest.raises((BadFile, TooMany)):
        written_as_csv(workbook, tmp_path / "a.csv")
