"""find_persons against the plain rows of a town of 240 people in several shards."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadExpression, BadInput, NotFound

CLUSTERS = [
    ("color", "red"),
    ("color", "blue"),
    ("size", "L"),
    ("plays_golf", "Yes"),
    ("plays_golf", "No"),
    ("topic", "opera"),
    ("topic", "chess"),
    ("income", "50-99"),
]
EARTH_KM = 6371.0088

expressions = st.recursive(
    st.sampled_from(CLUSTERS),
    lambda inner: st.one_of(
        st.tuples(st.just("NOT"), inner),
        st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


def text_of(expression: Any, town: Any) -> str:
    if expression in CLUSTERS:
        return town.cluster(*expression)
    if expression[0] == "NOT":
        return f"NOT ({text_of(expression[1], town)})"
    return "(" + f" {expression[0]} ".join(text_of(part, town) for part in expression[1]) + ")"


def people_of(expression: Any, town: Any, everyone: set[int]) -> set[int]:
    if expression in CLUSTERS:
        return town.having(*expression)
    if expression[0] == "NOT":
        return everyone - people_of(expression[1], town, everyone)
    parts = [people_of(part, town, everyone) for part in expression[1]]
    return set.intersection(*parts) if expression[0] == "AND" else set.union(*parts)


@given(expressions)
def test_the_total_is_what_counting_the_rows_gives(town, ask, expression: Any):
    everyone = {person["person_id"] for person in town.people}
    answer = ask(town.workspace, "find_persons", expression=text_of(expression, town))
    found = people_of(expression, town, everyone)
    assert answer["total"] == len(found)
    assert answer["reachable"] == sum(bool(p["email"]) for p in town.people if p["person_id"] in found)
    assert {person["person_id"] for person in answer["sample"]} <= found
    assert ("diagnosis" in answer) == (not found)


def apart(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The haversine distance in kilometres, by the formula."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


@given(
    st.floats(39, 41),
    st.floats(-101, -99),
    st.floats(1, 200),
    st.sampled_from([("km", 1.0), ("miles", 1.609344)]),
)
def test_a_radius_finds_those_whose_distance_is_within_it(town, ask, latitude, longitude, radius, unit):
    location = {"latitude": latitude, "longitude": longitude, "radius": radius, "unit": unit[0]}
    answer = ask(town.workspace, "find_persons", expression=town.cluster("size", "L"), location=location)
    large = town.having("size", "L")
    assert answer["total"] == sum(
        person["person_id"] in large
        and person["place"] is not None
        and apart((latitude, longitude), person["place"]) <= radius * unit[1]
        for person in town.people
    )


def test_a_radius_is_in_miles_unless_it_says_so(town, ask):
    place = {"latitude": 40, "longitude": -100, "radius": 50}
    totals = [
        ask(town.workspace, "find_persons", expression=town.cluster("size", "L"), location=place | more)[
            "total"
        ]
        for more in ({}, {"unit": "miles"}, {"unit": "km"})
    ]
    assert totals[0] == totals[1] > totals[2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 90.1},
        {"latitude": -91},
        {"longitude": 181},
        {"radius": 0},
        {"radius": -5},
        {"radius": 1e9},
        {"latitude": float("nan")},
        {"unit": "leagues"},
        {"units": "km"},
    ],
)
def test_a_place_that_cannot_be_is_refused_with_its_field(town, ask, wrong: dict[str, Any]):
    location = {"latitude": 40.0, "longitude": -100.0, "radius": 5.0} | wrong
    with pytest.raises(BadInput, match=f"location.{next(iter(wrong))}"):
        ask(town.workspace, "find_persons", expression=town.cluster("size", "L"), location=location)


def test_unknown_clusters_are_refused_by_name(town, ask):
    nowhere = "0123456789abcdef" * 2
    with pytest.raises(NotFound, match=f"2 of .*{nowhere}, 1999999999"):
        ask(town.workspace, "find_persons", expression=f"{nowhere} OR 1999999999")


def test_a_phone_in_the_place_of_a_cluster_is_not_repeated(town, ask):
    with pytest.raises(NotFound) as refused:
        ask(town.workspace, "find_persons", expression="5551234567")
    assert "5551234567" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["", "AND", "(1000000000", "1000000000 1000000001", "someone@example.com"])
def test_an_expression_that_does_not_parse_is_refused(town, ask, wrong: str):
    with pytest.raises(BadExpression):
        ask(town.workspace, "find_persons", expression=wrong)


def test_ids_and_hashes_are_the_same_and_case_does_not_matter(town, ask):
    catalogue = town.workspace.population.catalogue
    red, large = catalogue.valued("color", "red"), catalogue.valued("size", "L")
    written = [
        f"{red.cluster_id} AND NOT {large.cluster_id}",
        f"{red.cluster_hash} and not {large.cluster_hash}",
        f"{red.cluster_hash.upper()} And (Not {large.cluster_id})",
    ]
    answers = [ask(town.workspace, "find_persons", expression=text) for text in written]
    assert len({(answer["expression"], answer["total"]) for answer in answers}) == 1


def test_the_sample_is_the_same_each_time_and_has_the_identifier_asked_for(town, ask):
    for kind in ("email", "phone"):
        with_it = {p["person_id"]: p[kind] for p in town.people if p[kind]}
        one, other = (
            ask(town.workspace, "find_persons", expression=town.cluster("size", "L"), identifier_type=kind)
            for _ in range(2)
        )
        assert one["sample"] == other["sample"]
        assert len({person["person_id"] for person in one["sample"]}) == 10
        for person in one["sample"]:
            assert person["identifiers"] == {kind: {f"{kind}1": with_it[person["person_id"]]}}


def test_a_sample_of_people_without_the_identifier_still_shows_who_they_are(town, ask):
    answer = ask(town.workspace, "find_persons", expression=town.cluster("size", "L"), identifier_type="maid")
    assert answer["reachable"] == 0
    assert len(answer["sample"]) == 10
    assert all(person["identifiers"] == {} for person in answer["sample"])


@pytest.mark.parametrize("format", ["json", "jsonl", "csv"])
def test_an_export_holds_everybody_once(town, ask, format: str):
    answer = ask(town.workspace, "find_persons", expression=town.cluster("color", "red"), format=format)
    text = exported(town.workspace, answer["export"]).read_text()
    if format == "csv":
        header, *rows = text.splitlines()
        assert header == "person_id,email1,email2,email3"
        ids = [int(row.split(",")[0]) for row in rows]
    else:
        rows = json.loads(text) if format == "json" else [json.loads(line) for line in text.splitlines()]
        assert all(set(row) == {"person_id", "identifiers"} for row in rows)
        ids = [row["person_id"] for row in rows]
    assert len(ids) == answer["export"]["rows"] == answer["total"]
    assert set(ids) == town.having("color", "red")


def exported(workspace: Any, link: dict[str, Any]) -> Path:
    """The file behind a link."""
    return workspace.home / "exports" / link["url"].rpartition("/")[2].partition("?")[0]


def test_an_empty_result_says_which_clause_empties_it(load: Callable[..., Any], ask):
    """Six people; red 3, large 2, golf 3.

    red AND large: ids 1, 2 & none: person 1 is red and large, nobody of them golfs.
      id  color size golf
       1  red   L    No
       2  red   S    Yes
       3  red   S    Yes
       4  blue  L    No
       5  blue  S    Yes
       6  blue  S    No
    red AND L AND golf=Yes is nobody: without red {L, golf} nobody, without L {2, 3}, without golf {1}.
    """
    rows = ["1,red,L,No", "2,red,S,Yes", "3,red,S,Yes", "4,blue,L,No", "5,blue,S,Yes", "6,blue,S,No"]
    small = load(
        "id,color,size,golf\n" + "\n".join(rows) + "\n",
        {
            "id": {"kind": "person_id"},
            "color": {"kind": "category"},
            "size": {"kind": "category"},
            "golf": {"kind": "flag"},
        },
    )
    catalogue = small.population.catalogue
    keys = [("color", "red"), ("size", "L"), ("golf", "Yes")]
    hashes = [catalogue.valued(*key).cluster_hash for key in keys]
    answer = ask(small, "find_persons", expression=" AND ".join(hashes))
    clauses = {clause["clause"]: clause for clause in answer["diagnosis"]["clauses"]}
    assert answer["total"] == 0
    assert [clauses[key]["size"] for key in hashes] == [3, 2, 3]
    assert [clauses[key]["without_it"] for key in hashes] == [0, 2, 1]
    told = answer["diagnosis"]["clauses"]
    assert told[-1]["running"] == 0
    assert [clause["empties"] for clause in told].count(True) == 1
    assert "2 people" in answer["diagnosis"]["advice"]


def test_without_its_only_clause_a_circle_keeps_its_people(town, ask):
    answer = ask(
        town.workspace,
        "find_persons",
        expression=f"{town.cluster('color', 'red')} AND NOT {town.cluster('size', 'L')}",
        location={"latitude": 40, "longitude": -100, "radius": 30, "unit": "km"},
    )
    assert answer["total"] == 0  # everyone who likes red is large
    near = sum(p["place"] is not None and apart((40, -100), p["place"]) <= 30 for p in town.people)
    red = ask(
        town.workspace,
        "find_persons",
        expression=town.cluster("topic", "opera"),
        location={"latitude": 10, "longitude": 10, "radius": 30, "unit": "km"},
    )
    assert [clause["clause"] for clause in red["diagnosis"]["clauses"]] == [
        town.cluster("topic", "opera"),
        "location",
    ]
    assert red["diagnosis"]["clauses"][0]["without_it"] == 0
    assert red["diagnosis"]["clauses"][1] == {
        "clause": "location",
        "in_words": "within 30 km of 10, 10",
        "size": 0,
        "running": 0,
        "without_it": len(town.having("topic", "opera")),
        "empties": True,
    }
    assert "radius" in red["diagnosis"]["advice"]
    place = answer["diagnosis"]["clauses"][-1]
    assert place["clause"] == "location"
    assert place["size"] == near


def test_erased_people_are_in_no_total_sample_or_export(load: Callable[..., Any], ask):
    rows = "\n".join(f"{n},red,p{n}@example.org" for n in range(1, 9))
    small = load(
        f"id,color,email\n{rows}\n",
        {
            "id": {"kind": "person_id"},
            "color": {"kind": "category"},
            "email": {"kind": "identifier", "identifier": "email"},
        },
    )
    red = small.population.catalogue.valued("color", "red").cluster_hash
    small.warehouse.erase(3, {"email": ["p3@example.org"]})
    answer = ask(small, "find_persons", expression=red, format="jsonl")
    assert (answer["total"], answer["reachable"]) == (7, 7)
    assert 3 not in {person["person_id"] for person in answer["sample"]}
    assert "p3@" not in exported(small, answer["export"]).read_text()
    others = ask(small, "find_persons", expression=f"NOT {red}")
    assert others["total"] == 0


def test_people_come_scored_by_a_profile(town, ask):
    from tools.scoring.lookalike import FitModel, save_model

    population = town.workspace.population
    weights = population.catalogue.sizes.astype("float32") * 0
    weights[population.catalogue.valued("color", "red").code] = math.log(4)
    save_model(town.workspace, "analysis-1", FitModel(weights, 0.0), population.catalogue)
    answer = ask(
        town.workspace,
        "find_persons",
        expression=f"{town.cluster('color', 'red')} OR {town.cluster('color', 'blue')}",
        icp_profile_id="analysis-1",
        format="csv",
    )
    red = town.having("color", "red")
    assert {person["fit_score"] for person in answer["sample"]} == {80.0, 50.0}
    for person in answer["sample"]:
        assert person["fit_score"] == (80.0 if person["person_id"] in red else 50.0)
    header, *rows = exported(town.workspace, answer["export"]).read_text().splitlines()
    assert header == "person_id,email1,email2,email3,fit_score"
    assert {float(row.split(",")[4]) for row in rows} == {80.0, 50.0}


def test_an_unknown_profile_is_refused(town, ask):
    with pytest.raises(NotFound):
        ask(
            town.workspace,
            "find_persons",
            expression=town.cluster("color", "red"),
            icp_profile_id="none-such",
        )
