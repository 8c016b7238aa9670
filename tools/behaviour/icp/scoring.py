"""How near is a lead to the ideal customer?"""

from collections.abc import Mapping

import numpy as np
from pydantic import ValidationError

from store.errors import BadInput
from tools.behaviour.icp.answers import IcpFeatures, IcpScore
from tools.behaviour.icp.lead_columns import CATEGORIES, lead_row, level_of
from tools.behaviour.icp.learning import IcpModel
from tools.behaviour.segmentation.segments import Segmentation
from tools.scoring.fit.told.reasons import single


def icp_score(model: IcpModel, features: Mapping[str, object] | IcpFeatures) -> IcpScore:
    """The score of a lead, with what it is likely to be worth.

    The score and its tier are those of the fit profile (tools/scoring/fit); probability and value are of the
    window after the cut-off that the model has learned from. What is left out is unknown, and a country that
    no user had is one of the others. Raises BadInput for a field that does not exist or is no such value.
    """
    lead = _lead(features)
    raw = {
        name: level_of(value, model.levels.get(name, [])) if name in CATEGORIES else value
        for name, value in lead.model_dump().items()
    }
    fit = single(model.fit, raw)
    probability, value = _expected(model, lead)
    segment = matched_segment(model.segmentation, lead)
    return IcpScore(
        score=round(fit.score, 1),
        tier=fit.tier,
        match_confidence=fit.match_confidence,
        matched_segment=segment,
        probability_high_value=round(probability, 4),
        predicted_ltv=round(value, 2),
        recommendations=_recommendations(model, fit.tier, probability, segment),
    )


def _expected(model: IcpModel, lead: IcpFeatures) -> tuple[float, float]:
    """Probability of high value, and expected revenue; of somebody of whom nothing is known those of all."""
    if not lead.model_dump(exclude_none=True):
        return model.high_value.base_rate, model.mean_value
    row = lead_row(model.counts.filled(lead), model.levels)
    return float(model.high_value.probabilities(row)[0]), float(model.value.predict(row).value[0])


def _lead(features: Mapping[str, object] | IcpFeatures) -> IcpFeatures:
    if isinstance(features, IcpFeatures):
        return features
    try:
        return IcpFeatures.model_validate(dict(features))
    except ValidationError as error:
        wrong = sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]})
        known = [name for name in wrong if name in IcpFeatures.model_fields]
        raise BadInput(
            "Features of the lead cannot be used",
            where=", ".join(known) or "features",
            instead=f"There are {', '.join(IcpFeatures.model_fields)}; counts are numbers from 0.",
        ) from None


def matched_segment(segmentation: Segmentation, lead: IcpFeatures) -> str | None:
    """The segment whose centre is nearest by the columns that are known of the lead; None without any."""
    if segmentation.space is None:
        return segmentation.segments[0].name if segmentation.segments else None
    known = {
        "sessions": lead.session_count,
        "page_views": lead.page_views,
        "engagement_seconds": lead.engagement_time_seconds,
    }
    if lead.session_count and lead.page_views is not None:
        known["pages_per_session"] = lead.page_views / lead.session_count
    names = segmentation.space.names
    values = np.array([[np.nan if known.get(name) is None else float(known[name] or 0.0) for name in names]])
    told = ~np.isnan(values[0])
    if not told.any():
        return None
    centres = segmentation.space.raw(np.array(segmentation.centres))
    gaps = ((centres - segmentation.space.standard(values)) ** 2)[:, told].sum(axis=1)
    return segmentation.segments[int(np.argmin(gaps))].name


def _recommendations(model: IcpModel, tier: str, probability: float, segment: str | None) -> list[str]:
    base = model.high_value.base_rate
    times = probability / max(base, 1e-12)
    told = (
        f"{100 * probability:.1f}% of such users are expected to be of high value, against "
        f"{100 * base:.1f}% of all in the past ({times:.1f} times)."
    )
    action = {
        "A": "Put first in line for a personal contact.",
        "B": "Contact soon, with what similar customers bought.",
        "C": "Keep in automated follow-up until more is known.",
        "D": "Spend nothing extra; broad and unpaid channels only.",
    }[tier[0]]
    like = [f"Nearest segment: {segment}; use what works with it."] if segment else []
    return [action, told, *like]
