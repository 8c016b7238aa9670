"""What an audience says of itself."""

from pydantic import BaseModel, Field

from tools.audience.expression_curve import CurvePoint
from tools.audience.preview import SamplePerson
from tools.declaration import ExportingResult
from tools.scoring.ranking import FrontierPoint


class Relaxation(BaseModel):
    """One step by which an empty audience was widened."""

    step: str
    total: int = Field(description="People found after it.")


class Overlap(BaseModel):
    """How the audience lies to the customers it was made from."""

    customers: int
    in_audience: int
    share_of_customers: float


class AudienceResult(ExportingResult):
    """The audience, and why it is this one."""

    audience_id: str
    expression: str | None = Field(
        default=None, description="In cluster hashes; none when only the model ranks."
    )
    in_words: str
    why: str
    total: int
    reachable: int = Field(description="Those of them with an identifier of the type asked for.")
    sample: list[SamplePerson]
    frontier: list[FrontierPoint] = Field(description="Size against quality, measured on held-out customers.")
    point: CurvePoint | None = Field(
        default=None, description="The point of the analysis's curve that it is, with what may be expected."
    )
    surer: CurvePoint | None = Field(default=None, description="The next narrower point.")
    wider: CurvePoint | None = Field(default=None, description="The next wider point.")
    overlap: Overlap | None = None
    relaxed: list[Relaxation] = Field(description="How it was widened when nobody was found; mostly empty.")
    least_fit: float | None = Field(
        default=None, description="The lowest fit score in it, when the model ranked."
    )
    export_refused: bool = Field(
        default=False, description="A file was asked for, and whoever had to allow it said no."
    )
