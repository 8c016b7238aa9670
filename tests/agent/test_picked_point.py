"""A point of the curve by its number and by its size, and a segment by the expression that tells it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.generate_audience import generate_audience
from store.errors import BadInput, NotFound
from store.workspace import Workspace
from tests.agent.conftest import Analysed
from tools.audience.expression_curve import CurvePoint, expression_curve
from tools.audience.finding_expressions import segment_audiences
from tools.audience.selection import Selection
from tools.audience.strategies import strategies_of
from tools.calls import checked
from tools.declaration import tool
from tools.mining.rows.counting import membership

AUSTIN = {"latitude": 30.27, "longitude": -97.74, "radius": 100, "unit": "km"}


@pytest.fixture(scope="module")
def curved(golf: Analysed) -> Analysis:
    """The analysis of golfers with a curve, and with an expression for its first segment."""
    workspace, analysis = golf
    population, artifacts = workspace.population, workspace.artifacts
    ids = artifacts.people("customers", analysis.analysis_id)
    rows = membership(population, ids, population.catalogue.minable())
    curve = expression_curve(population, analysis.lift, rows, rows, ids, Selection(), held_out=False)
    first = analysis.segments[0]
    members = artifacts.people("segment", f"{analysis.analysis_id}-{first.segment_id}")
    mine = membership(population, members, rows.codes)
    labels = np.zeros(mine.total, dtype=np.int64)
    told = segment_audiences(population, mine, labels, mine, labels, ids, Selection(), held_out=False)
    new = analysis.model_copy(
        update={
            "analysis_id": "icp_curved",
            "curve": curve,
            "strategies": strategies_of(curve),
            "segments": [
                first.model_copy(update={"audience": told[0]}),
                *(each.model_copy(update={"audience": None}) for each in analysis.segments[1:]),
            ],
        }
    )
    artifacts.save_document("analysis", "icp_curved", new.model_dump(mode="json"))
    artifacts.save_people("customers", "icp_curved", ids)
    artifacts.save_document("model", "icp_curved", artifacts.document("model", analysis.analysis_id))
    return new


@pytest.fixture(scope="module")
def audience(golf: Analysed, curved: Analysis) -> Callable[..., AudienceResult]:
    """`audience(point=3)`: of the analysis with the curve."""

    def made(**arguments: Any) -> AudienceResult:
        query = checked(tool(generate_audience), {"analysis_id": curved.analysis_id} | arguments)
        return generate_audience(golf.workspace, query)

    return made


def total(workspace: Workspace, point: CurvePoint) -> int:
    query = checked(tool(generate_audience), {"expression": point.expression})
    return generate_audience(workspace, query).total


def test_every_point_is_the_audience_that_it_says(
    golf: Analysed, curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    assert len(curved.curve) > 5
    for point in (curved.curve[0], curved.curve[3], curved.curve[-1]):
        found = audience(point=point.point)
        assert found.expression == point.expression
        assert found.total == point.total == total(golf.workspace, point)
        assert found.point == point
        assert found.why.startswith(f"Point {point.point} of {len(curved.curve)} of the curve")
        assert "of the customers it was made from" in found.why


def test_the_neighbours_of_a_point_are_told(
    curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    between = audience(point=3)
    assert (between.surer, between.wider) == (curved.curve[1], curved.curve[3])
    assert f"Surer: point 2, {curved.curve[1].total:,} people" in between.why
    assert f"Wider: point 4, {curved.curve[3].total:,} people" in between.why
    surest, widest = audience(point=1), audience(point=len(curved.curve))
    assert (surest.surer, surest.wider) == (None, curved.curve[1])
    assert (widest.surer, widest.wider) == (curved.curve[-2], None)
    assert "Surer" not in surest.why
    assert "Wider" not in widest.why


def test_a_strategy_is_a_point_with_its_neighbours(
    curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    (hybrid,) = [point for point in curved.curve if "hybrid" in point.strategies]
    found = audience(strategy="hybrid")
    assert found.point == hybrid
    assert found.wider == curved.curve[hybrid.point]
    assert found.why.startswith("The hybrid expression of the analysis")
    assert audience(strategy="ranked").point is None


def test_by_size_it_is_the_widest_point_that_fits(
    curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    third = curved.curve[2].total
    for size, point in ((third, 3), (third + 1, 3), (curved.curve[3].total - 1, 3), (third - 1, 2)):
        found = audience(strategy="curve", target_size=size)
        assert found.point == curved.curve[point - 1]
        assert found.total <= size


def test_sizes_are_those_that_remain_after_what_was_required(
    curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    """Around Austin and without the customers the points are smaller, so a wider one fits."""
    size = curved.curve[1].total
    everywhere = audience(strategy="curve", target_size=size)
    near = audience(strategy="curve", target_size=size, location=AUSTIN, exclude=["customers"])
    assert everywhere.point == curved.curve[1]
    assert near.point is not None
    assert near.point.point > 2
    assert near.total <= size


def test_where_no_point_fits_the_likest_of_the_surest_are_kept(
    curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    found = audience(strategy="curve", target_size=3)
    assert found.point == curved.curve[0]
    assert found.total == 3
    assert found.least_fit is not None
    assert "larger than the size asked for" in found.why


def test_a_point_with_a_size_keeps_the_likest_of_it(audience: Callable[..., AudienceResult]) -> None:
    found = audience(point=4, target_size=7)
    assert found.total == 7
    assert found.point is not None
    assert found.point.point == 4


def test_a_point_that_is_not_there_is_refused_with_how_many_there_are(
    golf: Analysed, curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    with pytest.raises(NotFound, match="The curve has no point 99") as refused:
        audience(point=99)
    assert refused.value.instead is not None
    assert f"It has {len(curved.curve)}" in refused.value.instead
    without = curved.model_copy(update={"analysis_id": "icp_uncurved", "curve": []})
    golf.workspace.artifacts.save_document("analysis", "icp_uncurved", without.model_dump(mode="json"))
    with pytest.raises(NotFound, match="has no curve of expressions"):
        audience(analysis_id="icp_uncurved", point=1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"point": 0}, "point"),
        ({"strategy": "curve"}, "needs a `point`"),
        ({"point": 1, "strategy": "reach"}, "takes the place of the strategy `reach`"),
        ({"point": 1, "segment": "0"}, "no `segment`"),
        ({"point": 1, "analysis_id": None, "expression": "x"}, "of a whole analysis"),
        (
            {"strategy": "curve", "target_size": 9, "analysis_id": None, "traits": ["x"]},
            "of a whole analysis",
        ),
    ],
)
def test_a_request_that_does_not_fit_a_curve_is_refused(
    audience: Callable[..., AudienceResult], arguments: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        audience(**arguments)


def test_a_segment_is_the_expression_that_tells_it_best(
    curved: Analysis, audience: Callable[..., AudienceResult]
) -> None:
    first, second = curved.segments[:2]
    assert first.audience is not None
    found = audience(segment=first.name)
    assert found.expression == first.audience.expression
    assert found.total == first.audience.total
    assert found.why.startswith(f"The expression that best tells the segment `{first.name}`: it reaches")
    assert audience(segment=first.name, strategy="reach").total > found.total
    assert audience(segment=second.name).why.startswith("The strongest traits of the segment")


def test_an_analysis_that_was_saved_without_a_curve_is_still_read(golf: Analysed) -> None:
    old = golf.analysis.model_dump(mode="json")
    del old["curve"], old["mark_audiences"]
    for segment in old["segments"]:
        del segment["audience"]
    for way in old["strategies"]:
        del way["point"]
    read = Analysis.model_validate(old)
    assert read.curve == []
    assert read.mark_audiences == []
    assert all(segment.audience is None for segment in read.segments)
