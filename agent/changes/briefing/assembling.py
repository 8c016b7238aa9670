"""A briefing, put together from what its steps found."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from agent.briefing_result import Briefing, MadeFrom, Proof, Words
from agent.changes import briefed
from agent.changes.briefing import parts
from agent.changes.briefing.appendix import appendix_of
from agent.changes.briefing.checking import checked, sound_lines
from agent.changes.briefing.found import Found
from agent.changes.briefing.models import models_told
from agent.changes.outcomes import columns
from agent.changes.outcomes.charts import charts_of
from agent.changes.outcomes.tiers import tiers_told
from agent.changes.spans import span
from agent.narration.wording import number
from agent.requests import RunBriefing
from agent.version import CODE_VERSION
from prompts import piece
from store.outcomes.ledger import ledger_of

if TYPE_CHECKING:
    from tools.outcomes.changes.findings import ColumnChange

TEXTS = ("template/briefing", "template/changes")  # how the names of what a briefing says begin


def briefing_of(found: Found) -> Briefing:
    """The whole result; what is of the population, the models and the audiences where there are any."""
    state, words = found.state, Words.model_validate(found.state["told"])
    query = RunBriefing.model_validate(state["query"])
    accepted = parts.effects(found.workspace)
    rescored = found.refreshed.rescored if found.refreshed else None
    tiers = tiers_told(found.outcomes, found.learned, rescored) if found.fit else []
    learned_by = state.get("outcome_analysis") if found.is_newly_learned else None
    briefing = Briefing(
        **dict(words),
        workflow_id=state["workflow_id"],
        briefing_id=state["run_id"],
        warehouse=state["warehouse"],
        created_at=found.workspace.now(),
        purpose=query.purpose,
        schedule_id=query.schedule_id or "",
        slot=query.slot or "",
        missed=query.missed,
        **_compared(found),
        significant=len(found.judged.new_keys),
        significant_keys=found.judged.keys,
        continuing=found.judged.continuing,
        notes=_notes(found),
        data_notes=[*columns.told(_columns(found), found.judged.data_known), *accepted.data_notes],
        data_keys=[each.key for each in _columns(found)],
        charts=charts_of(found.moved, found.changes, tiers, found.analysis),
        tiers=tiers,
        currency=_currency(found),
        call_first=parts.calls_told(
            found.workspace, accepted.rows_left_out, is_quiet=words.kind == "unchanged"
        ),
        models=models_told(found.workspace, learned_by),
        rescored=parts.rescored_told(rescored),
        audiences=parts.audiences_told(found.workspace, found.refreshed),
        feedback=parts.feedback_told(found.workspace, since_of(found)),
        appendix=appendix_of(found.learned, found.fit),
        proof=_proof(found, query),
        made_from=_made_from(found, query),
        approved=state.get("approved"),
        markdown="",
    )
    briefing = checked(found, briefing)
    return briefing.model_copy(update={"markdown": sound_lines(briefing, briefed.markdown(briefing))})


def since_of(found: Found) -> datetime | None:
    """When what it is compared with was made: the briefing before, else the analysis before."""
    if found.state["since"]:
        return datetime.fromisoformat(found.state["since"])
    return found.changes.before.created_at if found.changes else None


def _compared(found: Found) -> dict[str, Any]:
    series = found.state["series"]
    return {
        "analysis_id": series[0] if series else None,
        "compared_with": found.changes.before.analysis_id if found.changes else None,
        "outcome_analysis_id": found.state.get("outcome_analysis"),
        "since": since_of(found),
        "analysed_again": found.state["is_outdated"],
    }


def _notes(found: Found) -> list[str]:
    missing = found.outcomes.missing if found.outcomes else []
    missed = found.state["query"]["missed"]
    late = [piece("briefing_missed_one" if missed == 1 else "briefing_missed").fill(missed=number(missed))]
    return [
        *(late if missed else []),
        *(found.changes.notes if found.changes else []),
        *missing,
        *columns.still(_columns(found), found.judged.data_lately),
        *found.state.get("not_told", []),
        *parts.refused_audiences(found.refreshed),
    ]


def _columns(found: Found) -> "list[ColumnChange]":
    """How the data changed; of each column the change that says most."""
    return found.outcomes.columns if found.outcomes else []


def _currency(found: Found) -> str:
    if found.outcomes and found.outcomes.currency:
        return found.outcomes.currency
    return found.learned.overview.currency if found.learned else ""


def _proof(found: Found, query: RunBriefing) -> Proof:
    compared: dict[str, int] = dict(found.changes.compared) if found.changes else {}
    compared |= found.outcomes.compared if found.outcomes else {}
    windows = found.outcomes.windows if found.outcomes else []
    tested = [found.changes.tests if found.changes else 0, found.outcomes.tests if found.outcomes else 0]
    return Proof(
        yearly_false_alarm=query.yearly_false_alarm,
        level=found.state["level"],
        tests=sum(tested),
        compared={name: count for name, count in compared.items() if count},
        windows=[
            piece("briefing_window").fill(
                days=number(each.days),
                now=span(each.first, each.last),
                decided=number(each.decided),
                before=span(each.before_first, each.before_last),
                before_decided=number(each.before_decided),
            )
            for each in windows
            if each.tested
        ],
    )


def _made_from(found: Found, query: RunBriefing) -> MadeFrom:
    from agent.history.versions import text_versions

    warehouse = found.workspace.warehouse
    ledger = ledger_of(warehouse)
    return MadeFrom(
        snapshot_id=warehouse.current_id if warehouse.exists else "",
        outcomes_hash=ledger.manifest.data_hash if ledger.exists else "",
        analyses=found.state["series"],
        outcome_analysis_id=found.state.get("outcome_analysis"),
        seed=query.seed,
        code_version=CODE_VERSION,
        prompts={name: text for name, text in text_versions().items() if name.startswith(TEXTS)},
        reused=_reused(found),
    )


def _reused(found: Found) -> list[str]:
    series = ["customers"] if found.state["series"] and not found.state["is_outdated"] else []
    return [*found.state.get("reused", []), *series]
