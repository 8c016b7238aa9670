"""Each platform's file of the eight people, value by value.

Below stands every cell as plain text, in the normal form that the platform documents: `#text` is a cell that
has to hold the SHA-256 of the text, anything else has to stand there as it is. The files in `golden/` are
what was sent to nobody, but could be: the header, the order and the bytes.
"""

import csv
import hashlib
import io
from pathlib import Path

import pytest

from store.workspace import Workspace
from tests.tools.activation.conftest import MAID
from tools.activation.export_audience import export_audience
from tools.activation.platforms import PLATFORMS, PlatformName
from tools.activation.queries import ExportAudience

GOLDEN = Path(__file__).parent / "golden"

PLAIN: dict[PlatformName, list[list[str]]] = {
    # Person 4 has an advertising id alone and 5 has nothing; 8 lives in an unknown country.
    "google_customer_match": [
        ["Email", "Email", "Phone", "First Name", "Last Name", "Country", "Zip"],
        [
            "#jane.sample+news@example.com",
            "#js@example.org",
            "#+12025550101",
            "#jane",
            "#sample",
            "US",
            "62701",
        ],
        ["#zoe@gmail.com", "", "#+12025550102", "#zoë ann", "#o'sample-two", "US", "63101"],
        ["", "", "#+442079460103", "#third", "#sample", "GB", "SW1A 1AA"],
        ["#six@example.com", "", "", "#josé", "#sample", "DE", "10115"],
        ["", "", "", "#=cmd|' /c calc'!a0", "#sample", "US", "02108"],
    ],
    "meta": [
        ["email", "email", "phone", "madid", "fn", "ln", "ct", "st", "zip", "country"],
        [
            "#jane.sample+news@example.com",
            "#js@example.org",
            "#12025550101",
            f"{MAID}1",
            "#jane",
            "#sample",
            "#springfield",
            "#il",
            "#62701",
            "#us",
        ],
        [
            "#z.o.e+shop@gmail.com",
            "",
            "#12025550102",
            "",
            "#zoëann",
            "#osampletwo",
            "#stlouis",
            "#mo",
            "#63101",
            "#us",
        ],
        ["", "", "#442079460103", "", "#third", "#sample", "#london", "", "#sw1a1", "#gb"],
        ["", "", "", f"{MAID}4", "", "", "", "", "", ""],
        ["#six@example.com", "", "", "", "#drjosé", "#samplejr", "", "", "#10115", "#de"],
        ["", "", "", "", "#cmdccalca0", "#sample", "#boston", "#ma", "#02108", "#us"],
        ["", "", "", "", "#eighth", "#sample", "", "", "#0000", ""],
    ],
    # Names stand there as they are written; person 4's id is an Apple's, for which there is no column.
    "linkedin": [
        ["email", "firstname", "lastname", "jobtitle", "employeecompany", "country", "googleaid"],
        [
            "#jane.sample+news@example.com",
            "Jane",
            "Sample",
            "Buyer",
            "Account 17",
            "US",
            f"{MAID}1",
        ],
        ["#z.o.e+shop@gmail.com", "Zoë Ann", "O'Sample-Two", "", "", "US", ""],
        ["", "Third", "Sample", "", "", "GB", ""],
        ["#six@example.com", "Dr. José", "Sample Jr.", "", "", "DE", ""],
        ["", "'=cmd|' /C calc'!A0", "Sample", "", "", "US", ""],
        ["", "Eighth", "Sample", "", "", "", ""],
    ],
    "tiktok": [
        ["Email_SHA256", "Email_SHA256", "Phone_SHA256", "MAID_SHA256"],
        ["#jane.sample+news@example.com", "#js@example.org", "#+12025550101", f"#{MAID}1"],
        ["#z.o.e+shop@gmail.com", "", "#+12025550102", ""],
        ["", "", "#+442079460103", ""],
        ["", "", "", f"#{MAID}4"],
        ["#six@example.com", "", "", ""],
    ],
    "hubspot": [
        [
            "First name",
            "Last name",
            "Email",
            "Phone number",
            "Job title",
            "Company name",
            "Street address",
            "City",
            "State/Region",
            "Postal code",
            "Country/Region",
        ],
        [
            "Jane",
            "Sample",
            "jane.sample+news@example.com",
            "+12025550101",
            "Buyer",
            "Account 17",
            "1 Main St",
            "Springfield",
            "IL",
            "62701",
            "US",
        ],
        [
            "Zoë Ann",
            "O'Sample-Two",
            "z.o.e+shop@gmail.com",
            "+12025550102",
            "",
            "",
            "2 Oak Ave",
            "St. Louis",
            "MO",
            "63101",
            "US",
        ],
        ["Third", "Sample", "", "+442079460103", "", "", "", "London", "", "SW1A 1AA", "GB"],
        ["Dr. José", "Sample Jr.", "six@example.com", "", "", "", "", "", "", "10115", "DE"],
        ["'=cmd|' /C calc'!A0", "Sample", "", "", "", "", "7 Elm St", "Boston", "MA", "02108", "US"],
        ["Eighth", "Sample", "", "", "", "", "", "", "", "0000", ""],
    ],
    # Only person 1 has a company.
    "salesforce": [
        [
            "First Name",
            "Last Name",
            "Company",
            "Title",
            "Email",
            "Phone",
            "Street",
            "City",
            "State",
            "Postal Code",
            "Country",
        ],
        [
            "Jane",
            "Sample",
            "Account 17",
            "Buyer",
            "jane.sample+news@example.com",
            "+12025550101",
            "1 Main St",
            "Springfield",
            "IL",
            "62701",
            "US",
        ],
    ],
}


def written(eight: Workspace, everybody: str, platform: PlatformName) -> str:
    query = ExportAudience(destination=platform, expression=everybody, default_country=None)
    answer = export_audience(eight, query)
    (file,) = answer.files
    return eight.exports.path(file.export).read_text("utf-8")


def hashed(cell: str) -> str:
    return hashlib.sha256(cell[1:].encode("utf-8")).hexdigest() if cell.startswith("#") else cell


@pytest.mark.parametrize("platform", PLAIN)
def test_every_cell_is_the_documented_form_and_every_hash_is_its_own(
    eight: Workspace, everybody: str, platform: PlatformName
) -> None:
    rows = list(csv.reader(io.StringIO(written(eight, everybody, platform), newline="")))
    assert sorted(rows[1:]) == sorted([[hashed(cell) for cell in row] for row in PLAIN[platform][1:]])
    assert rows[0] == PLAIN[platform][0]


@pytest.mark.parametrize("platform", [*PLAIN, "plain"])
def test_the_file_is_the_golden_one_to_the_byte(
    eight: Workspace, everybody: str, platform: PlatformName
) -> None:
    lines = written(eight, everybody, platform).splitlines(keepends=True)
    kept = (GOLDEN / f"{platform}.csv").read_text("utf-8").splitlines(keepends=True)
    assert lines[0] == kept[0]
    # People lie in the order of the curve over the map.
    assert sorted(lines[1:]) == sorted(kept[1:])


def test_there_is_a_golden_file_of_each_platform() -> None:
    assert {path.stem for path in GOLDEN.glob("*.csv")} == set(PLATFORMS)


def test_advertising_files_hold_no_contact_value_in_plain(eight: Workspace, everybody: str) -> None:
    for platform in PLATFORMS.values():
        if platform.advertises:
            text = written(eight, everybody, platform.name).lower()
            assert "example" not in text, platform.name
            assert "202555" not in text, platform.name
