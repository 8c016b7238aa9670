"""Do generated deals hold what is told of them? Counted again from the files, with DuckDB."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from scipy import stats

from store.errors import BadInput
from store.synthetic.deals import DealsReport, generate_deals

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACCOUNTS, DEALS, SEED = 6_000, 30_000, 11
WON, LOST = "Closed Won", "Closed Lost"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> DealsReport:
    return generate_deals(ACCOUNTS, DEALS, SEED, tmp_path_factory.mktemp("deals") / "out", NOW)


@pytest.fixture(scope="module")
def truth(generated: DealsReport) -> dict:
    return json.loads((generated.folder / "truth.json").read_text())


@pytest.fixture(scope="module")
def ask(generated: DealsReport) -> Iterator[Callable[[str], list[tuple]]]:
    """Answers SQL over the files; `deals` have the attributes as of their opening."""
    folder = generated.folder
    connection = duckdb.connect()
    connection.execute(
        f"""CREATE TABLE deals AS SELECT d.*, h.* FROM (
            SELECT *, "Associated Company IDs" AS unit, "Deal Stage" = '{WON}' AS won,
              "Deal Stage" IN ('{WON}', '{LOST}') AS decided
            FROM read_csv('{folder}/deals_hubspot.csv')) d
          ASOF JOIN read_parquet('{folder}/accounts_history.parquet') h
            ON d.unit = h.account_id AND d."Create Date" >= h.as_of"""
    ).fetchall()
    connection.execute(f"CREATE TABLE contacts AS FROM read_csv('{folder}/contacts.csv')").fetchall()
    connection.execute(f"CREATE TABLE customers AS FROM read_csv('{folder}/customers.csv')").fetchall()
    connection.execute(f"CREATE TABLE sf AS FROM read_csv('{folder}/deals_salesforce.csv')").fetchall()
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


def where(clauses: list[dict]) -> str:
    """The clauses of a planted condition as SQL over the deals."""
    return " AND ".join(part for clause in clauses for part in parts(clause))


def parts(clause: dict) -> list[str]:
    name = clause["attribute"]
    if name == "committee_departments":
        return [
            f'unit IN (SELECT "Associated Company IDs" FROM contacts WHERE Department IN ({texts(clause)}))'
        ]
    if name in ("technologies", "competitor_tools"):
        return [f"list_has_any({name}, [{texts(clause)}])" if "values" in clause else f"{name} IS NOT NULL"]
    if "values" in clause:
        return [f"{name} IN ({texts(clause)})"]
    signs = {"over": ">", "at_least": ">=", "at_most": "<=", "under": "<"}
    return [f"{name} {signs[key]} {clause[key]}" for key in signs if key in clause]


def texts(clause: dict) -> str:
    return ", ".join(f"'{value}'" for value in clause["values"])


def test_every_deal_finds_its_account_as_it_was_before(ask: Callable, truth: dict) -> None:
    assert ask("SELECT count(*), count(*) FILTER (decided), count(*) FILTER (won) FROM deals") == [
        (DEALS, truth["decided"], truth["won"])
    ]
    assert truth["win_rate"] == pytest.approx(0.18, abs=0.02)


def test_win_rates_by_planted_condition_are_those_of_the_files(ask: Callable, truth: dict) -> None:
    for planted in [*truth["conditions"], truth["anti_pattern"]]:
        found = ask(
            f"SELECT count(*), count(*) FILTER (won) FROM deals WHERE decided AND {where(planted['clauses'])}"
        )
        assert found == [(planted["deals"], planted["won"])], planted["name"]


def test_won_deals_lie_within_bounds_of_the_chances_that_they_were_drawn_with(truth: dict) -> None:
    """Four standard deviations of a sum of independent coins."""
    for planted in [*truth["conditions"], truth["anti_pattern"], truth["emerging"]]:
        assert abs(planted["won"] - planted["expected_won"]) < 4 * planted["expected_spread"] + 1, planted[
            "name"
        ]


def test_planted_criteria_raise_the_win_rate_beyond_chance(ask: Callable, truth: dict) -> None:
    for planted in truth["conditions"]:
        others = truth["decided"] - planted["deals"]
        counts = [
            [planted["won"], planted["deals"] - planted["won"]],
            [truth["won"] - planted["won"], others - truth["won"] + planted["won"]],
        ]
        assert stats.fisher_exact(counts, alternative="greater").pvalue < 1e-6, planted["name"]


def test_the_anti_pattern_seldom_buys_takes_long_and_goes_dark(ask: Callable, truth: dict) -> None:
    bad = truth["anti_pattern"]
    low, high = stats.binomtest(bad["won"], bad["deals"]).proportion_ci(0.999)
    assert low <= 0.04 <= high
    cycle, dark = (
        """median("Close Date" - "Create Date")""",
        """avg(("Close Date" - "Last Activity Date" > 30)::INT)""",
    )
    for_them = f"decided AND NOT won AND {where(bad['clauses'])}"
    ((bad_cycle, bad_dark),) = ask(f"SELECT {cycle}, {dark} FROM deals WHERE {for_them}")
    ((cycle_days, dark_share),) = ask(
        f"SELECT {cycle}, {dark} FROM deals WHERE decided AND NOT won AND NOT ({for_them})"
    )
    assert bad_cycle > 1.8 * cycle_days
    assert bad_dark > 0.5 > 0.2 > dark_share
    assert bad["dark_share"] == pytest.approx(bad_dark)


def test_losses_give_the_planted_reasons(ask: Callable, truth: dict) -> None:
    for planted in truth["loss_reasons"]:
        found = ask(
            f"""SELECT count(*), avg(("Closed Lost Reason" = '{planted["reason"]}')::INT) FROM deals
            WHERE decided AND NOT won AND {where(planted["clauses"])}"""
        )
        assert found == [(planted["lost"], pytest.approx(planted["share"]))]
        given = round(planted["share"] * planted["lost"])
        low, high = stats.binomtest(given, planted["lost"]).proportion_ci(0.9999)
        assert low <= planted["planted_share"] <= high
        assert planted["share"] > 1.5 * planted["share_elsewhere"]


def test_the_emerging_segment_is_of_the_last_months_only(ask: Callable, truth: dict) -> None:
    condition = where(truth["emerging"]["clauses"])
    recent = f""""Create Date" > DATE '{truth["last_day"]}' - {truth["emerging_days"]}"""
    figures = f"avg(({condition})::INT), avg(won::INT) FILTER ({condition} AND decided)"
    ((then_share, then_rate),) = ask(f"SELECT {figures} FROM deals WHERE NOT {recent}")
    ((now_share, now_rate),) = ask(f"SELECT {figures} FROM deals WHERE {recent}")
    assert now_share > 2.5 * then_share
    assert now_rate > 2 * then_rate
    assert now_rate == pytest.approx(truth["emerging"]["win_rate"])


def test_the_leak_is_known_only_of_the_won(ask: Callable, truth: dict) -> None:
    for file, rows in (
        ("deals_hubspot.csv", "deals"),
        ("deals_salesforce.csv", "(SELECT *, IsWon AS won FROM sf)"),
    ):
        assert ask(f'SELECT count(*) FROM {rows} WHERE won <> ("{truth["leaks"][file]}" > 0)') == [(0,)]


def test_both_exports_tell_the_same_deals(ask: Callable) -> None:
    same = """SELECT count(*) FROM deals d JOIN sf s ON d."Deal Name" = s.Name AND d.unit = s.AccountId
      AND d.Amount = s.Amount AND d."Create Date" = s.CreatedDate AND d."Close Date" = s.CloseDate
      AND d.won = s.IsWon AND d.decided = s.IsClosed
      AND d."Closed Lost Reason" IS NOT DISTINCT FROM s.Loss_Reason__c"""
    assert ask(same) == [(DEALS,)]


def test_open_deals_close_after_the_last_day_and_others_before(ask: Callable, truth: dict) -> None:
    last = f"DATE '{truth['last_day']}'"
    assert ask(f'SELECT count(*) FROM deals WHERE decided <> ("Close Date" <= {last})') == [(0,)]
    early = ask('SELECT count(*) FROM deals WHERE "Last Activity Date" < "Create Date"')
    assert early == [(0,)]


def test_drivers_of_churn_and_expansion_hold_among_the_customers(
    ask: Callable, generated: DealsReport, truth: dict
) -> None:
    for driver in truth["drivers"]:
        assert driver["rate"] > 1.5 * driver["rate_elsewhere"], driver["outcome"]
    counts = dict(ask("SELECT outcome, count(*) FROM customers GROUP BY outcome"))
    assert counts == {"churned": generated.churned, "expanded": generated.expanded}
    # Nobody leaves who was not won before, on that day.
    assert ask(
        """SELECT count(*) FROM customers c WHERE NOT EXISTS (FROM deals d WHERE d.won
        AND d.unit = c.account_id AND d."Close Date" = c.opened_at)"""
    ) == [(0,)]
    assert ask("SELECT count(*) FROM customers WHERE decided_at <= opened_at") == [(0,)]


def test_the_win_rate_drifts_upwards_and_mildly(ask: Callable, truth: dict) -> None:
    rates = [quarter["win_rate"] for quarter in truth["quarters"]]
    assert len(rates) == 8
    assert all(0.1 < rate < 0.3 for rate in rates)
    assert sum(rates[-4:]) > sum(rates[:4])


def test_names_are_plainly_generated(ask: Callable, generated: DealsReport) -> None:
    folder = generated.folder
    assert ask(
        f"""SELECT count(*) FROM read_csv('{folder}/accounts.csv')
        WHERE "Company name" SIMILAR TO 'Account [0-9]+'
        AND "Company Domain Name" LIKE 'account-%.example.com'"""
    ) == [(ACCOUNTS,)]
    assert ask("SELECT count(*) FROM contacts WHERE Email NOT LIKE '%.example.com'") == [(0,)]


def test_the_same_seed_gives_the_same_files_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("again", 3), ("other", 4)):
        generate_deals(200, 300, seed, tmp_path / name, NOW)
    texts = {name: (tmp_path / name / "deals_hubspot.csv").read_bytes() for name in ("one", "again", "other")}
    assert texts["one"] == texts["again"] != texts["other"]
    for file in ("accounts.csv", "contacts.csv", "customers.csv", "deals_salesforce.csv", "truth.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


@pytest.mark.parametrize(("accounts", "deals"), [(1, 1), (2, 1), (1, 5)])
def test_the_smallest_sizes_are_generated(accounts: int, deals: int, tmp_path: Path) -> None:
    report = generate_deals(accounts, deals, 0, tmp_path / "out", NOW)
    assert report.won + report.lost + report.still_open == deals
    assert report.last_day == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("accounts", "deals", "seed", "where"), [(0, 1, 0, "accounts"), (1, 0, 0, "deals"), (1, 1, -1, "seed")]
)
def test_sizes_and_seeds_out_of_bounds_are_refused(
    accounts: int, deals: int, seed: int, where: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as refused:
        generate_deals(accounts, deals, seed, tmp_path / "out", NOW)
    assert refused.value.where == where
    assert not (tmp_path / "out").exists()


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(BadInput, match="not empty"):
        generate_deals(1, 1, 0, tmp_path, NOW)
    assert (tmp_path / "kept.txt").read_text() == "kept"
