"""What is a job of writing a briefing, on a page?"""

from agent.briefing_result import Briefing
from agent.run_briefing import BRIEFING
from api.jobs.kinds import kind_named
from api.pages.outcomes.jobs.kind import JobKind
from store.records.runs import Run
from store.workspace import Workspace


def _result(workspace: Workspace, run: Run) -> str:
    found = kind_named(BRIEFING.tool).saved(workspace, run.run_id)
    assert isinstance(found, Briefing)
    return f"/briefings/{found.briefing_id}"


TELLING = JobKind(
    tool=BRIEFING.tool,
    screen="briefings",
    prefix="/briefings/jobs",
    home="/briefings",
    steps=(
        *("find", "learn", "analyse_again", "compare", "compare_outcomes", "judge", "refresh"),
        *("tell", "keep", "deliver"),
    ),
    result=_result,
    alike={"tell_first": "tell", "tell_changes": "tell", "tell_unchanged": "tell"},
)
