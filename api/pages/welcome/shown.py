"""What does the first screen say of the examples that are being made?"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from api.access.visit import Visit
from api.demo.progress import BEST_CUSTOMERS, DemoProgress, DemoStep, demo_folder, is_making, read_progress
from api.pages.here import warehouses_of

Stand = Literal["nothing", "making", "stopped", "ready"]


class Welcome(BaseModel):
    """How far the examples are, as they are shown."""

    stand: Stand
    steps: list[DemoStep] = Field(default_factory=list)
    share: float = Field(default=0.0, ge=0, le=1)
    is_usable: bool = Field(description="Whether a warehouse can be asked already.")
    has_file: bool = Field(description="Whether there is an example file to drop.")

    @property
    def failed(self) -> list[DemoStep]:
        """Examples that could not be made."""
        return [step for step in self.steps if step.state == "failed"]


def welcome_of(visit: Visit) -> Welcome:
    """The stand of the house of whoever asks."""
    home = visit.house.home
    has_file = example_file(visit) is not None
    is_usable = bool(warehouses_of(visit))
    found = read_progress(home)
    if found is None:
        return Welcome(stand="nothing", is_usable=is_usable, has_file=has_file)
    stand = _stand(found, is_making(home))
    return Welcome(
        stand=stand,
        steps=found.steps,
        share=found.share,
        is_usable=found.is_usable and is_usable,
        has_file=has_file and is_usable,
    )


def example_file(visit: Visit) -> Path | None:
    """2,000 customers of the generated people, 40 of them with a broken e-mail; None until they are made."""
    path = demo_folder(visit.house.home) / BEST_CUSTOMERS
    return path if path.exists() else None


def _stand(found: DemoProgress, is_made_now: bool) -> Stand:
    if found.is_done:
        return "ready"
    return "making" if is_made_now else "stopped"
