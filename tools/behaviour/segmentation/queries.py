"""What may be asked of a segmentation of users?"""

from pydantic import BaseModel, ConfigDict, Field


class SegmentationQuery(BaseModel):
    """How finely to divide, and how sure to be."""

    model_config = ConfigDict(extra="forbid")

    most_segments: int = Field(default=8, ge=2, le=12, description="Segments at most.")
    min_share: float = Field(default=0.02, gt=0, le=0.5, description="Share of users in a segment at least.")
    variance_share: float = Field(
        default=0.95, gt=0, le=1, description="Share of the variance that principal components keep."
    )
    sample: int = Field(
        default=20_000, ge=500, le=200_000, description="Users that segments are found in; all are assigned."
    )
    judged: int = Field(
        default=2_000, ge=200, le=10_000, description="Users of them whose silhouettes are measured."
    )
    starts: int = Field(default=10, ge=1, le=100, description="Starts of k-means++.")
    resamples: int = Field(default=10, ge=2, le=100, description="Bootstrap samples that judge stability.")
    null_draws: int = Field(
        default=19, ge=9, le=199, description="Tables drawn without groups: 19 make a test at 0.05."
    )
    min_stability: float = Field(
        default=0.6, ge=0, le=1, description="Adjusted Rand index over resamples that clear segments reach."
    )
    seed: int = Field(default=0, ge=0, description="Of the samples and starts.")
