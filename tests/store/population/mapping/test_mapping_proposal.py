"""First mappings for sources that nobody has mapped: kinds, domains, marks, and that every cell fits."""

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.errors import BadMapping
from store.population.mapping import Outcome, propose_mapping
from store.population.mapping.model import Mapping, read_mapping, write_mapping
from store.population.mapping.proposal import Proposal, propose
from store.population.source import open_source
from store.population.source.validation import check_cells

ROWS = 60
BANK = """age,job,marital,education,default,balance,housing,loan,contact,day,month,pdays,poutcome,y
58,management,married,tertiary,no,2143,yes,no,unknown,5,may,-1,unknown,no
44,technician,single,secondary,no,29,yes,no,unknown,5,may,-1,unknown,no
33,entrepreneur,married,secondary,no,2,yes,yes,unknown,6,may,-1,unknown,no
47,blue-collar,married,unknown,no,1506,yes,no,cellular,8,jun,151,failure,yes
35,management,married,tertiary,yes,-231,yes,no,cellular,9,jun,166,other,no
28,services,single,secondary,no,447,no,yes,telephone,12,jul,91,success,yes
42,admin.,divorced,primary,no,121,yes,no,cellular,14,jul,86,failure,no
"""
TELCO = """\
customerID,gender,SeniorCitizen,Partner,tenure,MultipleLines,Contract,MonthlyCharges,TotalCharges,Churn
7590-VHVEG,Female,0,Yes,1,No phone service,Month-to-month,29.85,29.85,No
5575-GNVDE,Male,0,No,34,No,One year,56.95,1889.5,No
3668-QPYBK,Male,1,No,2,Yes,Month-to-month,53.85,108.15,Yes
7795-CFOCW,Male,0,No,45,No phone service,One year,42.3,1840.75,No
9237-HQITU,Female,0,No,3,No,Month-to-month,70.7, ,Yes
9305-CDSKC,Female,1,Yes,8,Yes,Two year,99.65,820.5,Yes
"""


def _proposed(path: Path, **more: int) -> Proposal:
    """The proposal, after a look that every cell of the source fits it."""
    with open_source([path]) as source:
        proposal = propose(source, **more)
        assert propose_mapping(source, **more) == proposal.mapping
        check_cells(source, proposal.mapping)
        assert list(proposal.mapping.columns) == list(source.columns)
    Mapping.model_validate(proposal.mapping.model_dump())
    return proposal


def _kinds(proposal: Proposal) -> dict[str, str]:
    return {name: column.kind for name, column in proposal.mapping.columns.items()}


@pytest.fixture
def propose_columns(tmp_path: Path):
    """The proposal for columns of cells, repeated to 60 rows unless they are that long."""

    def proposed(columns: dict[str, list[str]], **more: int) -> Proposal:
        lines = [",".join(columns)]
        lines += [",".join(cells[at % len(cells)] for cells in columns.values()) for at in range(ROWS)]
        path = tmp_path / "people.csv"
        path.write_text("\n".join(lines) + "\n")
        return _proposed(path, **more)

    return proposed


def test_a_bank_like_extract(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text(BANK)
    proposal = _proposed(tmp_path / "bank.csv")
    kinds = _kinds(proposal)
    assert {name for name, kind in kinds.items() if kind == "flag"} == {"default", "housing", "loan"}
    assert {name for name, kind in kinds.items() if kind == "category"} >= {
        "job",
        "marital",
        "education",
        "month",
    }
    assert {name for name, kind in kinds.items() if kind == "number"} >= {"age", "balance", "day"}
    assert kinds["y"] == "outcome"
    assert proposal.mapping.columns["y"].values == {"yes": "Yes", "no": "No"}
    assert proposal.mapping.columns["age"].bins == [18, 25, 35, 45, 55, 65]
    assert kinds["poutcome"] == "category"
    assert any('"y" is taken for an outcome' in note for note in proposal.notes)


def test_a_telco_like_extract(tmp_path: Path) -> None:
    (tmp_path / "telco.csv").write_text(TELCO)
    proposal = _proposed(tmp_path / "telco.csv")
    assert _kinds(proposal) == {
        "customerID": "identifier",
        "gender": "category",
        "SeniorCitizen": "flag",
        "Partner": "flag",
        "tenure": "number",
        "MultipleLines": "category",
        "Contract": "category",
        "MonthlyCharges": "number",
        "TotalCharges": "number",
        "Churn": "outcome",
    }
    columns = proposal.mapping.columns
    assert columns["customerID"].identifier == "id"
    assert (columns["SeniorCitizen"].attribute, columns["SeniorCitizen"].label) == (
        "senior_citizen",
        "Senior citizen",
    )
    assert columns["MonthlyCharges"].domain == "purchase"


def test_it_survives_a_file_that_a_person_edits(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text(BANK)
    mapping = _proposed(tmp_path / "bank.csv").mapping
    write_mapping(mapping, tmp_path / "mapping.toml")
    assert read_mapping(tmp_path / "mapping.toml") == mapping


def test_identifiers_by_name_and_by_value(propose_columns) -> None:
    numbers = [str(at) for at in range(ROWS)]
    proposal = propose_columns(
        {
            "kontakt": [f"a{at}@example.com" for at in numbers],
            "Email 2": [f"b{at}@example.com" if int(at) % 2 else "none given" for at in numbers],
            "mobile_phone": [f"(555) 123-{1000 + int(at)}" for at in numbers],
            "idfa": [f"0000000{int(at):05d}-0000-0000-0000-000000000000"[-36:] for at in numbers],
            "crm_id": [f"K-{at}" for at in numbers],
            "marketing_emails_clicked": numbers,
            "email_opt_in": ["yes", "no"],
            "phone_service": ["Yes", "No"],
        }
    )
    columns = proposal.mapping.columns
    found = {name: column.identifier for name, column in columns.items() if column.kind == "identifier"}
    assert found == {
        "kontakt": "email",
        "Email 2": "email",
        "mobile_phone": "phone",
        "idfa": "maid",
        "crm_id": "id",
    }
    assert _kinds(proposal)["marketing_emails_clicked"] == "number"
    assert _kinds(proposal)["email_opt_in"] == _kinds(proposal)["phone_service"] == "flag"


def test_a_fourth_address_of_one_type_is_left_out(propose_columns) -> None:
    proposal = propose_columns(
        {f"email{n}": [f"a{at}_{n}@example.com" for at in range(ROWS)] for n in range(1, 5)}
        | {"ok": ["yes", "no"]}
    )
    assert list(_kinds(proposal).values()) == ["identifier"] * 3 + ["ignore", "flag"]
    assert any('"email4" is left out' in note for note in proposal.notes)


def test_addresses_in_parts(propose_columns) -> None:
    streets = [f"{at} Main Street" for at in range(ROWS)]
    proposal = propose_columns(
        {
            "billing_street": streets,
            "apt": ["", "2", "3b"],
            "City": ["Austin", "Dallas"],
            "state": ["TX", "CA"],
            "ZIP": ["78701", "75201", "00501"],
            "ok": ["yes", "no"],
        }
    )
    parts = {name: column.part for name, column in proposal.mapping.columns.items() if column.part}
    assert parts == {
        "billing_street": "street",
        "apt": "unit",
        "City": "city",
        "state": "state",
        "ZIP": "zip",
    }


def test_addresses_on_one_line_and_places_without_a_street(propose_columns) -> None:
    proposal = propose_columns(
        {
            "address1": [f"{at} Main St Austin TX 78701" for at in range(ROWS)],
            "address2": [f"{at} Elm St Dallas TX 75201" for at in range(ROWS)],
            "state": ["TX", "CA", "NY"],
            "zip": ["78701", "75201"],
            "ok": ["yes", "no"],
        }
    )
    # A ZIP beside makes address1 a street and address2 its second line.
    assert proposal.mapping.columns["address1"].part == "street"
    alone = propose_columns(
        {
            "address1": [f"{at} Main St Austin TX 78701" for at in range(ROWS)],
            "state": ["TX", "CA", "NY"],
            "ok": ["yes", "no"],
        }
    )
    assert alone.mapping.columns["address1"].model_dump(include={"identifier", "part"}) == {
        "identifier": "address",
        "part": None,
    }
    assert _kinds(alone)["state"] == "category"
    assert alone.mapping.columns["state"].domain == "address"


def test_the_person_id_is_whole_and_unique_in_all_rows(propose_columns) -> None:
    numbers = [str(at) for at in range(ROWS)]
    kinds = _kinds(propose_columns({"id": numbers, "customer_id": numbers, "ok": ["yes", "no"]}))
    assert kinds == {"id": "person_id", "customer_id": "identifier", "ok": "flag"}
    # The sample of 30 rows sees no repeat; the whole source has one.
    repeated = [*numbers[:-1], "0"]
    kinds = _kinds(propose_columns({"person_id": repeated, "ok": ["yes", "no"]}, sample_rows=30))
    assert kinds["person_id"] == "identifier"


def test_names_are_fields_and_secrets_are_left_out(propose_columns) -> None:
    numbers = range(ROWS)
    proposal = propose_columns(
        {
            "first_name": [f"Anna{at}" for at in numbers],
            "Surname": [f"Berg{at}" for at in numbers],
            "company": [f"Firm {at}" for at in numbers],
            "comment": [f"said {at} things" for at in numbers],
            "ssn": [f"123-45-{at:04d}" for at in numbers],
            "email_md5": [f"{at:032x}" for at in numbers],
            "dob": ["19800101", "19900202"],
            "ok": ["yes", "no"],
        }
    )
    columns = proposal.mapping.columns
    assert [columns[name].domain for name in ("first_name", "Surname", "company")] == [
        "name",
        "name",
        "employment",
    ]
    assert [_kinds(proposal)[name] for name in ("comment", "ssn", "email_md5", "dob")] == [
        "field",
        "ignore",
        "ignore",
        "ignore",
    ]
    notes = "\n".join(proposal.notes)
    assert all(f'"{name}" is' in notes for name in ("comment", "ssn", "email_md5", "dob"))
    assert "hashes" in notes


def test_places_quality_and_last_change(propose_columns) -> None:
    proposal = propose_columns(
        {
            "Lat": ["30.1", "31.2"],
            "lng": ["-97.7", "-98.1"],
            "quality_score": ["0.9", "0.4", "1"],
            "updated_at": ["2024-01-31T10:00:00Z", "2024-02-01"],
            "signup_date": ["2020-01-01", "2021-05-05"],
            "ok": ["yes", "no"],
        }
    )
    assert _kinds(proposal) == {
        "Lat": "latitude",
        "lng": "longitude",
        "quality_score": "quality",
        "updated_at": "last_modified",
        "signup_date": "date",
        "ok": "flag",
    }


def test_a_latitude_without_a_longitude_or_off_the_earth_is_a_number(propose_columns) -> None:
    spread = [str(at * 3) for at in range(ROWS)]
    assert _kinds(propose_columns({"lat": ["30.1", "31.2"], "ok": ["yes", "no"]}))["lat"] == "category"
    kinds = _kinds(propose_columns({"lat": spread, "lon": spread, "ok": ["yes", "no"]}))
    assert kinds["lat"] == kinds["lon"] == "number"


def test_flags_numbers_categories_and_lists(propose_columns) -> None:
    proposal = propose_columns(
        {
            "is_pet_owner": ["Y", "N", ""],
            "interested_golf": ["Yes", ""],
            "active": ["1.0", "0.0"],
            "children": ["0", "1", "2"],
            "visits": [str(at) for at in range(ROWS)],
            "rooms": ["1.0", "2.0", "3.0"],
            "likes": ["golf|chess", "chess", "golf"],
            "tags": ["a; b", "b", ""],
            "area_code": ["415", "510", "408"],
            "same": ["x"],
            "empty": ["", "NA"],
            "split": ["train", "test"],
        }
    )
    assert _kinds(proposal) == {
        "is_pet_owner": "flag",
        "interested_golf": "flag",
        "active": "flag",
        "children": "category",
        "visits": "number",
        "rooms": "category",
        "likes": "list",
        "tags": "list",
        "area_code": "category",
        "same": "ignore",
        "empty": "ignore",
        "split": "ignore",
    }
    columns = proposal.mapping.columns
    assert (columns["likes"].separator, columns["tags"].separator) == ("|", ";")
    assert columns["rooms"].values == {"1.0": "1", "2.0": "2", "3.0": "3"}
    assert len(columns["visits"].bins) >= 3


@pytest.mark.parametrize("name", ["y", "Churned", "is_won", "converted", "purchased_target", "outcome"])
def test_outcomes_by_name_where_there_are_two_values(propose_columns, name: str) -> None:
    proposal = propose_columns({name: ["1.0", "0.0"], "ok": ["yes", "no"]})
    assert proposal.mapping.columns[name].kind == "outcome"
    assert proposal.mapping.columns[name].values == {"0.0": "No", "1.0": "Yes"}
    assert _kinds(propose_columns({name: ["a", "b", "c"], "ok": ["yes", "no"]}))[name] == "category"


def test_traits_that_sound_like_outcomes_are_none(propose_columns) -> None:
    kinds = _kinds(
        propose_columns({"income_gt_50k": ["1", "0"], "default": ["no", "yes"], "ok": ["yes", "no"]})
    )
    assert set(kinds.values()) == {"flag"}


def test_sensitive_columns_are_marked(propose_columns) -> None:
    proposal = propose_columns(
        {
            "race": ["White", "Black"],
            "has_diabetes": ["yes", "no"],
            "interested_healthy_living": ["Yes", ""],
            "health_affinity": ["High", "Low"],
            "donated_political_cause_recently": ["yes", "no"],
        }
    )
    assert [column.sensitive for column in proposal.mapping.columns.values()] == [
        "ethnicity",
        "health",
        None,
        None,
        "politics",
    ]
    assert any('"race" is marked as sensitive (ethnicity)' in note for note in proposal.notes)


def test_marks_of_missing_numbers_are_found(propose_columns) -> None:
    proposal = propose_columns(
        {"visits": [*(str(at) for at in range(ROWS - 2)), "?", "#N/A"], "ok": ["yes", "no"]}
    )
    assert _kinds(proposal)["visits"] == "number"
    assert proposal.mapping.missing[-2:] == ["#N/A", "?"]


def test_mostly_numbers_are_said_to_be_so(propose_columns) -> None:
    proposal = propose_columns(
        {"visits": [*(str(at) for at in range(ROWS - 1)), "a lot"], "ok": ["yes", "no"]}
    )
    assert _kinds(proposal)["visits"] == "field"
    assert any('"visits" is mostly numbers, but not all' in note for note in proposal.notes)
    assert not any("a lot" in note for note in proposal.notes)


def test_what_the_sample_missed_changes_the_kind(propose_columns) -> None:
    """One odd cell, in each of eight rows in turn: about half of the rows are sampled."""
    notes = ""
    for odd in range(8):
        flags = ["maybe" if at == odd else ("yes", "no")[at % 2] for at in range(ROWS)]
        visits = ["many" if at == odd else str(at % 40) for at in range(ROWS)]
        proposal = propose_columns({"opt": flags, "visits": visits, "ok": ["yes", "no"]}, sample_rows=30)
        assert _kinds(proposal)["opt"] == "category"
        assert _kinds(proposal)["visits"] == "field"
        notes += "\n".join(proposal.notes)
    assert '"opt" is `category`, not `flag`: 1 cells are neither yes nor no' in notes
    assert '"visits" is `field`, not `number`: 1 cells are not a finite number' in notes


def test_names_that_come_to_the_same_attribute_are_told_apart(propose_columns) -> None:
    proposal = propose_columns(
        {"home-owner": ["yes", "no"], "home_owner": ["no", "yes"], "HomeOwner": ["1", "0"]}
    )
    assert [column.attribute for column in proposal.mapping.columns.values()] == [
        "home_owner",
        "home_owner_2",
        "home_owner_3",
    ]


def test_typed_columns_of_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": range(ROWS),
            "score": [at * 1.5 for at in range(ROWS)],
            "opt": [at % 2 == 0 for at in range(ROWS)],
            "likes": [["golf", "chess"] if at % 2 else ["golf"] for at in range(ROWS)],
            "joined": pa.array(range(ROWS), pa.date32()),
            "band": [1.0, None, 2.0] * 20,
        }
    )
    pq.write_table(table, tmp_path / "people.parquet")
    assert _kinds(_proposed(tmp_path / "people.parquet")) == {
        "id": "person_id",
        "score": "number",
        "opt": "flag",
        "likes": "list",
        "joined": "date",
        "band": "category",
    }


def test_a_list_of_addresses_alone_is_said_to_make_no_clusters(tmp_path: Path) -> None:
    path = tmp_path / "best.csv"
    path.write_text("email\n" + "".join(f"a{at}@example.com\n" for at in range(20)))
    with open_source([path]) as source:
        proposal = propose(source)
    assert _kinds(proposal) == {"email": "identifier"}
    assert any("No column would become clusters" in note for note in proposal.notes)


REAL = {
    "bank_marketing.csv.gz": {"y": "outcome", "age": "number", "default": "flag", "poutcome": "category"},
    "adult_census_1994.csv.gz": {"income_gt_50k": "flag", "race": "category", "split": "ignore"},
    "telco_churn_ibm.csv": {"customerID": "identifier", "Churn": "outcome", "TotalCharges": "number"},
    "saas_churn_pysurvival.csv": {"churned": "outcome", "us_region": "category"},
    "modeldata_mlc_churn.csv": {"churn": "outcome", "area_code": "category", "total_day_minutes": "number"},
    "coil2000_train.csv": {"CARAVAN": "flag", "MOSTYPE": "number", "MSKA": "category"},
}


@pytest.mark.skipif("FIELDMARK_DATA" not in os.environ, reason="FIELDMARK_DATA names no folder of real files")
@pytest.mark.parametrize("name", list(REAL))
def test_real_files_are_mapped_sensibly(name: str) -> None:
    proposal = _proposed(Path(os.environ["FIELDMARK_DATA"]) / name)
    kinds = _kinds(proposal)
    assert {column: kinds[column] for column in REAL[name]} == REAL[name]
    for column in proposal.mapping.of_kind("number").values():
        assert column.bins


def _days(first: str, step: int, form: str) -> list[str]:
    return [(date.fromisoformat(first) + timedelta(days=step * at)).strftime(form) for at in range(ROWS)]


def test_dates_are_cut_along_the_calendar(propose_columns) -> None:
    proposal = propose_columns(
        {
            "signup_date": _days("2022-01-01", 9, "%Y-%m-%d"),
            "last_order": _days("2022-01-01", 9, "%Y-%m-%dT10:00:00Z"),
            "contract_end": _days("2022-01-01", 9, "%d %b %Y"),
            "first_visit": _days("2022-01-01", 9, "%d/%m/%Y"),
            "paid_at": _days("2022-01-01", 9, "%m-%d-%y 10:30"),
            "ok": ["yes", "no"],
        }
    )
    columns = proposal.mapping.columns
    assert [kind for kind in _kinds(proposal).values()] == ["date"] * 5 + ["flag"]
    assert [column.format for column in columns.values()][:5] == ["", "", "", "%d/%m/%Y", "%m-%d-%y %H:%M"]
    begins = [f"2022-{month:02}-01" for month in (1, 4, 7, 10)] + ["2023-01-01", "2023-04-01", "2023-07-01"]
    assert columns["signup_date"].edges == begins


def test_dates_that_could_be_read_in_two_ways_are_left_to_a_person(propose_columns) -> None:
    """No day of the column is above 12."""
    cells = [f"{1 + at % 12:02}/{1 + at % 7:02}/2024" for at in range(ROWS)]
    proposal = propose_columns({"seen": cells, "ok": ["yes", "no"]})
    assert _kinds(proposal)["seen"] == "ignore"
    assert any("'%d/%m/%Y' or '%m/%d/%Y'" in note for note in proposal.notes)


def test_a_date_of_birth_is_left_to_a_person(propose_columns) -> None:
    proposal = propose_columns({"birth_date": _days("1960-01-01", 99, "%Y-%m-%d"), "ok": ["yes", "no"]})
    assert _kinds(proposal)["birth_date"] == "ignore"
    assert any('as = "age"' in note for note in proposal.notes)


def test_a_column_with_an_impossible_date_is_kept_as_a_field(propose_columns) -> None:
    cells = [*_days("2022-01-01", 9, "%Y-%m-%d")[1:], "2023-02-30"]
    proposal = propose_columns({"joined": cells, "ok": ["yes", "no"]})
    assert _kinds(proposal)["joined"] == "field"
    assert any("1 cells are not a date such as 2025-01-31" in note for note in proposal.notes)


def test_dates_survive_a_file_that_a_person_edits(propose_columns, tmp_path: Path) -> None:
    mapping = propose_columns({"joined": _days("2022-01-01", 9, "%Y-%m-%d"), "ok": ["yes", "no"]}).mapping
    write_mapping(mapping, tmp_path / "mapping.toml")
    assert '"2022-04-01"' in (tmp_path / "mapping.toml").read_text()
    assert read_mapping(tmp_path / "mapping.toml") == mapping


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ('kind = "date"\nbins = ["2024-02-30"]', "day is out of range"),
        ('kind = "date"\nbins = [2024-02-01, 2024-01-01]', "rising"),
        ('kind = "date"\nbins = [19000.5]', "`bins` of a date are days"),
        ('kind = "date"\nformat = "day first"', "%d/%m/%Y"),
        ('kind = "date"\nformat = "%d/%m/%Q"', "%d/%m/%Y"),
        ('kind = "date"\nas = "age"', "`as_of`"),
        ('kind = "date"\nas_of = 2024-01-01', '`as` = "age"'),
        ('kind = "number"\nas = "age"\nas_of = 2024-01-01', "belong to a date"),
        ('kind = "number"\norder = ["a"]', "of a category"),
        ('kind = "category"\norder = ["a", "a"]', "each once"),
        ('kind = "category"\nbins = [1.0]', "number or date"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, column: str, says: str) -> None:
    (tmp_path / "mapping.toml").write_text(f"[columns.it]\n{column}\n")
    with pytest.raises(BadMapping, match=re.escape(says)) as caught:
        read_mapping(tmp_path / "mapping.toml")
    assert "columns.it" in str(caught.value)


def test_days_of_a_toml_file_need_no_quotes(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(
        '[columns.born]\nkind = "date"\nas = "age"\nas_of = 2024-12-31\nbins = [30, 50]\n'
        '[columns.joined]\nkind = "date"\nbins = [2023-01-01, 2024-01-01]\n'
    )
    columns = read_mapping(tmp_path / "mapping.toml").columns
    assert (columns["born"].as_of, columns["born"].bins) == ("2024-12-31", [30, 50])
    assert columns["joined"].edges == ["2023-01-01", "2024-01-01"]


# 120 rows; from 60 years on all but a few have the outcome, and height has nothing to do with it.
BY_OUTCOME = {
    "years_old": [str(20 + at % 60) for at in range(120)],
    "height": [str(150 + at * 7 % 40) for at in range(120)],
    "won": ["yes" if at % 60 >= 40 and at % 7 else "no" for at in range(120)],
}


def _by_outcome(tmp_path: Path, outcome: Outcome) -> Proposal:
    path = tmp_path / "people.csv"
    lines = [",".join(row) for row in zip(*BY_OUTCOME.values(), strict=True)]
    path.write_text("\n".join([",".join(BY_OUTCOME), *lines]) + "\n")
    with open_source([path]) as source:
        return propose(source, bins_by=outcome)


def test_ranges_by_an_outcome_are_cut_where_it_turns_and_say_so(tmp_path: Path) -> None:
    proposal = _by_outcome(tmp_path, Outcome("won", "yes"))
    columns = proposal.mapping.columns
    assert columns["years_old"].bins == [60]
    assert len(columns["height"].bins) >= 3
    assert any(
        '"years_old" were chosen with the outcome "won" = yes in view' in note for note in proposal.notes
    )
    assert any('"height": no cut tells' in note for note in proposal.notes)


@pytest.mark.parametrize(
    ("outcome", "says"),
    [(Outcome("win", "yes"), "no such column"), (Outcome("won", "Yes"), "Nobody has the outcome")],
)
def test_an_outcome_that_the_source_lacks_is_refused(tmp_path: Path, outcome: Outcome, says: str) -> None:
    with pytest.raises(BadMapping, match=says):
        _by_outcome(tmp_path, outcome)


def test_a_few_marks_among_dates_are_told_and_numbers_with_points_are_no_dates(propose_columns) -> None:
    """One cell in 60 is no date; versions and addresses of machines only look like dates."""
    proposal = propose_columns(
        {
            "joined": ["0000-00-00", *_days("2022-01-01", 9, "%Y-%m-%d")[1:]],
            "version": ["1.2.2024x", "2.3.4", "10.0.1"],
            "ok": ["yes", "no"],
        }
    )
    assert _kinds(proposal)["joined"] == "field"
    assert _kinds(proposal)["version"] == "category"
    assert any("not `date`: 1 cells" in note for note in proposal.notes)
