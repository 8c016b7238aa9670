"""What is a feedback about, and where is that looked at?"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlencode

from agent.briefing_result import Briefing
from agent.conversation.answers.leads import masked_lead
from agent.conversation.answers.people import masked_value
from api.access.visit import Visit
from api.pages.here import warehouses_of
from api.pages.words import text
from store.errors import NotFound, ToolRefused
from store.records import Analysis, Trace
from store.records.kept_results import KeptResult
from store.records.newest import newest
from tools.feedback.list_feedback import FeedbackLine

ADDRESSES = {"audience": "/audiences/", "briefing": "/briefings/"}
NUMBERED = ("segment", "anti_pattern")
MOST_MADE = 10  # by one workflow


class About(NamedTuple):
    """One thing: the text `settings.said_of_` and its name, what it is, and where it is looked at."""

    name: str
    what: str
    address: str = ""


class Around(NamedTuple):
    """What several feedbacks are about: the calls by their ids, and what was made, by workflow."""

    calls: dict[str, Trace]
    made: dict[str, list[About]]


def around(visit: Visit, lines: Sequence[FeedbackLine]) -> Around:
    """The calls, analyses, audiences and briefings that these are about."""
    workflows = tuple({line.workflow_id for line in lines if line.workflow_id})
    calls = tuple({line.tool_trace_id for line in lines if line.tool_trace_id})
    at, key, database = Trace.started_at, Trace.tool_trace_id, visit.house.database
    found = newest(database, Trace, at, key, len(calls), tool_trace_id=calls) if calls else []
    made: dict[str, list[About]] = {}
    if workflows:
        most = MOST_MADE * len(workflows)
        at, key = KeptResult.created_at, KeptResult.result_id
        for each in newest(database, KeptResult, at, key, most, workflow_id=workflows):
            address = ADDRESSES[each.kind] + each.result_id
            made.setdefault(each.workflow_id, []).append(About(each.kind, each.headline, address))
        at, key = Analysis.created_at, Analysis.analysis_id
        for each in newest(database, Analysis, at, key, most, workflow_id=workflows):
            told = About("analysis", each.headline, f"/analyses/{each.analysis_id}")
            made.setdefault(each.workflow_id, []).append(told)
    return Around({each.tool_trace_id: each for each in found}, made)


def things_of(visit: Visit, line: FeedbackLine, known: Around) -> list[About]:
    """What one feedback names; of people and rows only what is masked."""
    made = known.made.get(line.workflow_id, [])[:2]
    call = known.calls.get(line.tool_trace_id)
    called = [About("call", call.tool)] if call else []
    return [*_people(line), *_cluster(visit, line), *_told(visit, line, made), *made, *called]


def _people(line: FeedbackLine) -> Iterator[About]:
    if line.person_id is not None:
        yield About("person", masked_value("id", str(line.person_id)))
    if line.lead:
        yield About("lead", masked_lead(line.lead))


def _cluster(visit: Visit, line: FeedbackLine) -> Iterator[About]:
    if line.cluster_hash:
        given = {"warehouse": line.warehouse, "expression": line.cluster_hash}
        label = cluster_label(visit, line.warehouse, line.cluster_hash)
        yield About("cluster", label, f"/audiences/new?{urlencode(given)}")


def cluster_label(visit: Visit, warehouse: str, cluster_hash: str) -> str:
    """What the cluster is called in the snapshot in use; its hash where it is not there."""
    if warehouse in warehouses_of(visit):
        with suppress(ToolRefused):
            found = visit.house.workspace(warehouse).population.catalogue.find(cluster_hash)
            return (found.phrase or f"{found.label or found.name}: {found.value}") if found else cluster_hash
    return cluster_hash


def _told(visit: Visit, line: FeedbackLine, made: list[About]) -> Iterator[About]:
    where = made[0].address if made else ""
    if line.segment:
        yield About("segment", line.segment, where)
    if line.subject:
        yield About("text", _text(line.subject), where)
    if line.change:
        yield About("change", _change(visit, made, line.change), where)


def _text(subject: str) -> str:
    """Which text, in words where it is a known one."""
    part, _, number = subject.rpartition("-")
    if part in NUMBERED and number.isdigit():
        return text(f"settings.text_of_{part}", number=int(number) + 1)
    return text("settings.text_of_headline") if subject == "headline" else subject


def _change(visit: Visit, made: list[About], key: str) -> str:
    """The sentence of the change, where the briefing that told it is kept; else its key."""
    for each in made:
        if each.name == "briefing":
            with suppress(NotFound, ValueError):
                found = visit.house.artifacts.document("briefing", each.address.rpartition("/")[2])
                told = Briefing.model_validate(found)
                said = {change.key: change.sentence for change in (*told.changes, *told.continuing)}
                return said.get(key, key)
    return key
