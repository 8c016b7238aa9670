"""A file of leads is read in the columns of the profile, whatever a CRM calls them."""

from pathlib import Path

import numpy as np
import pytest

from store.errors import BadInput
from store.features import FeatureTable, category, number
from tests.agent.learning.planted_deals import Learned
from tools.scoring.leads.files import in_kinds, read_leads
from tools.scoring.learned import published_scorer
from tools.scoring.score_leads import ScoredLeads, ScoreLeads, scored_leads


def scored(learned: Learned, path: Path) -> ScoredLeads:
    scorer = published_scorer(learned.workspace)
    leads = read_leads(learned.workspace, path, scorer)
    return scored_leads(learned.workspace, ScoreLeads(rows=[]), leads, [scorer])


def written(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_columns_of_the_profile_are_read_by_their_names(learned: Learned, tmp_path: Path):
    found = scored(learned, written(tmp_path / "leads.csv", "employees,colour", "200,red", "3,red"))
    assert [one.lead for one in found.sample] == ["row 1", "row 2"]
    assert [one.tier[0] for one in found.sample] == ["A", "D"]


def test_an_export_of_accounts_is_read_under_its_own_names(learned: Learned, tmp_path: Path):
    header = "Record ID,Company name,Number of Employees,Industry"
    rows = [f"{1_000 + at},Account {at},{size},Software" for at, size in enumerate([200, 3, 250, 4_000])]
    found = scored(learned, written(tmp_path / "accounts.csv", header, *rows))
    assert {one.tier[0] for one in found.sample[:2]} == {"A"}
    assert any("Read as an export of accounts: employees" in note for note in found.notes)


def test_a_file_in_which_nothing_is_known_is_refused_with_what_would_be(learned: Learned, tmp_path: Path):
    with pytest.raises(BadInput) as refusal:
        scored(learned, written(tmp_path / "names.csv", "nickname", "Ann", "Bea"))
    assert "employees" in refusal.value.instead


def test_cells_with_several_values_become_sets_where_the_profile_has_sets():
    table = FeatureTable(3, (category("technologies", ["SAP; Snowflake", "", "SAP|Jira"]),))
    changed, notes = in_kinds(table, {"technologies": "set"})
    (technologies,) = changed.features
    assert technologies.kind == "set"
    assert technologies.levels == ("Jira", "SAP", "Snowflake")
    assert technologies.known().tolist() == [True, False, True]
    assert notes == []


def test_numbers_that_stand_for_something_become_names():
    table = FeatureTable(3, (number("sic", [7372.0, np.nan, 2834.0]),))
    (sic,) = in_kinds(table, {"sic": "category"})[0].features
    assert [sic.levels[code] if code >= 0 else None for code in sic.values] == ["7372", None, "2834"]


def test_words_that_are_no_numbers_are_left_out_and_told():
    table, notes = in_kinds(FeatureTable(1, (category("employees", ["many"]),)), {"employees": "number"})
    assert table.names == []
    assert notes == ["`employees` is of the kind category, not number: it is left out."]
