"""Numbers, places, identifiers, names and settings are read as people write them."""

import pytest

from agent.planner.reading.delivery import take_customers_excluded, take_format, take_identifier_type
from agent.planner.reading.fields import take_domains
from agent.planner.reading.identifiers import groups_of, person_ids_of, put_identifiers_aside
from agent.planner.reading.places import take_place
from agent.planner.reading.quality import min_quality_of
from agent.planner.reading.quantities import quantities
from agent.planner.reading.sentence import Marked, Sentence, spelled, tidied
from agent.planner.reading.strategies import take_strategy
from agent.planner.reading.times import time_of
from agent.planner.reading.zones import zone_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50k", 50_000),
        ("a quarter million", 250_000),
        ("half a million", 500_000),
        ("1.2m", 1_200_000),
        ("about ten thousand", 10_000),
        ("two hundred thousand", 200_000),
        ("25,000", 25_000),
        ("a couple thousand", 2_000),
        ("one and a half million", 1_500_000),
        ("three-quarters of a million", 750_000),
        ("twenty-five thousand", 25_000),
        ("a dozen", 12),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, value: float) -> None:
    assert [found.value for found in quantities(text)] == [value]


@pytest.mark.parametrize("text", ["a few people", "an audience", "#12", "icp_12", "3.4.5"])
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("at least 80% sure", 0.8),
        ("quality above 0.7", 0.7),
        ("confidence 0.9+", 0.9),
        ("high quality matches only", 0.8),
        ("any match is fine, even weak ones", 0.0),
        ("only exact matches", 0.9),
        ("ignore matches below 0.6", 0.6),
    ],
)
def test_the_least_quality_is_read(text: str, quality: float) -> None:
    found = min_quality_of(text)
    assert found is not None
    assert found[0] == quality


@pytest.mark.parametrize(
    ("text", "where", "radius", "unit"),
    [
        ("within 40 km of Portland, Maine", (43.66, -70.26), 40, "km"),
        ("near Portland", (45.52, -122.68), None, "miles"),
        ("golfers around 60614, 10 miles", (41.92, -87.65), 10, "miles"),
        ("within 15 miles of 30.27,-97.74", (30.27, -97.74), 15, "miles"),
        ("people in St. Paul, MN who ski", (44.95, -93.09), None, "miles"),
        ("25mi from downtown phoenix", (33.45, -112.07), 25, "miles"),
        ("the Denver area", (39.74, -104.99), None, "miles"),
        ("close to washington dc", (38.91, -77.04), None, "miles"),
    ],
)
def test_places_are_found(text: str, where: tuple[float, float], radius: float | None, unit: str) -> None:
    place = take_place(Sentence(text))
    assert place is not None
    assert place.latitude == pytest.approx(where[0], abs=0.1)
    assert place.longitude == pytest.approx(where[1], abs=0.1)
    assert (place.radius, place.unit) == (radius, unit)


@pytest.mark.parametrize(
    "text",
    ["only in New York", "homeowners in Texas", "interested in reading and golf", "in the market for a car"],
)
def test_states_and_hobbies_are_no_places(text: str) -> None:
    assert take_place(Sentence(text)) is None


def test_an_unknown_place_is_named() -> None:
    place = take_place(Sentence("within 20 miles of Quuxborough"))
    assert place is not None
    assert (place.unknown, place.circle) == ("Quuxborough", None)


def test_identifiers_are_grouped_in_the_order_of_mention() -> None:
    text = "fern@example.com, phone 404-555-0145, 61 Peach Blossom Way, Macon, GA 31201 and oak@example.com"
    found = put_identifiers_aside(Marked(tidied(text)))
    assert groups_of(found, text) == [
        {"id_type": "email", "hash_type": "plaintext", "values": ["fern@example.com", "oak@example.com"]},
        {"id_type": "phone", "hash_type": "plaintext", "values": ["404-555-0145"]},
        {"id_type": "address", "hash_type": "plaintext", "values": ["61 Peach Blossom Way, Macon, GA 31201"]},
    ]


@pytest.mark.parametrize(
    ("words", "id_type"),
    [("these hashes", "email"), ("phone hashes", "phone"), ("hashed device ids", "maid")],
)
def test_a_hash_is_of_an_email_unless_the_words_say_otherwise(words: str, id_type: str) -> None:
    text = f"{words} {'ab' * 20}"
    (group,) = groups_of(put_identifiers_aside(Marked(text)), text)
    assert (group["id_type"], group["hash_type"]) == (id_type, "sha1")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("persons 12, 13 and 14", [12, 13, 14]),
        ("people 7 & 8", [7, 8]),
        ("ids 10 to 12", [10, 11, 12]),
        ("5 people", []),
    ],
)
def test_ids_of_persons_are_read_where_the_words_say_so(text: str, ids: list[int]) -> None:
    assert person_ids_of(text) == ids


@pytest.mark.parametrize(
    ("text", "strategy"),
    [
        ("a tight audience", "precision"),
        ("only the very best", "precision"),
        ("as many people as possible", "reach"),
        ("for awareness", "reach"),
        ("a balanced mix", "hybrid"),
        ("ranked by fit", "ranked"),
        ("not too broad", "hybrid"),
        ("golfers in Texas", None),
    ],
)
def test_strategies_have_many_names(text: str, strategy: str | None) -> None:
    assert take_strategy(Sentence(text)) == strategy


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("for direct mail as a spreadsheet", "address", "csv"),
        ("no phones just emails", "email", None),
        ("an SMS blast, json lines", "phone", "jsonl"),
        ("in-app ads", "maid", None),
        ("for Facebook", None, None),
    ],
)
def test_how_people_are_reached_and_handed_over(text: str, kind: str | None, form: str | None) -> None:
    sentence = Sentence(text)
    assert (take_format(sentence), take_identifier_type(sentence)) == (form, kind)


@pytest.mark.parametrize(
    "text", ["without our existing customers", "only new people", "who aren't already customers"]
)
def test_customers_are_left_out_in_many_words(text: str) -> None:
    sentence = Sentence(text)
    assert take_customers_excluded(sentence)
    assert not sentence.left.strip()


def test_domains_come_in_alphabetical_order() -> None:
    assert take_domains(Sentence("money, what they buy and their hobbies")) == [
        "financial",
        "interest",
        "purchase",
    ]
    assert take_domains(Sentence("contact details")) == ["address", "email", "name", "phone"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("at 8", "08:00"),
        ("9:30am", "09:30"),
        ("at 4pm", "16:00"),
        ("8.30", "08:30"),
        ("at noon", "12:00"),
        ("quarter past eight", "08:15"),
    ],
)
def test_times_are_on_a_24_hour_clock(text: str, at: str) -> None:
    assert time_of(text) == at


@pytest.mark.parametrize(
    ("text", "zone"), [("3pm Tokyo", "Asia/Tokyo"), ("5pm EST", "America/New_York"), ("on Mondays", None)]
)
def test_time_zones_have_their_iana_names(text: str, zone: str | None) -> None:
    assert zone_of(text) == zone


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("anaylze my cutsomers", "analyze my customers"),
        ("how mny ppl", "how many people"),
        ("50k like my custs", "50k like my customers"),
        ("golfers w/o kids", "golfers without kids"),
        ('the "Midmarkt" profil', 'the "Midmarkt" profile'),
        ("Quuxborough", "Quuxborough"),
    ],
)
def test_slips_are_put_right_and_names_kept(written: str, meant: str) -> None:
    assert spelled(tidied(written)) == meant
