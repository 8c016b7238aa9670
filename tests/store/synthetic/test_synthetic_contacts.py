"""The persons whom the documentation names, in a population of a hundred thousand."""

from datetime import datetime

import pytest

from store.identifiers import normalise


def _row(large, person: int) -> dict:
    return large.people.slice(person - 1, 1).to_pylist()[0]


def test_the_first_contact_is_as_the_documentation_shows_her(large):
    jane = _row(large, 12345)

    assert (jane["person_id"], jane["first_name"], jane["last_name"]) == (12345, "Jane", "Smith")
    assert (jane["email1"], jane["email2"], jane["email3"]) == (
        "customer1@example.com",
        "alt1@example.com",
        None,
    )
    assert (jane["phone1"], jane["phone2"]) == ("5551234567", None)
    assert jane["address"] == "123 Main St, San Francisco, CA 94105"
    assert (jane["gender"], jane["generation"], jane["age_range"]) == ("Female", "Millennial", "35-44")
    assert (jane["fitness_affinity"], jane["interested_fitness"]) == ("High", "Yes")
    assert (jane["quality"], jane["last_modified"]) == (0.92, datetime(2025, 1, 15, 10, 30))


def test_the_other_contacts_are_there(large):
    assert _row(large, 67890)["email1"] == "customer2@example.com"
    assert _row(large, 67890)["first_name"] == "Sarah"
    assert (_row(large, 12346)["phone1"], _row(large, 12346)["phone2"]) == ("5559876543", "5551111111")
    assert _row(large, 11111)["email1"] == "john.doe@gmail.com"


@pytest.mark.parametrize(
    ("kind", "columns", "value", "person"),
    [
        ("email", ("email1", "email2", "email3"), "customer1@example.com", 12345),
        ("email", ("email1", "email2", "email3"), "alt1@example.com", 12345),
        ("email", ("email1", "email2", "email3"), "customer2@example.com", 67890),
        ("email", ("email1", "email2", "email3"), "customer3@example.com", None),
        ("email", ("email1", "email2", "email3"), "johndoe@gmail.com", 11111),
        ("phone", ("phone1", "phone2"), "5551234567", 12345),
        ("phone", ("phone1", "phone2"), "5559876543", 12346),
        ("phone", ("phone1", "phone2"), "5551111111", 12346),
        ("address", ("address",), "123 Main St, San Francisco, CA 94105", 12345),
    ],
)
def test_a_documented_identifier_belongs_to_its_person_alone(large, kind, columns, value, person):
    wanted = normalise(kind, value)
    # Only what looks alike is worth normalising: it is slow for a hundred thousand.
    found = [
        row + 1
        for column in columns
        for row, held in enumerate(large[column])
        if held
        and held[:3] == ("joh" if value.startswith("joh") else value[:3])
        and normalise(kind, held) == wanted
    ]

    assert found == ([person] if person else [])


def test_the_documented_cluster_numbers_exist(large):
    assert large.report.clusters >= 2_001
