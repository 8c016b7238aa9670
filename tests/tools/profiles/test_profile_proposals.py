"""Which lines best customers propose, and files of leads scored by several profiles."""

import csv
import json

import pytest

from store.errors import NotFound, TooFewCustomers
from tests.tools.profiles.test_profile_tools import ask

SOFTWARE = {"name": "Software", "industries": ["Software"]}


def test_several_names_of_one_thing_are_one_line_as_it_is_mostly_written(shop):
    """Of 40: 20 write Germany, 20 DE; 25 Computer Software, 15 SaaS; 30 VP Sales, 10 in words."""
    rows = [
        {
            "country": "Germany" if at % 2 else "DE",
            "industry": "Computer Software" if at < 25 else "SaaS",
            "title": "VP Sales" if at < 30 else "Vice President of Sales",
        }
        for at in range(40)
    ]
    found = ask(shop, "propose_icp_profile", rows=rows)
    document = found.document
    assert document.geography == ["Germany"]
    assert document.industries == ["Computer Software"]
    assert document.roles == ["VP Sales"]
    assert [(each.customers, each.known) for each in found.evidence] == [(40, 40)] * 3


def test_alone_a_signal_is_proposed_when_half_of_the_customers_have_it(shop):
    """Of 40 customers 24 (60 %) use Salesforce and 12 (30 %) Zendesk; all use one of them or Excel."""
    rows = [
        {"technologies": ["Salesforce"] * (at < 24) + ["Zendesk"] * (at >= 28) + ["Excel"] * (24 <= at < 28)}
        for at in range(40)
    ]
    assert ask(shop, "propose_icp_profile", rows=rows).document.signals == ["Salesforce"]
    looser = ask(shop, "propose_icp_profile", rows=rows, settings={"min_signal_share": 0.25})
    assert looser.document.signals == ["Salesforce", "Zendesk"]


def test_what_a_criterion_reads_is_not_written_beside_it(shop):
    """Country tells customers from others, so that no state is looked for as well."""
    rows = [{"country": "DE" if at % 10 else "US", "state": ("BY", "BE")[at % 2]} for at in range(200)]
    others = [{"country": "US" if at % 10 else "DE", "state": ("TX", "CA")[at % 2]} for at in range(200)]
    document = ask(shop, "propose_icp_profile", rows=rows, others=others).document
    assert "country" in {each.column for each in document.criteria} or "state" in {
        each.column for each in document.criteria
    }
    assert document.geography == []


def test_of_nobody_and_of_nothing_in_common_there_is_no_proposal(shop):
    with pytest.raises(TooFewCustomers):
        ask(shop, "propose_icp_profile", rows=[])
    with pytest.raises(NotFound):
        ask(shop, "propose_icp_profile", rows=[{"note": "a"}])


def test_without_outcomes_none_is_made_of_them(shop):
    with pytest.raises(NotFound):
        ask(shop, "create_icp_profile", name="Ours", outcomes=True)


def test_a_file_has_a_column_for_each_further_profile(shop):
    """Software matches a, Retail b, and `Big` (1,000 and more) b; the first profile sorts."""
    ask(shop, "create_icp_profile", **SOFTWARE)
    retail = ask(shop, "create_icp_profile", name="Retail", industries=["Retail"]).icp_profile_id
    big = ask(shop, "create_icp_profile", name="Big", company_size="1000+").icp_profile_id
    rows = [
        {"id": "b", "industry": "Retail", "employees": 2000},
        {"id": "a", "industry": "SaaS", "employees": 5},
        {"id": "c"},
    ]
    asked = {"icp_profiles": ["Software", "Retail", "Big"], "rows": rows}
    found = ask(shop, "score_leads", **asked, format="csv")
    told = list(csv.DictReader(shop.exports.path(found.export).read_text().splitlines()))
    assert [one["lead"] for one in told] == ["a", "c", "b"]
    assert [float(one["score"]) for one in told] == [100, 50, 0]
    assert [float(one[f"score_{retail}"]) for one in told] == [0, 50, 100]
    assert [float(one[f"score_{big}"]) for one in told] == [0, 50, 100]
    assert told[0]["best_profile"] == "Software"
    assert [each.name for each in found.profiles] == ["Software", "Retail", "Big"]
    again = ask(shop, "score_leads", **asked, format="json")
    listed = json.loads(shop.exports.path(again.export).read_text())
    assert [one["lead"] for one in listed] == ["a", "c", "b"]


def test_comparing_two_profiles_renames_neither(shop):
    ask(shop, "create_icp_profile", **SOFTWARE)
    ask(shop, "create_icp_profile", name="Retail", industries=["Retail"])
    compared = ask(shop, "compare_icp_profiles", icp_profile="Software", other="Retail")
    assert [each.path for each in compared.differences] == ["industries"]
