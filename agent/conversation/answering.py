"""What is said of a step: of its result, of a refusal, of what this version cannot do yet."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.briefing_result import Briefing
from agent.changes.result import Changes
from agent.conversation.answers import (
    analysis,
    audience,
    changes,
    clusters,
    corrections,
    files,
    leads,
    outcomes,
    persons,
    profiles,
    schedules,
    standing,
)
from agent.conversation.answers.answer import Answer
from agent.conversation.approval import why_approval
from agent.conversation.steps import Done, may_run
from agent.explain.explanation import Explanation
from agent.explain.help import HelpResult
from agent.markdown import paragraphs, plain, told
from agent.outcome_analysis import OutcomeAnalysis
from agent.planner.plan import Plan, PlanStep
from store.errors import ToolRefused
from store.population.catalogue import Catalogue
from store.workspace import Workspace
from tools.activation.queries import ExportedAudience
from tools.audience.find_persons import PersonsResult
from tools.clusters.get_cluster import ClusterResult
from tools.clusters.list_clusters import ClustersResult
from tools.declaration import ToolResult
from tools.feedback.applied import feedback_since
from tools.feedback.decide_feedback import FeedbackDecided
from tools.feedback.list_feedback import FeedbackList
from tools.feedback.submit_feedback import FeedbackResult
from tools.identity.corrections.keeping import CorrectionUndone
from tools.identity.corrections.list_corrections import CorrectionList
from tools.identity.corrections.merge_persons import PersonsMerged
from tools.identity.corrections.split_match import MatchSplit
from tools.identity.get_person import PersonResult
from tools.identity.resolve_identities import ResolveResult
from tools.profiles.changing.delete_icp_profile import DeletedProfile
from tools.profiles.kept import ProfileResult
from tools.profiles.lists.score_list import ScoredList
from tools.profiles.making.propose_icp_profile import ProposedProfile
from tools.profiles.reading.compare_icp_profiles import ComparedProfiles
from tools.profiles.reading.icp_profile_history import ProfileHistory
from tools.profiles.reading.list_icp_profiles import ListedProfiles
from tools.schedules.list_schedules import ListedSchedules
from tools.schedules.remove_schedule import RemovedSchedule
from tools.schedules.schedule_briefing import BriefingScheduled
from tools.scoring.score_leads import ScoredLeads
from tools.standing.findings import KeptAudience, RescoredAccounts, StandingAudiences, StandingRefreshed

ANALYSIS_ID = re.compile(r"\bthe analysis `?icp_[\w-]+`?")
MOST_UNDERSTOOD = 8


def answer_of(step: Done, workspace: Workspace) -> Answer:
    """What is said of the step's result, after what was understood of the file and the words."""
    answer = _of(step.result, step.arguments, workspace)
    before = [told("answer_file", note=note.replace("`", '"')) for note in step.notes]
    words = {
        said: (cluster.label or cluster.name, cluster.value) for said, cluster in step.understood.items()
    }
    return prefaced(answer, paragraphs(*before, _understood(words)))


def prefaced(answer: Answer, before: str) -> Answer:
    """The answer after these words."""
    kept = paragraphs(before, answer.kept) if answer.kept is not None else None
    return answer.model_copy(update={"text": paragraphs(before, answer.text), "kept": kept})


Answering: TypeAlias = Callable[[Any, dict[str, Any], Workspace], Answer]
ANSWERS: dict[type[ToolResult], Answering] = {
    Analysis: lambda found, asked, workspace: analysis.answer(found),
    AudienceResult: lambda found, asked, workspace: audience.answer(found, asked),
    OutcomeAnalysis: lambda found, asked, workspace: outcomes.answer(found, asked),
    ScoredLeads: lambda found, asked, workspace: leads.answer(found, asked),
    ScoredList: lambda found, asked, workspace: leads.kept_list(found),
    Changes: lambda found, asked, workspace: changes.compared(found),
    Briefing: lambda found, asked, workspace: changes.briefed(found),
    ResolveResult: lambda found, asked, workspace: persons.resolved(found),
    PersonResult: lambda found, asked, workspace: persons.profiles(found, workspace),
    ClustersResult: clusters.listed,
    ClusterResult: lambda found, asked, workspace: clusters.one(found),
    PersonsResult: persons.found_persons,
    ProfileResult: lambda found, asked, workspace: profiles.one(found),
    ProfileHistory: lambda found, asked, workspace: profiles.history(found),
    ComparedProfiles: lambda found, asked, workspace: profiles.compared(found),
    ListedProfiles: lambda found, asked, workspace: profiles.listed(found),
    ProposedProfile: lambda found, asked, workspace: profiles.proposed(found),
    DeletedProfile: lambda found, asked, workspace: profiles.deleted(found),
    ExportedAudience: lambda found, asked, workspace: files.exported(found),
    BriefingScheduled: lambda found, asked, workspace: schedules.scheduled(found),
    ListedSchedules: lambda found, asked, workspace: schedules.listed(found),
    RemovedSchedule: lambda found, asked, workspace: schedules.removed(found),
    KeptAudience: lambda found, asked, workspace: standing.kept(found),
    StandingAudiences: lambda found, asked, workspace: standing.listed(found),
    StandingRefreshed: lambda found, asked, workspace: standing.refreshed(found),
    RescoredAccounts: lambda found, asked, workspace: standing.rescored(found),
    FeedbackResult: lambda found, asked, workspace: _thanks(found),
    FeedbackList: lambda found, asked, workspace: corrections.feedback(
        found, feedback_since(workspace, None)
    ),
    FeedbackDecided: lambda found, asked, workspace: corrections.decided(found),
    MatchSplit: lambda found, asked, workspace: corrections.split(found),
    PersonsMerged: lambda found, asked, workspace: corrections.merged(found),
    CorrectionUndone: lambda found, asked, workspace: corrections.undone(found),
    CorrectionList: lambda found, asked, workspace: corrections.listed(found),
    Explanation: lambda found, asked, workspace: _explained(found),
    HelpResult: lambda found, asked, workspace: _explained(found),
}


def _of(result: ToolResult, arguments: dict[str, Any], workspace: Workspace) -> Answer:
    words = ANSWERS.get(type(result))
    return words(result, arguments, workspace) if words else Answer(text=told("answer_done"))


def _thanks(result: FeedbackResult) -> Answer:
    return Answer(text=told("answer_feedback", feedback_id=result.feedback_id), shown=result.model_dump())


def _explained(result: Explanation | HelpResult) -> Answer:
    return Answer(text=result.text, shown=result.model_dump(mode="json", exclude={"text"}))


def understood_of(plan: Plan, catalogue: Catalogue) -> str:
    """How the words of the message were taken."""
    words = {}
    for one in plan.understood:
        cluster = catalogue.find(one.cluster_hash)
        words[one.said] = (cluster.label if cluster and cluster.label else one.name, one.value)
    return _understood(words)


def _understood(words: dict[str, tuple[str, str]]) -> str:
    taken = [
        told("answer_understood_word", said=said, name=label if value == "Yes" else f"{label}: {value}")
        for said, (label, value) in list(words.items())[:MOST_UNDERSTOOD]
    ]
    return f"*{'; '.join(taken)}.*" if taken else ""


def refused(refusal: ToolRefused) -> Answer:
    """What was wrong, and what would be right."""
    is_for_people = bool(refusal.instead) and refusal.where != "arguments"  # else it lists names of fields
    what = f"{refusal.what} ({refusal.where})" if refusal.where and is_for_people else refusal.what
    return Answer(
        text=paragraphs(
            told("answer_refused", what=what.rstrip(".")),
            told("answer_refused_instead", instead=refusal.instead) if is_for_people else "",
        ),
        shown={"refused": type(refusal).__name__, "where": refusal.where},
    )


def planned(step: PlanStep) -> Answer:
    """Understood, and not in this version yet."""
    return Answer(
        text=paragraphs(told("answer_planned", in_words=in_words(step)), told("answer_planned_instead")),
        shown={"planned": step.tool},
        follow_ups=["What can you do?"],
    )


def skipped(step: PlanStep) -> Answer:
    """Left out, since a step before it gave nothing."""
    return Answer(text=told("answer_skipped", in_words=in_words(step)))


def waiting(step: PlanStep, why: str) -> Answer:
    """What comes next, and why it waits for a yes."""
    return Answer(
        text=told("answer_waiting", in_words=in_words(step), why=why),
        follow_ups=["Yes, go ahead", "No, leave it"],
    )


def held(plan: Plan) -> Answer:
    """That a whole plan waits, and what a yes to it does not cover."""
    asks_again = any(may_run(step) and why_approval(step) for step in plan.steps)
    return Answer(
        text=paragraphs(
            told("answer_held"),
            told("answer_held_asks") if asks_again else "",
        ),
        follow_ups=["Yes, go ahead", "No, leave it"],
    )


def said_back(text: str) -> Answer:
    """A question back, or a polite no, as the plan has it."""
    return Answer(text="\n\n".join(plain(part, most=2_000) for part in text.split("\n\n")))


def in_words(step: PlanStep) -> str:
    """What the step does, without ids and without the full stop at its end."""
    words = ANALYSIS_ID.sub("the analysis", step.in_words)
    return words.strip().rstrip(".") or step.tool.replace("_", " ")
