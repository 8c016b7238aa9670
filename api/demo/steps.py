"""What is made for a new house? Two warehouses, and of the first ones an analysis, a profile, an audience."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent import CATALOGUE
from agent.customer_requests import request_of_file
from api.cli.loading import built
from api.demo.customers import write_best_customers
from api.demo.progress import BANK, BEST_CUSTOMERS, Kept, StepName, demo_folder
from api.settings import Settings
from store.errors import NotFound
from store.examples import write_bank_contacts, write_bank_outcomes
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import ledger_of
from store.population.mapping import read_mapping
from store.workspace import House, Workspace
from tools.calls import call, tool_named

PEOPLE, SEED = 100_000, 11
GENERATED = "americans-generated"  # says what it is; the first by name, so the first that is shown
CUSTOMERS, PROFILE = "golf_homeowners", "Example: best customers"
GENERATING = 0.3  # of the first step; the rest is loading

Tell = Callable[[float], None]


class Making:
    """The examples of one house, step by step; what an earlier step found is asked of `kept`."""

    def __init__(self, house: House, settings: Settings, kept: Kept) -> None:
        self._house, self._settings, self._kept = house, settings, kept
        self._folder = demo_folder(house.home)
        self.steps: dict[StepName, Callable[[Tell], None]] = {
            "people": self.people,
            "customers": self.customers,
            "audience": self.audience,
            "bank": self.bank,
            "outcomes": self.outcomes,
            "briefing": self.briefing,
        }

    def people(self, tell: Tell) -> None:
        """Generate 100,000 US consumers, keep a file of the best customers among them, and load them."""
        from store.synthetic import generate  # takes a second to import

        with self._room("people") as folder:
            generate(PEOPLE, SEED, folder, lambda done, of: tell(GENERATING * done / of))
            write_best_customers(
                folder / "customers" / f"{CUSTOMERS}.csv", self._folder / BEST_CUSTOMERS, SEED
            )
            files = sorted((folder / "population").glob("*.parquet"))
            mapping = read_mapping(folder / "mapping.toml")
            built(self._workspace(GENERATED), self._settings, files, mapping, _stages(tell, GENERATING))

    def customers(self, tell: Tell) -> None:
        """Analyse the example file, and keep the profile that comes of it."""
        request = request_of_file(self._folder / BEST_CUSTOMERS).arguments
        self._found("analysis", self._call(GENERATED, "analyze_customers", request).analysis_id)
        tell(0.9)
        given = {
            "analysis_id": self._known("analysis"),
            "name": PROFILE,
            "visibility": "shared",
        }
        self._call(GENERATED, "create_icp_profile", given)

    def audience(self, tell: Tell) -> None:
        """Find the people who are like them and no customers yet."""
        given = {"analysis_id": self._known("analysis"), "strategy": "hybrid", "exclude": ["customers"]}
        self._call(GENERATED, "generate_audience", given)

    def bank(self, tell: Tell) -> None:
        """Load the contacts of a real bank, and analyse who subscribed."""
        workspace = self._workspace(BANK)
        if not workspace.warehouse.exists:
            with self._room("bank") as folder:
                contacts, mapping = write_bank_contacts(folder)
                built(workspace, self._settings, [contacts], read_mapping(mapping), _stages(tell, 0.0, 0.6))
        tell(0.6)
        outcome = {"outcome": {"attribute": "subscribed", "value": "Yes"}}
        self._found("bank_analysis", self._call(BANK, "analyze_customers", outcome).analysis_id)

    def outcomes(self, tell: Tell) -> None:
        """Record how the bank's calls ended, and learn who is won."""
        workspace = self._workspace(BANK)
        with self._room("outcomes") as folder:
            records = write_bank_outcomes(folder)
            ledger_of(workspace.warehouse).load(
                records, IntakeQuery(), workspace.now(), memory_limit=self._settings.memory
            )
        tell(0.2)
        self._call(BANK, "analyze_outcomes", {})

    def briefing(self, tell: Tell) -> None:
        """Write the first briefing about the example customers."""
        self._call(GENERATED, "run_briefing", {"icp_profile": self._known("analysis")})

    def _workspace(self, warehouse: str) -> Workspace:
        return self._house.workspace(warehouse)

    def _call(self, warehouse: str, tool: str, arguments: dict[str, Any]) -> Any:
        return call(tool_named(CATALOGUE, tool), self._workspace(warehouse), arguments)

    def _found(self, name: str, value: str) -> None:
        self._kept.progress.found[name] = value

    def _known(self, name: str) -> str:
        try:
            return self._kept.progress.found[name]
        except KeyError:
            raise NotFound("An earlier example could not be made", where=name) from None

    def _room(self, name: str) -> "_Room":
        return _Room(self._folder / f"making-{name}")


class _Room:
    """A folder for what is needed only while a step runs; what a killed run left there is removed first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Path:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _stages(tell: Tell, first: float, last: float = 1.0) -> Callable[[str, int, int], None]:
    """Progress of a build, which tells each stage from 0 to its end, as a share that never goes back."""
    seen: dict[str, float] = {}

    def heard(stage: str, done: int, of: int) -> None:
        seen[stage] = done / of if of else 1.0
        # How many stages come is not known before: each takes half of what is left.
        share = sum(part / 2 ** (place + 1) for place, part in enumerate(seen.values()))
        tell(first + (last - first) * share)

    return heard
