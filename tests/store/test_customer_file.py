"""Which columns of a customer file identify somebody, whatever they are called."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.customer_file import CustomerFile, read_customers
from store.errors import BadFile

PEOPLE = 40
MAILS = [f"person{number}@example.com" for number in range(PEOPLE)]
DEVICES = [f"{number:08x}-8246-4ba4-ae5b-76104861e7dc" for number in range(1, PEOPLE + 1)]
ADDRESSES = [f"{number} Main St, Springfield, IL 62701" for number in range(1, PEOPLE + 1)]
PHONES = [f"212555{number:04d}" for number in range(PEOPLE)]


def hashed(values: list[str], name: str) -> list[str]:
    return [hashlib.new(name, value.encode()).hexdigest() for value in values]


def read(folder: Path, **columns: list) -> CustomerFile:
    file = folder / "customers.csv"
    lines = [",".join(f'"{name}"' for name in columns)]
    lines += [
        ",".join("" if cell is None else f'"{cell}"' for cell in row)
        for row in zip(*columns.values(), strict=True)
    ]
    file.write_text("\n".join(lines) + "\n")
    return read_customers(file)


def found(customers: CustomerFile) -> list[tuple[str, str, int]]:
    return [(group.id_type, group.hash_type, len(group.values)) for group in customers.groups]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("app_users", {("email", "plaintext"), ("maid", "plaintext")}),
        ("drawn_at_random", {("email", "plaintext"), ("phone", "plaintext"), ("address", "plaintext")}),
        ("golf_homeowners", {("email", "plaintext"), ("phone", "plaintext"), ("address", "plaintext")}),
        ("newsletter_hashed", {("email", "sha256"), ("email", "md5")}),
        ("pet_supplies", {("email", "plaintext"), ("address", "plaintext")}),
        ("pilot_store", {("email", "plaintext"), ("phone", "plaintext")}),
        ("wellness_box", {("email", "plaintext"), ("phone", "plaintext")}),
    ],
)
def test_every_identifier_of_the_generated_files_is_recognised(
    consumers: Path, name: str, kinds: set[tuple[str, str]]
) -> None:
    """Odd names such as `Login (e-mail)`, `EM_MD5`, `Home` and `Contact`, with holes and typing errors."""
    customers = read_customers(consumers / "people" / "customers" / f"{name}.csv")
    assert {(group.id_type, group.hash_type) for group in customers.groups} == kinds
    assert all(0.5 * customers.rows < len(group.values) <= customers.rows for group in customers.groups)
    assert customers.person_ids == []


def test_all_generated_files_are_tested(consumers: Path) -> None:
    names = {path.stem for path in (consumers / "people" / "customers").iterdir()}
    assert names == {
        "app_users",
        "drawn_at_random",
        "golf_homeowners",
        "newsletter_hashed",
        "pet_supplies",
        "pilot_store",
        "wellness_box",
    }


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("email_sha1", hashed(MAILS, "sha1"), ("email", "sha1")),
        ("hem", hashed(MAILS, "sha256"), ("email", "sha256")),
        ("phone_md5", hashed(PHONES, "md5"), ("phone", "md5")),
        ("maid_sha256", hashed(DEVICES, "sha256"), ("maid", "sha256")),
        ("HASHED_PHONE", [digest.upper() for digest in hashed(PHONES, "sha256")], ("phone", "sha256")),
        ("idfa", DEVICES, ("maid", "plaintext")),
        ("maid", [device.replace("-", "") for device in DEVICES], ("maid", "plaintext")),
        ("customer_id", [f"K-{number}" for number in range(PEOPLE)], ("id", "plaintext")),
        ("customer_id", hashed(MAILS, "md5"), ("id", "plaintext")),
        ("who", MAILS, ("email", "plaintext")),
        ("place", ADDRESSES, ("address", "plaintext")),
    ],
)
def test_type_and_form_of_a_column(
    tmp_path: Path, name: str, values: list[str], expected: tuple[str, str]
) -> None:
    customers = read(tmp_path, **{name: values, "spent": list(range(PEOPLE))})
    assert found(customers) == [(*expected, PEOPLE)]
    assert customers.groups[0].values == values


def test_a_column_takes_the_form_that_most_of_its_values_have(tmp_path: Path) -> None:
    """39 digests and one address in the clear: the one is left to be told of as a wrong hash."""
    customers = read(tmp_path, email_md5=[*hashed(MAILS[1:], "md5"), MAILS[0]])
    assert found(customers) == [("email", "md5", 40)]


def test_an_address_in_several_columns_is_one_line(tmp_path: Path) -> None:
    customers = read(
        tmp_path,
        Street=[f"{number} Main St" for number in range(PEOPLE)],
        City=["Springfield"] * PEOPLE,
        ST=["IL"] * PEOPLE,
        Zip=["62701"] * PEOPLE,
    )
    assert found(customers) == [("address", "plaintext", PEOPLE)]
    assert customers.groups[0].values[1].startswith("1 Main St, Springfield")


def test_person_ids_and_the_note(tmp_path: Path) -> None:
    customers = read(tmp_path, person_id=list(range(7, 7 + PEOPLE)), mail=[*MAILS[:-1], None])
    assert customers.person_ids == list(range(7, 7 + PEOPLE))
    assert found(customers) == [("email", "plaintext", PEOPLE - 1)]
    assert customers.notes == [
        "40 rows; read `person_id` (person id), `mail` (email): 39 email (plaintext), 40 person ids."
    ]


def test_parquet_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "customers.parquet"
    pq.write_table(pa.table({"E-mail": MAILS, "person_id": list(range(PEOPLE))}), file)
    customers = read_customers(file)
    assert (found(customers), len(customers.person_ids)) == ([("email", "plaintext", PEOPLE)], PEOPLE)


@pytest.mark.parametrize(
    "columns", [{"spent": list(range(40))}, {"colour": ["red", "blue"] * 20, "n": [1.5] * 40}]
)
def test_a_file_that_identifies_nobody_is_refused_by_the_names_of_its_columns(
    tmp_path: Path, columns: dict
) -> None:
    with pytest.raises(BadFile, match="No column identifies the customers") as refusal:
        read(tmp_path, **columns)
    assert ", ".join(columns) in str(refusal.value)
