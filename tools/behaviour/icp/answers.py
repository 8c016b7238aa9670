"""What the two answers about ideal customers hold, field by field."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class IcpSegment(BaseModel):
    """A segment of the customers."""

    segment_id: int
    name: str
    size: int
    percentage: float = Field(description="Of the customers, 0..100.")
    avg_ltv: float = Field(description="Mean value of a customer; the description says of what kind.")
    avg_orders: float | None = None
    avg_order_value: float | None = None
    top_countries: list[str]
    device_breakdown: dict[str, float] = Field(description="Share by device, 0..1.")
    top_channels: list[str]
    description: str


class IcpRecommendation(BaseModel):
    """What to do about a segment."""

    segment: str
    priority: Literal["high", "medium", "low"]
    action: str
    expected_impact: str = Field(description="A figure of the past, no promise.")


class IcpAnalysis(BaseModel):
    """The segments of a warehouse's customers."""

    analysis_id: str
    warehouse_id: str
    created_at: datetime
    segments: list[IcpSegment]
    recommendations: list[IcpRecommendation]


class IcpFeatures(BaseModel):
    """What is known of a lead; a field that is left out or null is unknown."""

    model_config = ConfigDict(extra="forbid")

    country: str | None = Field(default=None, max_length=200)
    device: str | None = Field(default=None, max_length=200)
    acquisition_channel: str | None = Field(default=None, max_length=200)
    session_count: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    page_views: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    engagement_time_seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class IcpScore(BaseModel):
    """How near a lead is to the ideal customer."""

    score: float = Field(description="0..100.")
    tier: str
    match_confidence: str
    matched_segment: str | None = Field(
        default=None, description="None where nothing is known that segments differ by."
    )
    probability_high_value: float = Field(
        description="Calibrated probability of being among the most valuable fifth of buyers afterwards."
    )
    predicted_ltv: float = Field(description="Expected revenue in the window that followed in the past.")
    recommendations: list[str]


class IcpAnalysisAnswer(BaseModel):
    """The analysis as the endpoint gives it."""

    success: Literal[True] = True
    data: IcpAnalysis


class IcpScoreAnswer(BaseModel):
    """The score as the endpoint gives it."""

    success: Literal[True] = True
    data: IcpScore
