"""Real data that comes with the project: see NOTICE for whose it is."""

import csv
import gzip
from importlib.resources import files
from pathlib import Path

CALLS, KEPT_ASIDE = "bank_marketing.csv.gz", 3  # every third call


def write_bank_contacts(folder: Path) -> tuple[Path, Path]:
    """The contacts of a Portuguese bank's phone campaigns, 2008-2010, and their mapping, as two files.

    Two columns are added: the contact's number, which is its place in the order of the calls, and `used_for`,
    `checking` for every third call and `learning` for the others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contacts, mapping = folder / "bank_contacts.csv", folder / "bank_contacts.toml"
    shipped = files("store.examples")
    with shipped.joinpath(CALLS).open("rb") as packed, gzip.open(packed, "rt", newline="") as text:
        header, *calls = csv.reader(text)
    with contacts.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["contact_number", "used_for", *header])
        for number, call in enumerate(calls, start=1):
            writer.writerow([number, "learning" if number % KEPT_ASIDE else "checking", *call])
    mapping.write_bytes(shipped.joinpath("bank_contacts.toml").read_bytes())
    return contacts, mapping
