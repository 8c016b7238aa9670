"""Eight people, each of whom puts one rule of the platforms to the test; generated, and nobody's."""

import csv
import io
from collections.abc import Callable

import pytest

from store.workspace import Workspace

COLUMNS = {
    "id": {"kind": "person_id"},
    "first_name": {"kind": "field", "domain": "name"},
    "last_name": {"kind": "field", "domain": "name"},
    "email1": {"kind": "identifier", "identifier": "email", "domain": "email"},
    "email2": {"kind": "identifier", "identifier": "email", "domain": "email"},
    "phone1": {"kind": "identifier", "identifier": "phone", "domain": "phone"},
    "address": {"kind": "identifier", "identifier": "address", "domain": "address"},
    "maid": {"kind": "identifier", "identifier": "maid", "domain": "maid"},
    "city": {"kind": "field", "domain": "address"},
    "zip": {"kind": "field", "domain": "address"},
    "country": {"kind": "category", "domain": "address"},
    "company": {"kind": "field", "domain": "employment"},
    "job_title": {"kind": "field", "domain": "employment"},
    "plan": {"kind": "category", "domain": "purchase"},
    "age_range": {"kind": "category", "domain": "demographic"},
    "has_diabetes": {"kind": "flag", "domain": "lifestyle"},
}
MAID = "aaaaaaaa-0000-4000-8000-00000000000"
PEOPLE = (
    {
        "id": "1",
        "first_name": "Jane",
        "last_name": "Sample",
        "email1": "Jane.Sample+News@Example.com",
        "email2": "js@example.org",
        "phone1": "(202) 555-0101",
        "address": "1 Main St, Springfield, IL 62701",
        "maid": f"{MAID}1",
        "company": "Account 17",
        "job_title": "Buyer",
    },
    # Gmail's dots and tags; no name at Gmail is this short.
    {
        "id": "2",
        "first_name": "Zoë Ann",
        "last_name": "O'Sample-Two",
        "email1": " Z.o.e+shop@Gmail.com ",
        "phone1": "+1 202-555-0102",
        "address": "2 Oak Ave, St. Louis, MO 63101-1234",
    },
    # Britain: a phone of Ofcom's numbers for drama, a postcode, a country in words.
    {
        "id": "3",
        "first_name": "Third",
        "last_name": "Sample",
        "phone1": "+44 20 7946 0103",
        "city": "London",
        "zip": "SW1A 1AA",
        "country": "United Kingdom",
    },
    # An advertising id in capitals, as Apple writes it, and nothing else.
    {"id": "4", "maid": f"{MAID}4".upper()},
    {"id": "5", "plan": "Basic"},
    {
        "id": "6",
        "first_name": "Dr. José",
        "last_name": "Sample Jr.",
        "email1": "not an address",
        "email2": "SIX@EXAMPLE.COM",
        "phone1": "12",
        "country": "DE",
        "zip": "10115",
    },
    {
        "id": "7",
        "first_name": "=cmd|' /C calc'!A0",
        "last_name": "Sample",
        "address": "7 Elm St, Boston, MA 02108",
    },
    {"id": "8", "first_name": "Eighth", "last_name": "Sample", "country": "Elsewhere", "zip": "0000"},
)


@pytest.fixture
def eight(load: Callable[..., Workspace]) -> Workspace:
    """The eight people as a warehouse."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    for person in PEOPLE:
        number = int(person["id"])
        traits = {
            "plan": "Pro" if number % 2 else "Free",
            "age_range": "18-24" if number < 5 else "65+",
            "has_diabetes": "Yes" if number == 1 else "No",
        }
        writer.writerow(traits | person)
    return load(text.getvalue(), COLUMNS, warehouse="eight")


@pytest.fixture
def everybody(eight: Workspace) -> str:
    """An expression that holds for all eight."""
    return " OR ".join(cluster.cluster_hash for cluster in eight.population.catalogue.named("age_range"))
