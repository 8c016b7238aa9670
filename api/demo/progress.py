"""How far are the examples? A small file that whoever makes them writes and the first screen reads."""

import time
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from store.artifacts import written_whole
from store.locks import Lock

FOLDER, FILE, LOCK = "demo", "progress.json", "making.lock"
BEST_CUSTOMERS = "best_customers.csv"
BANK = "bank"  # the warehouse of real people; `fieldmark demo` loads it too
WRITTEN_EVERY = 0.25  # seconds between two looks at the same step

State = Literal["waiting", "running", "done", "failed"]
StepName = Literal["people", "customers", "audience", "bank", "outcomes", "briefing"]
# The steps, and how much of the whole time each took where they were measured.
STEPS: dict[StepName, float] = {
    "people": 0.42,
    "customers": 0.20,
    "audience": 0.01,
    "bank": 0.04,
    "outcomes": 0.32,
    "briefing": 0.01,
}


class DemoStep(BaseModel):
    """One example on its way."""

    name: StepName
    state: State = "waiting"
    share: float = Field(default=0.0, ge=0, le=1, description="How much of it is done, as far as it tells.")


class DemoProgress(BaseModel):
    """All examples, in the order in which they are made, and what the finished ones left."""

    steps: list[DemoStep]
    found: dict[str, str] = Field(default_factory=dict, description="Ids that later steps need, by name.")

    @property
    def is_done(self) -> bool:
        """Whether no step is left."""
        return all(step.state in ("done", "failed") for step in self.steps)

    @property
    def is_usable(self) -> bool:
        """Whether there is a warehouse to ask about."""
        return self.steps[0].state == "done"

    @property
    def share(self) -> float:
        """How much of everything is done, 0..1."""
        done = {"waiting": 0.0, "done": 1.0, "failed": 1.0}
        return sum(STEPS[step.name] * done.get(step.state, step.share) for step in self.steps)


def begun() -> DemoProgress:
    """Nothing done yet."""
    return DemoProgress(steps=[DemoStep(name=name) for name in STEPS])


def demo_folder(home: Path) -> Path:
    """Where the files of the examples lie, in the home of an organisation."""
    return home / FOLDER


def read_progress(home: Path) -> DemoProgress | None:
    """How far the examples are; None where none were ever begun."""
    try:
        return DemoProgress.model_validate_json((demo_folder(home) / FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def note_wanted(home: Path) -> None:
    """Let the next server make the examples, though the house holds a warehouse already."""
    if read_progress(home) is None:
        Kept(home).write()


def making_lock(home: Path) -> Lock:
    """Held by whoever makes the examples, and let go of when they are gone."""
    return Lock(demo_folder(home) / LOCK)


def is_making(home: Path) -> bool:
    """Whether somebody is at it now."""
    if not (demo_folder(home) / LOCK).exists():
        return False
    lock = making_lock(home)
    if lock.taken():
        lock.let_go()
        return False
    return True


class Kept:
    """Progress that is written where it can be read, a few times a second at most."""

    def __init__(self, home: Path) -> None:
        self._path = demo_folder(home) / FILE
        self.progress = read_progress(home) or begun()
        self._written_at = 0.0

    def step(self, name: StepName) -> DemoStep:
        """The step of this name."""
        return next(step for step in self.progress.steps if step.name == name)

    def move(self, name: StepName, state: State) -> None:
        """Tell that a step began or ended."""
        step = self.step(name)
        step.state, step.share = state, 0.0 if state == "running" else step.share
        self.write()

    def tell(self, name: StepName, share: float) -> None:
        """Tell how much of a step is done."""
        self.step(name).share = min(max(share, self.step(name).share), 1.0)
        if time.monotonic() - self._written_at > WRITTEN_EVERY:
            self.write()

    def write(self) -> None:
        """Write it whole."""
        with written_whole(self._path) as beside:
            beside.write_text(self.progress.model_dump_json(), encoding="utf-8")
        self._written_at = time.monotonic()
