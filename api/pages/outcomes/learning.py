"""What is a job of learning from outcomes, on a page?"""

from agent.analyze_outcomes import OUTCOMES
from api.pages.outcomes.jobs.kind import JobKind
from store.records.runs import Run
from store.workspace import Workspace

STEPS = ("read", "weigh", "model", "backtest", "measure", "find_patterns", "publish")


def _result(workspace: Workspace, run: Run) -> str:
    return f"/outcomes/{OUTCOMES.saved(workspace, run.run_id).outcome_analysis_id}"


LEARNING = JobKind(
    tool=OUTCOMES.tool,
    screen="outcomes",
    prefix="/outcomes/jobs",
    home="/outcomes",
    steps=STEPS,
    result=_result,
)
