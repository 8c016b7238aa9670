"""What is told of a file before it is read: columns, what cannot be read, what somebody says otherwise."""

import hashlib
from pathlib import Path

import pytest

from store.customer_columns import say_role
from store.customer_file import read_customers
from store.customer_look import look
from store.errors import BadFile, BadInput

ROWS = 2_000
BROKEN = 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """2,000 rows under odd names, semicolons between them, in Windows-1252; 40 e-mails are broken."""
    lines = ["Kontakt (e-mail);Tel. mobil;Straße;Spend"]
    lines += [
        f"{'broken at example' if at < BROKEN else f'p{at}@example.com'};(512) 555-{at:04d};"
        f"{at + 1} Main St, Austin, TX 78701;{at % 7}"
        for at in range(ROWS)
    ]
    path = tmp_path / "best.csv"
    path.write_bytes("\n".join(lines).encode("cp1252"))
    return path


def test_columns_are_recognised_and_what_cannot_be_read_is_counted(file: Path) -> None:
    found = look(file)
    roles = {column.name: (column.role, column.filled, column.readable) for column in found.columns}
    assert found.rows == ROWS
    assert roles == {
        "Kontakt (e-mail)": ("email", ROWS, ROWS - BROKEN),
        "Tel. mobil": ("phone", ROWS, ROWS),
        "Straße": ("address", ROWS, ROWS),
        "Spend": ("nothing", ROWS, ROWS),
    }
    assert len(found.first) == 5


def test_what_somebody_says_of_a_column_holds_for_whoever_reads_the_file(file: Path) -> None:
    say_role(file, "Tel. mobil", "nothing")
    say_role(file, "Spend", "id")
    assert {column.name: column.role for column in look(file).columns}["Tel. mobil"] == "nothing"
    assert {group.id_type for group in read_customers(file).groups} == {"email", "address", "id"}


def test_a_column_of_digests_stays_one_under_another_role(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    digests = [hashlib.sha256(f"p{at}@example.com".encode()).hexdigest() for at in range(50)]
    path.write_text("EM_SHA,n\n" + "".join(f"{digest},{at % 2}\n" for at, digest in enumerate(digests)))
    code, _ = look(path).columns
    assert (code.role, code.is_digested, code.readable) == ("email", True, 50)
    say_role(path, "EM_SHA", "phone")
    assert [(each.id_type, each.hash_type) for each in read_customers(path).groups] == [("phone", "sha256")]


def test_a_role_that_is_none_is_refused(file: Path) -> None:
    with pytest.raises(BadInput, match="no such role"):
        say_role(file, "Spend", "name")


@pytest.mark.parametrize("content", ["", "email\n", "a@example.com,x\n1,2\n"])
def test_what_is_no_table_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(BadFile):
        look(path)
