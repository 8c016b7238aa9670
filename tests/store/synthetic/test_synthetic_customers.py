"""What was planted in the customer files, and whether it is there."""

import csv
import hashlib
from typing import cast

import numpy as np
import pytest

from store.identifiers import Malformed, normalise
from store.population.domains import IdentifierType
from store.synthetic.customers.lottery import Lottery
from store.synthetic.customers.plan import CUSTOMER_FILES, IDENTIFIER_CELLS
from store.synthetic.customers.truth import FileTruth

_FILES = [file.name for file in CUSTOMER_FILES]


def _truth(generated, name: str) -> FileTruth:
    (found,) = [file for file in generated.truth.files if file.file == f"customers/{name}.csv"]
    return found


def _rows(generated, name: str) -> list[dict[str, str]]:
    with (generated.folder / "customers" / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _normal(kind: str, text: str) -> str | None:
    try:
        return normalise(cast("IdentifierType", kind), text)
    except Malformed:
        return None


@pytest.mark.parametrize("name", _FILES)
def test_planted_segments_have_their_traits(generated, name):
    for segment in _truth(generated, name).segments:
        rows = np.array(segment.person_ids) - 1
        assert len(rows) == segment.size > 0
        for attribute, value in segment.traits.items():
            share = generated.holds(attribute, value)[rows].mean()
            assert share == pytest.approx(segment.trait_shares[attribute])
            assert share >= 0.84


@pytest.mark.parametrize("name", _FILES)
def test_planted_segments_are_rare_in_the_population_and_not_used_up(generated, name):
    for segment in _truth(generated, name).segments:
        having = np.logical_and.reduce([generated.holds(*trait) for trait in segment.traits.items()])
        planted = having[np.array(segment.person_ids) - 1].sum()
        assert having.mean() < 0.12
        assert planted <= 0.5 * having.sum()


@pytest.mark.parametrize("name", _FILES)
def test_nobody_is_a_customer_for_two_reasons(generated, name):
    truth = _truth(generated, name)
    everybody = [*truth.background_person_ids, *(p for s in truth.segments for p in s.person_ids)]

    assert len(set(everybody)) == len(everybody) == truth.customers
    assert set(everybody) == {person for person in truth.row_person_ids if person is not None}


@pytest.mark.parametrize("name", _FILES)
def test_files_are_as_large_as_they_may_be_and_the_truth_says_how_large(generated, name):
    truth, rows = _truth(generated, name), _rows(generated, name)

    assert truth.rows == len(rows) == len(truth.row_person_ids) <= 0.05 * 20_000
    if name == "pilot_store":
        assert 30 < len(rows) < 50
    else:
        assert truth.customers > 800


def test_files_grow_with_the_population_between_two_and_twenty_thousand():
    for file in CUSTOMER_FILES:
        sizes = [file.size(people) for people in (1, 50, 3_000, 100_000, 1_000_000, 200_000_000)]
        assert sizes == sorted(sizes)
        if not file.is_small:
            assert 2_000 <= sizes[-2] <= sizes[-1] <= 20_000


@pytest.mark.parametrize(
    "name", [file.name for file in CUSTOMER_FILES if "email_md5" not in file.columns.values()]
)
def test_the_truth_knows_which_identifiers_lead_to_their_person(generated, name):
    """Checked with the normal forms of store.identifiers, which know nothing of the generator."""
    columns = {
        "email": ("email1", "email2"),
        "phone": ("phone1",),
        "address": ("address",),
        "maid": ("maid",),
    }
    held = {kind: [generated[column] for column in names] for kind, names in columns.items()}
    truth, (file,) = _truth(generated, name), [file for file in CUSTOMER_FILES if file.name == name]
    lost = {(each.row, each.column) for each in truth.unresolvable_identifiers}
    unresolvable = set(truth.unresolvable_rows)
    for number, (row, person) in enumerate(zip(_rows(generated, name), truth.row_person_ids, strict=True)):
        leads = []
        for heading, kind in file.columns.items():
            if kind in columns and row[heading]:
                own = [column[person - 1] for column in held[kind]] if person else []
                found = _normal(kind, row[heading])
                leads.append(found is not None and found in [_normal(kind, text) for text in own if text])
                assert leads[-1] == ((number, heading) not in lost)
        assert any(leads) == (number not in unresolvable)


def test_hashed_addresses_are_hashes_of_the_normal_form(generated):
    truth, rows = _truth(generated, "newsletter_hashed"), _rows(generated, "newsletter_hashed")
    lost = {(each.row, each.column) for each in truth.unresolvable_identifiers}
    for number, (row, person) in enumerate(zip(rows, truth.row_person_ids, strict=True)):
        known = [generated[f"email{slot}"][person - 1] for slot in (1, 2)] if person else []
        for heading, algorithm in (("EM_SHA256", hashlib.sha256), ("EM_MD5", hashlib.md5)):
            digests = {algorithm(normalise("email", email).encode()).hexdigest() for email in known if email}
            if row[heading]:
                assert (row[heading].lower() in digests) == ((number, heading) not in lost)


def test_typing_goes_wrong_in_many_ways(generated):
    kinds = {typo.kind for file in generated.truth.files for typo in file.typos}

    assert kinds >= {
        "upper_case",
        "spaces",
        "swapped_letters",
        "missing_at",
        "cut_off",
        "gmail_dots",
        "gmail_tag",
        "punctuation",
        "country_code",
        "missing_digit",
        "letter",
        "lower_case",
        "long_suffix",
    }


def test_some_customers_come_twice_and_some_are_nobody(generated):
    for file in generated.truth.files:
        persons = [person for person in file.row_person_ids if person is not None]
        assert len(set(persons)) < len(persons) < file.rows


def test_an_identifier_of_nobody_is_nobodys(generated):
    known = {normalise("email", email) for slot in (1, 2, 3) for email in generated[f"email{slot}"] if email}
    phones = {*generated["phone1"], *generated["phone2"]} - {None}
    for name, mail, phone in (
        ("golf_homeowners", "E-Mail Address", "Mobile"),
        ("pilot_store", "Mail", "Tel."),
    ):
        for row, person in zip(_rows(generated, name), _truth(generated, name).row_person_ids, strict=True):
            if person is None:
                assert _normal("email", row[mail]) not in known
                assert _normal("phone", row[phone]) not in phones


def test_the_random_file_is_like_the_population(generated):
    """Of a hundred flags and values no share differs by more than chance (z below 4.5)."""
    truth = _truth(generated, "drawn_at_random")
    assert truth.is_random
    assert truth.segments == []
    rows = np.array(truth.background_person_ids) - 1
    for name in generated.people.column_names:
        if name.startswith(("interested_", "purchased_", "is_")):
            holds = generated.holds(name)
            share = holds.mean()
            assert abs(holds[rows].mean() - share) < 4.5 * np.sqrt(share * (1 - share) / len(rows))


def test_spending_follows_the_segment(generated):
    truth = _truth(generated, "golf_homeowners")
    segment_of = {person: segment.name for segment in truth.segments for person in segment.person_ids}
    spent: dict[str, list[float]] = {}
    for row, person in zip(_rows(generated, "golf_homeowners"), truth.row_person_ids, strict=True):
        spent.setdefault(segment_of.get(person or 0, "nobody's"), []).append(float(row["Total Spend (USD)"]))
    medians = {name: np.median(amounts) for name, amounts in spent.items()}

    assert medians["Golfers in their own home"] == pytest.approx(640, rel=0.2)
    assert medians["Golfers in their own home"] > 3 * medians["Young and gaming"]


def test_every_file_has_an_identifier_and_headings_of_its_own():
    headings = [frozenset(file.columns) for file in CUSTOMER_FILES]

    assert len(set(headings)) == len(CUSTOMER_FILES)
    assert all(IDENTIFIER_CELLS & set(file.columns.values()) for file in CUSTOMER_FILES)
    assert sum(not file.segments for file in CUSTOMER_FILES) == 1
    assert all(3 <= len(segment.traits) <= 5 for file in CUSTOMER_FILES for segment in file.segments)


def test_a_lottery_draws_everybody_with_the_same_chance_however_they_are_offered():
    """100 of 1,000 in ten chunks, 400 times: each wins 40 times on average, deviation 6."""
    rng = np.random.default_rng(2)
    wins = np.zeros(1_000)
    for _ in range(400):
        lottery = Lottery(100)
        for chunk in np.split(np.arange(1_000), [10, 30, 500]):
            lottery.offer(rng, chunk)
        wins[lottery.winners()] += 1

    assert wins.sum() == 40_000
    assert abs(wins[:10].mean() - 40) < 8
    assert 10 < wins.min() < wins.max() < 75


def test_a_lottery_of_a_trait_leaves_half_of_its_holders():
    lottery = Lottery(100, has=(("interested_golf", "Yes"),))
    lottery.offer(np.random.default_rng(0), np.arange(60))

    assert len(lottery.winners()) == 30
