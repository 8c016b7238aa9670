"""A written profile scores leads: matched, missed and unknown dimensions add up to the score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.features import FeatureTable, category, number, sets
from tools.profiles.content.document import ProfileDocument
from tools.profiles.scoring.card import card_of
from tools.profiles.scoring.learned import adjusted, criteria_of
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.fit.told.dimension_tags import dimension_tags
from tools.scoring.fit.told.reasons import fit_reasons

DOCUMENT = ProfileDocument(
    name="Mid-market software",
    industries=["Software"],
    company_size="50-200 employees",  # type: ignore[arg-type]  # words are read
    geography=["DACH"],
    roles=["VP Sales"],
    signals=["uses Salesforce"],
    disqualifiers=["agencies", "under 10 employees"],
)


def leads(*rows: tuple) -> FeatureTable:
    """Industry, headcount, country, title and tools of each."""
    told = list(zip(*rows, strict=True))
    return FeatureTable(
        len(rows),
        (
            category("industry", told[0]),
            number("headcount", told[1]),
            category("country", told[2]),
            category("job_title", told[3]),
            sets("tech_stack", told[4]),
        ),
    )


IDEAL = ("SaaS", 120, "DE", "Vice President, Sales", ["Salesforce"])
EMPTY = (None, None, None, None, [])
WRONG = ("Retail", 5000, "US", "Clerk", ["SAP"])


def scored(table: FeatureTable, document: ProfileDocument = DOCUMENT, learned: FitProfile | None = None):
    card = card_of("profile_1", document, learned, table)
    whole = table.beside(*card.columns)
    return card, whole, fit_scores(card.fit, whole)


def test_the_ideal_lead_has_100_an_empty_one_50_of_low_confidence_and_the_opposite_0():
    _, _, scores = scored(leads(IDEAL, EMPTY, WRONG))
    assert scores.score.tolist() == [100, 50, 0]
    assert scores.tier.tolist() == [0, 2, 3]
    assert scores.confidence.tolist() == [2, 0, 2]


def test_dimensions_count_by_their_weights():
    """Weights 1, 1, 1, 1 and 0.5: of 4.5 the industry missed costs twice 50 / 4.5 = 11.1: 77.8 are left."""
    _, _, scores = scored(leads(("Retail", *IDEAL[1:]), (*IDEAL[:4], ["SAP"])))
    assert scores.score.tolist() == pytest.approx([100 - 100 / 4.5, 100 - 50 / 4.5], abs=1e-3)


def test_a_weight_of_nothing_leaves_a_dimension_out():
    weights = DOCUMENT.weights.model_copy(update={"industries": 0.0})
    _, _, scores = scored(leads(("Retail", *IDEAL[1:])), DOCUMENT.model_copy(update={"weights": weights}))
    assert scores.score.tolist() == [100]


def test_a_disqualifier_caps_at_tier_d_and_is_named():
    agency = ("Marketing Agency", *IDEAL[1:])
    small = ("SaaS", 4, *IDEAL[2:])
    card, table, scores = scored(leads(agency, small, IDEAL))
    assert scores.tier.tolist() == [3, 3, 0]
    assert scores.score[:2].max() <= 39
    assert [card.fit.disqualifiers[at].words for at in scores.disqualifier[:2]] == DOCUMENT.disqualifiers
    assert fit_reasons(card.fit, table, 0).disqualifier == "Disqualifier: agencies"


def test_the_tags_say_what_matched_and_what_was_missed():
    card, table, _ = scored(leads((*IDEAL[:3], "Clerk", []), EMPTY))
    matched, missed = dimension_tags(card.fit, table)
    assert matched == ["Industry; Company size; Geography", ""]
    assert missed == ["Role", ""]
    assert fit_reasons(card.fit, table, 0).unknown == ["Signal"]


def test_what_was_recognised_and_what_no_column_tells_is_said():
    card = card_of("profile_1", DOCUMENT, None, leads(IDEAL).only(["industry", "headcount"]))
    assert "industry from industry; employees from headcount" in card.notes[0]
    assert card.notes[1] == "No column tells of geography, role, signal: unknown for every lead."


def test_the_score_of_a_lead_does_not_depend_on_the_other_leads():
    rows = [IDEAL, EMPTY, WRONG, ("Biotech", 51, "AT", "CRO", ["Salesforce", "AWS"])]
    together = scored(leads(*rows))[2].score.tolist()
    assert together == [float(scored(leads(row))[2].score[0]) for row in rows]


VALUES = st.tuples(
    st.sampled_from([None, "SaaS", "Retail", "Advertising agency"]),
    st.sampled_from([None, 3, 120, 9000]),
    st.sampled_from([None, "DE", "US", "Narnia"]),
    st.sampled_from([None, "VP Sales", "Clerk"]),
    st.sampled_from([[], ["Salesforce"], ["SAP"]]),
)


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_the_reasons_add_up_to_the_score(rows):
    card, table, scores = scored(leads(*rows))
    for at in range(len(rows)):
        told = fit_reasons(card.fit, table, at)
        points = sum(each.points for each in (*told.reasons_for, *told.reasons_against))
        expected = min(told.start + points, 39) if told.disqualifier else told.start + points
        assert told.score == pytest.approx(expected, abs=1e-3)
        assert float(scores.score[at]) == pytest.approx(told.score, abs=1e-3)
        assert all(each.ideal_share is None for each in told.reasons_for)


@pytest.fixture(scope="module")
def fit() -> FitProfile:
    """Ideal rows spend more and are of the north: two criteria that anything finds."""
    rng = np.random.default_rng(3)
    ideal, others = rng.normal(3, 1, 400), rng.normal(0, 1, 400)
    sides = (["north"] * 300 + ["south"] * 100, ["north"] * 100 + ["south"] * 300)
    tables = [
        FeatureTable(400, (number("spend", values), category("side", list(rng.permutation(side)))))
        for values, side in zip((ideal, others), sides, strict=True)
    ]
    return learn_fit(*tables)


def test_criteria_as_they_were_learned_leave_the_fit_as_it_is(fit):
    assert len(fit.criteria) == 2
    assert adjusted(fit, criteria_of(fit)) is fit


def test_a_criterion_that_is_left_out_no_longer_counts_and_the_rest_still_reach_both_ends(fit):
    kept = [each for each in criteria_of(fit) if each.column == "side"]
    changed = adjusted(fit, kept)
    table = FeatureTable(2, (number("spend", [9, -9]), category("side", ["north", "south"])))
    assert [each.scale.name for each in changed.criteria] == ["side"]
    assert fit_scores(changed, table).score.tolist() == [100, 0]


def test_written_and_learned_dimensions_share_the_score(fit):
    """Best in both is 100 and worst in both 0; the written half alone cannot reach either end."""
    document = DOCUMENT.model_copy(update={"criteria": criteria_of(fit), "origin": None})
    rows = [IDEAL, WRONG, IDEAL]
    more = (number("spend", [9, -9, -9]), category("side", ["north", "south", "south"]))
    _, _, scores = scored(leads(*rows).beside(*more), document, fit)
    assert scores.score[0] == pytest.approx(100)
    assert scores.score[1] == pytest.approx(0, abs=1e-3)
    assert 0 < scores.score[2] < 100
    assert scores.known_weight.tolist() == pytest.approx([1, 1, 1])


def test_no_rows_are_no_error():
    table = FeatureTable(0, (category("industry", []),))
    assert scored(table)[2].score.tolist() == []
