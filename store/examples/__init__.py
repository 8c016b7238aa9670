"""Real data that comes with the project: see NOTICE for whose it is."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

CALLS, KEPT_ASIDE = "bank_marketing.csv.gz", 3  # every third call
FIRST_YEAR = 2008  # of the calls, which come in the order of their days
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What the bank knew of a customer before the call, as the mapping names it; and the length of the call.
KNOWN = {
    "age": "age",
    "job": "job",
    "marital": "marital",
    "education": "education",
    "default": "credit_in_default",
    "balance": "yearly_balance",
    "housing": "housing_loan",
    "loan": "personal_loan",
    "previous": "earlier_calls",
    "poutcome": "earlier_result",
    "duration": "duration",
}


def write_bank_contacts(folder: Path) -> tuple[Path, Path]:
    """The contacts of a Portuguese bank's phone campaigns, 2008-2009, and their mapping, as two files.

    Two columns are added: the contact's number, which is its place in the order of the calls, and `used_for`,
    `checking` for every third call and `learning` for the others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contacts, mapping = folder / "bank_contacts.csv", folder / "bank_contacts.toml"
    header, *calls = _calls()
    with contacts.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["contact_number", "used_for", *header])
        for number, call in enumerate(calls, start=1):
            writer.writerow([number, "learning" if number % KEPT_ASIDE else "checking", *call])
    mapping.write_bytes(files("store.examples").joinpath("bank_contacts.toml").read_bytes())
    return contacts, mapping


def write_bank_outcomes(folder: Path) -> Path:
    """The same calls as outcome records, one a call: won where they subscribed, lost where they did not.

    Each has its day and what the bank knew of the customer before the call. `duration`, the seconds that the
    call took, is known only afterwards: it is left in for a leak check to find.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "bank_outcomes.csv"
    header, *calls = _calls()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["record_id", "person_id", "outcome", "decided_at", *KNOWN.values()])
        rows = [dict(zip(header, call, strict=True)) for call in calls]
        for number, (row, day) in enumerate(zip(rows, _days(rows), strict=True), start=1):
            known = ["" if row[name] == "unknown" else row[name] for name in KNOWN]
            outcome = "won" if row["y"] == "yes" else "lost"
            writer.writerow([f"call-{number}", number, outcome, day.isoformat(), *known])
    return path


def _days(rows: list[dict[str, str]]) -> Iterator[date]:
    """The day of each call. The file tells month and day, in order: an earlier month is of the next year."""
    year, last = FIRST_YEAR, 0
    for row in rows:
        month = MONTHS.index(row["month"]) + 1
        year += month < last
        last = month
        yield date(year, month, int(row["day"]))


def _calls() -> list[list[str]]:
    with (
        files("store.examples").joinpath(CALLS).open("rb") as packed,
        gzip.open(packed, "rt", newline="") as text,
    ):
        return list(csv.reader(text))
