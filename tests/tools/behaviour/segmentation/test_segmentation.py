"""Segments of users are those that are there; where there are none, that is the answer."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score

from store.errors import TooFewCustomers
from store.features import FeatureTable, category, number
from tests.tools.behaviour.segmentation.planted_users import users
from tools.behaviour.segmentation.clustering import elbow, nearest
from tools.behaviour.segmentation.columns import numbers
from tools.behaviour.segmentation.queries import SegmentationQuery
from tools.behaviour.segmentation.segments import Segmentation, behaviour_segments
from tools.behaviour.segmentation.space import content_sample, space_of

QUICK = SegmentationQuery(most_segments=4, sample=2_000, judged=400, starts=4, resamples=4, null_draws=19)


def test_planted_segments_are_found_and_told_to_be_clear():
    table, kind = users(1_500)
    found, labels = behaviour_segments(table, QUICK)
    assert adjusted_rand_score(kind, labels) > 0.97
    assert found.evidence is not None
    assert found.evidence.silhouette_choice == 3
    assert found.evidence.elbow == 3
    assert found.evidence.clear
    assert found.notes == []
    assert [each.name for each in found.segments] == ["VIP Customers", "At-Risk Customers", "New Customers"]


def test_columns_that_only_go_together_have_no_clear_segments():
    table, _ = users(1_500, planted=False)
    found, _ = behaviour_segments(table, QUICK)
    assert found.evidence is not None
    assert not found.evidence.clear
    assert "No clear segments" in found.notes[0]


def test_the_order_of_the_users_changes_nothing():
    table, _ = users(900, seed=4)
    turned = np.random.default_rng(1).permutation(900)
    one, labels = behaviour_segments(table, QUICK)
    other, turned_labels = behaviour_segments(table.take(turned), QUICK)
    np.testing.assert_array_equal(labels[turned], turned_labels)
    assert one == other


def test_figures_of_a_segment_are_its_users_means():
    table, _ = users(600, seed=2)
    found, labels = behaviour_segments(table, QUICK)
    revenue, purchases = numbers(table, "revenue"), numbers(table, "purchases")
    for each in found.segments:
        mine = labels == each.segment_id
        assert each.size == mine.sum()
        assert each.avg_ltv == pytest.approx(revenue[mine].mean(), abs=0.006)
        assert each.avg_order_value == pytest.approx(revenue[mine].sum() / purchases[mine].sum(), abs=0.006)
        assert sum(each.device_breakdown.values()) == pytest.approx(1, abs=0.002)
    assert sum(each.size for each in found.segments) == 600
    assert sum(each.revenue_share for each in found.segments) == pytest.approx(1)


def test_every_number_in_a_description_is_one_of_the_figures():
    table, _ = users(600, seed=2)
    found, _ = behaviour_segments(table, QUICK, currency="EUR")
    for each in found.segments:
        device = next(iter(each.device_breakdown.values()))
        assert each.avg_orders is not None
        assert each.avg_order_value is not None
        figures = {
            *(f"{each.percentage:.1f}", f"{each.avg_ltv:,.2f}", f"{each.avg_orders:,.2f}"),
            *(f"{each.avg_order_value:,.2f}", f"{each.averages['sessions']:,.2f}", f"{100 * device:.1f}"),
        }
        assert set(re.findall(r"[\d,]*\d\.\d+", each.description)) <= figures
        assert "EUR" in each.description


def test_predicted_value_is_told_as_such():
    table, _ = users(600, seed=2)
    predicted = np.full(600, 7.0)
    found, _ = behaviour_segments(table, QUICK, predicted=predicted)
    assert found.value_kind == "predicted value"
    assert all(each.avg_ltv == 7 and "predicted value" in each.description for each in found.segments)


def test_kept_segments_take_in_new_users():
    table, _ = users(900, seed=3)
    found, labels = behaviour_segments(table, QUICK)
    kept = Segmentation.model_validate_json(found.model_dump_json())
    np.testing.assert_array_equal(kept.assigned(table), labels)
    new, kind = users(500, seed=8)
    assert adjusted_rand_score(kind, kept.assigned(new)) > 0.95


def test_few_users_and_users_all_alike():
    table, _ = users(49)
    with pytest.raises(TooFewCustomers, match="49 users"):
        behaviour_segments(table)
    same = FeatureTable(80, (number("sessions", [1.0] * 80), category("device", ["mobile"] * 80)))
    found, labels = behaviour_segments(same)
    assert len(found.segments) == 1
    assert found.evidence is None
    assert not labels.any()
    assert "alike" in found.notes[0]


def test_unknown_figures_leave_users_in_the_middle():
    table, _ = users(300, seed=5)
    sessions = numbers(table, "sessions").copy()
    sessions[:30] = np.nan
    found, labels = behaviour_segments(table.beside(number("sessions", sessions)), QUICK)
    assert len(labels) == 300
    assert all(np.isfinite(np.array(found.centres)).ravel())


def test_the_space_is_that_of_scikit_learn():
    """Explained shares agree with PCA of the standardised columns; 95 % of the variance stays."""
    values = np.random.default_rng(0).normal(size=(400, 5)) @ np.random.default_rng(1).normal(size=(5, 5))
    space = space_of(list("abcde"), values, 0.95)
    assert space is not None
    peer = PCA(0.95).fit(space.standard(values))
    assert len(space.axes) == peer.n_components_
    assert space.kept_share == pytest.approx(peer.explained_variance_ratio_.sum())
    np.testing.assert_allclose(np.abs(np.array(space.axes)), np.abs(peer.components_), atol=1e-6)


def test_one_outlier_does_not_rule_the_space():
    values = np.random.default_rng(0).gamma(2, 10, (1_000, 2))
    outlier = values.copy()
    outlier[0] = 1e9
    one, other = (space_of(["a", "b"], each, 1.0) for each in (values, outlier))
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(one.scale, other.scale, rtol=0.02)


def test_a_sample_holds_contents_as_often_as_there_are():
    """Nine in ten rows are the same: so they are in the sample, give or take what chance gives."""
    values = np.vstack([np.zeros((9_000, 2)), np.random.default_rng(0).normal(size=(1_000, 2))])
    drawn = content_sample(values, 1_000, 0)
    assert len(drawn) == 1_000
    assert 0.86 < (values[drawn] == 0).all(axis=1).mean() < 0.94


@settings(max_examples=30)
@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 5))
def test_the_nearest_centre_is_the_nearest(rows, segments, seed):
    rng = np.random.default_rng(seed)
    places, centres = rng.normal(size=(rows, 3)), rng.normal(size=(segments, 3))
    far = ((places[:, None] - centres[None]) ** 2).sum(axis=2)
    np.testing.assert_array_equal(nearest(places, centres), far.argmin(axis=1))


def test_the_elbow_is_farthest_from_the_chord():
    """10, 4, 2, 1, 0 at 2..6: below the chord 0, .35, .3, .15, 0."""
    assert elbow([2, 3, 4, 5, 6], [10, 4, 2, 1, 0]) == 3
    assert elbow([2, 3], [2, 1]) is None
    assert elbow([2, 3, 4], [3, 2, 1]) is None
