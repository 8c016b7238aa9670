"""Accounts through the command line: generated, loaded, searched, their committees shown."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from api.cli.customers import accounts as commands
from store.accounts.numbering import account_number
from store.synthetic.deals import generate_deals
from store.workspace import House, Workspace
from tools.audience.find_persons import PersonsQuery, find_persons
from tools.clusters.list_clusters import ClustersQuery, list_clusters
from tools.identity.resolve_identities import ResolveQuery, resolve_identities

ACCOUNTS = 1_500
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "out"
    generate_deals(ACCOUNTS, 4_000, 5, folder, datetime(2026, 3, 2, tzinfo=UTC))
    return folder


def runner(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `accounts …` on this home."""
    monkeypatch.setenv("FIELDMARK_HOME", str(home))
    monkeypatch.setenv("FIELDMARK_PROCESSES", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("api.cli.loading.EMBEDDED_AT_LOAD", 0)  # the lookup by meaning has tests of its own
    app = typer.Typer()
    commands.add_commands(app)
    return lambda *words: CliRunner().invoke(app, ["accounts", *map(str, words)])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands on a home of the test's own."""
    return runner(tmp_path / "home", monkeypatch)


@dataclass(frozen=True)
class Loaded:
    """The generated accounts, loaded once with their contacts as the warehouse `acc`; read only."""

    home: Path
    told: dict


@pytest.fixture(scope="module")
def loaded_once(deals: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    home = tmp_path_factory.mktemp("loaded") / "home"
    with pytest.MonkeyPatch.context() as monkeypatch:
        done = runner(home, monkeypatch)(
            "load", deals / "accounts.csv", "--contacts", deals / "contacts.csv",
            "--won", deals / "deals_salesforce.csv", "--as-of", "2026-03-02", "-w", "acc", "--json",
        )  # fmt: skip
    assert done.exit_code == 0, done.output
    return Loaded(home, json.loads(done.stdout))


@pytest.fixture
def loaded(loaded_once: Loaded) -> dict:
    return loaded_once.told


@pytest.fixture
def accounts(loaded_once: Loaded, open_house: Callable[[Path], House]) -> Workspace:
    return open_house(loaded_once.home).workspace("acc")


@pytest.fixture
def shown(loaded_once: Loaded, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands that only read, on the home that is shared."""
    return runner(loaded_once.home, monkeypatch)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.csv"
    file.write_text("Account ID,Employees\n17,5\n18,60\n19,700\n20,800\n")
    return file


def counted(file: Path, condition: str) -> int:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT count(*) FROM read_csv('{file}') WHERE {condition}").fetchall()[0][
            0
        ]


def test_generated_accounts_load_and_answer_as_a_plain_count_does(
    loaded: dict, accounts: Workspace, deals: Path
) -> None:
    """Clusters and expressions over them count what SQL over the file counts."""
    file = deals / "accounts.csv"
    assert loaded["persons"] == ACCOUNTS
    catalogue = accounts.population.catalogue
    snowflake = catalogue.valued("technologies", "Snowflake")
    software = catalogue.valued("industry", "Software")
    assert snowflake is not None
    assert software is not None
    listed = list_clusters(accounts, ClustersQuery(domain="lifestyle", limit=1_000)).clusters
    sizes = {(one.name, one.value): one.size for one in listed}
    uses = """list_contains(string_split("Web Technologies", ';'), 'Snowflake')"""
    assert sizes["technologies", "Snowflake"] == counted(file, uses)
    both = f"{snowflake.cluster_hash} AND NOT {software.cluster_hash}"
    found = find_persons(accounts, PersonsQuery(expression=both))
    assert found.total == counted(file, f"{uses} AND Industry <> 'Software'")


def test_derived_ranges_count_what_the_formula_counts(accounts: Workspace, deals: Path) -> None:
    growth = '("Number of Employees" - "Employees 1 Year Ago") / "Employees 1 Year Ago"'
    bins = accounts.population.manifest.mapping["columns"]["growth_velocity"]["bins"]
    first = next(one for one in accounts.population.catalogue.clusters if one.name == "growth_velocity")
    assert first.value.startswith("under")
    assert first.size == counted(deals / "accounts.csv", f"{growth} < {bins[0]}")


def test_accounts_are_found_by_the_text_of_their_id_and_by_their_website(accounts: Workspace) -> None:
    """Both lead to one account, whose number follows from its id alone."""
    query = ResolveQuery(id_type="id", identifiers=["0015g0000000017", "account-17.example.com"])
    (identity,) = resolve_identities(accounts, query).identities
    assert identity["person_id"] == account_number("0015g0000000017")


def test_what_was_recognised_and_derived_is_told(loaded: dict) -> None:
    by_name = {column["name"]: column for column in loaded["columns"]}
    assert by_name["employees"] == {
        "name": "employees",
        "label": "Employees",
        "group": "firmographic",
        "column": "Number of Employees",
    }
    assert by_name["growth_velocity"]["column"] is None
    assert {column["group"] for column in loaded["columns"]} == {
        "firmographic", "technographic", "behavioural", "intent"
    }  # fmt: skip
    assert loaded["plain_columns"] == []
    assert loaded["unknown_contacts"] == 0
    assert "Finance" in loaded["usual_departments"]


def test_a_committee_is_shown_by_role_without_names_or_addresses(shown: Run, deals: Path) -> None:
    with duckdb.connect() as connection:
        account, expected = connection.execute(
            f"""SELECT "Associated Company IDs", list_sort(list("Contact ID"))
            FROM read_csv('{deals}/contacts.csv')
            GROUP BY 1 HAVING count(*) > 4 ORDER BY 1"""
        ).fetchall()[0]
    answer = shown("committee", account, "-w", "acc", "--json")
    assert answer.exit_code == 0
    committee = json.loads(answer.stdout)
    contacts = [contact["contact_id"] for role in committee["roles"] for contact in role["contacts"]]
    assert sorted(contacts) == expected
    assert committee["size"] == len(expected)
    assert "@" not in answer.stdout
    table = shown("committee", account, "-w", "acc")
    assert all(contact in table.stdout for contact in expected)


def test_an_account_without_contacts_is_not_found(shown: Run) -> None:
    missing = shown("committee", "nobody", "-w", "acc")
    assert missing.exit_code == 3
    assert "No contact" in missing.stderr


def test_a_load_without_contacts_has_no_committees(run: Run, small: Path) -> None:
    assert run("load", small, "-w", "bare").exit_code == 0
    missing = run("committee", "17", "-w", "bare")
    assert missing.exit_code == 3
    assert "--contacts" in missing.stderr


def test_ids_that_are_addresses_are_not_kept(run: Run, small: Path, tmp_path: Path) -> None:
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("Contact ID,Account ID,Title\none@example.com,17,CFO\nc2,17,CTO\n")
    assert run("load", small, "--contacts", contacts, "-w", "acc").exit_code == 0
    shown = run("committee", "17", "-w", "acc", "--json")
    roles = json.loads(shown.stdout)["roles"]
    assert [(role["department"], role["contacts"][0]["contact_id"]) for role in roles] == [
        ("Engineering", "c2"),
        ("Finance", "row 1"),
    ]
    kept = next((tmp_path / "home" / "warehouses" / "acc" / "snapshots").glob("*/committees.parquet"))
    assert pq.read_table(kept, columns=["contact_id"]).to_pydict() == {"contact_id": ["row 1", "c2"]}


def test_the_mapping_can_be_written_edited_and_given_back(
    run: Run, small: Path, tmp_path: Path, open_house: Callable[[Path], House]
) -> None:
    kept = tmp_path / "mapping.toml"
    words = ("load", small, "-w", "acc", "--as-of", "2026-03-02")
    assert run(*words, "--save-mapping", kept).exit_code == 0
    kept.write_text(kept.read_text().replace('label = "Employees"', 'label = "Head count"'))
    done = run(*words, "--mapping", kept, "--json")
    assert done.exit_code == 0
    found = open_house(tmp_path / "home").workspace("acc").population.manifest.mapping["columns"]
    assert found["employees"]["label"] == "Head count"


def test_nothing_temporary_stays_and_refusals_leave_with_two(run: Run, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("Account ID,Employees\n17,5\n17,6\n")
    refused = run("load", accounts, "-w", "acc")
    assert refused.exit_code == 2
    assert "one row an account" in refused.stderr
    assert run("load", accounts, "-w", "acc", "--as-of", "yesterday").exit_code == 2
    assert not list((tmp_path / "home").glob("fieldmark-accounts-*"))


def test_a_history_is_written_from_files_and_their_days(run: Run, tmp_path: Path) -> None:
    for name, employees in (("old", 5), ("new", 6)):
        (tmp_path / f"{name}.csv").write_text(f"Account ID,Employees\n17,{employees}\n")
    out = tmp_path / "history.parquet"
    done = run("history", tmp_path / "old.csv", tmp_path / "new.csv", "--as-of", "2025-01-01",
               "--as-of", "2026-01-01", "--out", out, "--json")  # fmt: skip
    assert json.loads(done.stdout)["rows"] == 2
    assert pq.read_table(out).column("employees").to_pylist() == [5, 6]
    assert run("history", tmp_path / "old.csv", "--as-of", "2025-01-01", "--as-of", "2026-01-01",
               "--out", out).exit_code == 2  # fmt: skip


def test_generated_files_come_with_the_next_command(run: Run, tmp_path: Path) -> None:
    made = run(
        "synth",
        "--accounts",
        50,
        "--deals",
        80,
        "--seed",
        3,
        "--as-of",
        "2026-03-02",
        "--out",
        tmp_path / "g",
    )
    assert made.exit_code == 0
    assert "fieldmark accounts load" in made.stdout
    assert (tmp_path / "g" / "truth.json").exists()
