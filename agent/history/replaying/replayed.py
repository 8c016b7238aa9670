"""What is told of a replay."""

from datetime import datetime

from pydantic import BaseModel, Field

from agent.history.differences import Difference
from agent.history.inputs import Inputs


class Replayed(BaseModel):
    """A run made again from its recipe, and whether it found the same."""

    run_id: str
    kind: str
    warehouse: str
    began_at: datetime = Field(description="When the run began, by its clock: the clock of the replay.")
    same: bool
    hash_before: str = Field(description="Of what the run found.")
    hash_now: str = Field(description="Of what the replay found.")
    differences: list[Difference] = Field(description="Places where the results differ, the first ones.")
    differing: int = Field(description="How many places differ, shown or not.")
    why: list[str] = Field(description="What is not as it was, or could not be made as it was.")
    made_from: Inputs
