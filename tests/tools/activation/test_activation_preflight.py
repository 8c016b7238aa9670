"""What is said before an export: size, consent, special categories, age."""

from collections.abc import Callable
from typing import Any

import pytest

from store.errors import Conflict
from store.population.catalogue import Cluster
from store.workspace import Workspace
from tools.activation.criteria import restricted_criteria, sensitive_category, sensitive_columns
from tools.activation.export_audience import export_audience
from tools.activation.queries import ExportAudience, ExportedAudience
from tools.audience.selection import Location


def told(workspace: Workspace, **given: Any) -> ExportedAudience:
    return export_audience(workspace, ExportAudience.model_validate({"preflight": True} | given))


def codes(answer: ExportedAudience) -> dict[str, str]:
    return {each.code: each.severity for each in answer.warnings}


def trait(name: str, value: str = "Yes", **more: Any) -> Cluster:
    return Cluster(code=0, name=name, value=value, domain="demographic", size=1, **more)


@pytest.mark.parametrize(
    ("cluster", "category"),
    [
        (trait("anything", sensitive="religion"), "religion"),
        (trait("has_diabetes"), "health"),
        (trait("party_affiliation"), "politics"),
        (trait("ethnicity", "A"), "ethnicity"),
        (trait("number_children_in_household", "2"), "children"),
        (trait("has_debt"), "financial_hardship"),
        (trait("household_income_range", "lowest", rank=0), "financial_hardship"),
        (trait("household_income_range", "next", rank=1), None),
        (trait("interested_golf"), None),
        (trait("is_health_conscious"), None),
    ],
)
def test_a_trait_needs_consent_by_its_mapping_or_its_words(cluster: Cluster, category: str | None) -> None:
    assert sensitive_category(cluster) == category


def test_age_gender_and_places_are_restricted(us: Workspace) -> None:
    catalogue = us.population.catalogue
    some = [catalogue.named(name)[0].code for name in ("age_range", "gender", "zip3", "interested_golf")]
    near = Location(latitude=30, longitude=-97, radius=10, unit="miles")
    wide = Location(latitude=30, longitude=-97, radius=16, unit="miles")
    assert set(restricted_criteria(catalogue, some, None)) == {"age", "gender", "zip"}
    assert set(restricted_criteria(catalogue, [], near)) == {"zip"}
    assert restricted_criteria(catalogue, some[3:], wide) == {}


def test_a_carried_column_needs_consent_where_any_of_its_values_does(us: Workspace) -> None:
    assert sensitive_columns(us.population.catalogue, ["ethnicity", "interested_golf"]) == {
        "ethnicity": ["ethnicity"]
    }


def test_a_small_list_is_held_against_the_platforms_minimum(eight: Workspace, everybody: str) -> None:
    answer = told(eight, destination="linkedin", expression=everybody)
    assert codes(answer)["below_minimum"] == "warning"
    assert "below_minimum" not in codes(told(eight, destination="hubspot", expression=everybody))


def test_the_minimum_is_held_against_what_is_expected_to_match(us: Workspace, golf_hash: str) -> None:
    """Half of the rows are expected by default; with a thousandth the minimum of 1,000 is missed."""
    given = {"destination": "tiktok", "expression": golf_hash}
    usual = told(us, **given)
    assert usual.expected_matched == usual.rows // 2
    assert "below_minimum" not in codes(usual)
    assert "below_minimum" in codes(told(us, **given, match_share=0.001))


def test_a_special_ad_category_forbids_age_and_a_note_says_so_before(eight: Workspace) -> None:
    young = eight.population.catalogue.valued("age_range", "18-24")
    assert young is not None
    given = {"destination": "meta", "expression": young.cluster_hash}
    assert codes(told(eight, **given))["special_ad_criteria"] == "note"
    assert codes(told(eight, **given, special_ad_category="housing"))["special_ad_category"] == "stop"
    with pytest.raises(Conflict, match="housing"):
        told(eight, **given, special_ad_category="housing", preflight=False)
    assert "special_ad_criteria" not in codes(told(eight, **given | {"destination": "hubspot"}))


def test_people_of_the_eea_are_counted_for_advertising(eight: Workspace, everybody: str) -> None:
    for platform, said in (("google_customer_match", True), ("meta", True), ("plain", False)):
        answer = told(eight, destination=platform, expression=everybody)
        assert ("consent_countries" in codes(answer)) is said
        assert answer.consent_rows == 2


def test_an_old_population_is_said_to_be_old(
    eight: Workspace, everybody: str, clock: Callable[[], Any]
) -> None:
    given = {"destination": "plain", "expression": everybody}
    clock.advance(hours=168)  # type: ignore[attr-defined]  # the tests' clock
    assert told(eight, **given).snapshot_hours == 168.0
    assert "stale" not in codes(told(eight, **given))
    clock.advance(hours=1)  # type: ignore[attr-defined]  # as above
    assert codes(told(eight, **given))["stale"] == "warning"
    assert "stale" not in codes(told(eight, **given, stale_hours=200))


def test_every_warning_says_what_why_and_what_would_be_right(eight: Workspace, everybody: str) -> None:
    answer = told(eight, destination="google_customer_match", expression=everybody, default_country=None)
    assert len(answer.warnings) >= 3
    for each in answer.warnings:
        assert all(text.endswith((".", ")")) for text in (each.what, each.why, each.instead)), each
        assert "example.com" not in each.model_dump_json()
