"""A house with profiles and leads, and a worker that does what is queued without a process of its own."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.jobs.attempt import Attempt
from store.records.runs import begin_run, runs_of
from store.workspace import House, Workspace
from tests.store.workbooks_written import write_workbook
from tools.calls import call
from tools.profiles import catalogue

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INDUSTRIES = ("Software", "SaaS", "Retail", "Agencies", "Fintech")
COUNTRIES = ("DE", "AT", "FR", "US", "CH")
TITLES = ("VP Sales", "Clerk", "CEO", "Engineer")
MID_MARKET = {
    "name": "Mid-market software, DACH",
    "description": "Software companies that outgrew spreadsheets.",
    "industries": ["Software", "Fintech"],
    "company_size": "50-200 employees",
    "geography": ["DACH"],
    "roles": ["VP Sales"],
    "disqualifiers": ["agencies"],
}


def make_profile(workspace: Workspace, **given: object) -> str:
    """A profile of its own; its id."""
    made = call(catalogue.CREATE, workspace, MID_MARKET | given)
    return made.profile.icp_profile_id  # type: ignore[attr-defined]  # a ProfileResult


def leads_csv(rows: int, seed: int = 5) -> str:
    """Leads of generated companies, whose lines hold no person."""
    draw = np.random.default_rng(seed)
    lines = ["id,company,industry,employees,country,title"]
    for at in range(1, rows + 1):
        industry, country = (draw.choice(each) for each in (INDUSTRIES, COUNTRIES))
        size, title = int(draw.lognormal(4, 1.5)) + 1, draw.choice(TITLES)
        lines.append(f"lead-{at},Account {at},{industry},{size},{country},{title}")
    return "\n".join(lines) + "\n"


def do_jobs(house: House) -> None:
    """Bring every queued job to its end, as a worker does."""
    for run in runs_of(house.everywhere, statuses=("queued",)):
        begun = begin_run(house.everywhere, run.run_id, run.turn, "worker", house.now())
        assert begun is not None
        Attempt(house.of(run.organisation_id), begun, 60, lambda: False).go()


def workbook(*sheets: str) -> bytes:
    """These CSV texts as the sheets of a workbook, called First, Second, Third."""
    named = zip(("First", "Second", "Third"), sheets, strict=False)
    with TemporaryDirectory() as folder:
        rows = {name: [line.split(",") for line in text.splitlines()] for name, text in named}
        return write_workbook(Path(folder) / "written.xlsx", rows).read_bytes()
