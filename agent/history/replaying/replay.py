"""Does a run find the same when it is made again from its recipe?"""

from typing import Any

from agent.analyze_customers import ANALYSIS
from agent.analyze_outcomes import OUTCOMES
from agent.generate_audience import AUDIENCE
from agent.history.differences import Difference, differences
from agent.history.recipe import KeptRecipe, recipe_of
from agent.history.replaying.reasons import reasons, require_inputs
from agent.history.replaying.replayed import Replayed
from agent.history.replaying.scratch import scratch_of, seed_people
from agent.history.result_hash import digest, found_in
from agent.run_briefing import BRIEFING
from agent.runs.workflow import Workflow
from agent.state import NeedsApproval, Progress, RunContext, silent
from prompts import piece
from store.errors import Expired, NotFound
from store.records import Analysis, Recipient
from store.records.recipes import recipes_ending
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult

WORKFLOWS: dict[str, Workflow[Any, Any]] = {
    each.tool: each for each in (ANALYSIS, AUDIENCE, OUTCOMES, BRIEFING)
}
MOST_SHOWN = 200  # differences
OF_PEOPLE = ("sample",)  # parts of a result whose values are somebody's
UNSHOWN = "of a person, so it is not shown"
WRITES = "yes"  # what a briefing does with the audiences that are kept up to date
REFRESHED = "refreshed"  # what it told of them, and of the tiers


def replay(workspace: Workspace, run_id: str, progress: Progress = silent) -> Replayed:
    """Whether the run finds the same again, from the same inputs, by the same clock and seed.

    It is made in a place of its own: no model is published or asked, nothing is written to a destination,
    sent, metered or kept. Raises NotFound for a run without a recipe or of another warehouse, and Expired
    where its snapshot or its outcomes are gone.
    """
    recipe = recipe_of(workspace.database, run_id)
    inputs = recipe.made_from
    if inputs.warehouse != workspace.warehouse.name:
        raise NotFound(
            f"There is no such run in `{workspace.warehouse.name}`",
            where="run_id",
            instead=f"It was made in the warehouse `{inputs.warehouse}`.",
        )
    require_inputs(workspace, inputs)
    before, why = _found_before(workspace, recipe)
    with scratch_of(workspace, inputs, run_id) as scratch:
        for part in _parts(workspace, run_id):
            why += _Again(workspace, scratch, part).made()[1]
            _forget_record(scratch, part.run_id)
        result, told = _Again(workspace, scratch, recipe).made(progress)
    now = found_in(result)
    hash_now = digest(now)
    same = hash_now == recipe.result_hash
    found = [] if same or before is None else differences(before, now)
    return Replayed(
        run_id=run_id,
        kind=inputs.kind,
        warehouse=inputs.warehouse,
        began_at=inputs.now,
        same=same,
        hash_before=recipe.result_hash,
        hash_now=hash_now,
        differences=[_without_people(each) for each in found[:MOST_SHOWN]],
        differing=len(found),
        why=list(dict.fromkeys([*reasons(workspace, recipe, same=same), *why, *told])),
        made_from=inputs,
    )


def _found_before(workspace: Workspace, recipe: KeptRecipe) -> tuple[Any, list[str]]:
    """What the run found, as it is kept, and what is to be said of that."""
    inputs = recipe.made_from
    try:
        result = WORKFLOWS[inputs.kind].saved(workspace, recipe.run_id)
    except NotFound:
        return None, [piece("history_result_gone").fill()]
    found, why = found_in(result), []
    if digest(found) != recipe.result_hash:
        why.append(piece("history_result_changed").fill())
    ended = getattr(result, "created_at", inputs.now)
    if ended.date() != inputs.now.date():
        why.append(piece("history_midnight").fill())
    return found, why


def _parts(workspace: Workspace, run_id: str) -> list[KeptRecipe]:
    """Recipes of the runs that this one began, which share its number.

    Those for which a model was asked are made again first, since each has answers of its own; the others are
    made again by the run itself.
    """
    own = run_id.partition("_")[2]
    return [
        KeptRecipe.of(one)
        for one in recipes_ending(workspace.database, f"_{own}")
        if one.run_id != run_id and one.made_from.get("model") and one.kind != "run_briefing"
    ]


def _forget_record(scratch: Workspace, run_id: str) -> None:
    """The run that began it must find it made, and not know of it before it begins it."""
    with scratch.database.session() as session:
        kept = session.get(Analysis, run_id)
        if kept is not None:
            session.delete(kept)


class _Again:
    """One run, made again in the scratch workspace under its own id."""

    def __init__(self, house: Workspace, scratch: Workspace, recipe: KeptRecipe) -> None:
        self._house, self._scratch, self._recipe = house, scratch, recipe
        self._workflow = WORKFLOWS[recipe.made_from.kind]

    def made(self, progress: Progress = silent) -> tuple[ToolResult, list[str]]:
        """What it found, and what is to be said of how."""
        query, why = self._query()
        context = RunContext(self._scratch, approval="ask" if self._was_refused() else "given")
        words = self._kept_words(context)
        self._run(query, context, progress)
        result = self._workflow.saved(self._scratch, self._recipe.run_id)
        return result, [*why, *(self._told_of(words) if words else [])]

    def _query(self) -> tuple[ToolQuery, list[str]]:
        inputs, run_id = self._recipe.made_from, self._recipe.run_id
        settings, why = self._quiet(dict(inputs.settings))
        query = self._workflow.query.model_validate(settings)
        if inputs.people == "asked":
            self._workflow.keep_request(self._scratch, run_id, query)
            return query, why
        try:
            seed_people(self._house.artifacts, self._scratch.artifacts, run_id)
        except NotFound:
            raise Expired(
                "The people whom the identifiers of the run led to are not kept any more",
                where="run_id",
                instead="Make the run again from its identifiers.",
            ) from None
        return query, why

    def _quiet(self, settings: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The settings of a run that writes nowhere, and what is to be said of that.

        What it gives to recipients waits in an outbox of its own, which nobody delivers. Who was in which
        audience and tier before it is kept only until the next change: what it told of that is told again.
        """
        if self._recipe.made_from.kind != "run_briefing":
            return settings, []
        known = [each for each in settings["recipients"] if self._scratch.database.get(Recipient, each)]
        why = [piece("history_recipients").fill()] if len(known) < len(settings["recipients"]) else []
        if settings["send"] or settings["sync"] == WRITES:
            why.append(piece("history_sent").fill())
        if self._has_refreshed():
            why.append(piece("history_refreshed").fill())
        return {**settings, "recipients": known, "sync": "no"}, why

    def _has_refreshed(self) -> bool:
        return self._house.artifacts.path(REFRESHED, self._recipe.run_id, "json").exists()

    def _run(self, query: ToolQuery, context: RunContext, progress: Progress) -> None:
        from agent.runs.running import resume, run

        run_id, graph = self._recipe.run_id, self._workflow.graph()
        state = self._workflow.first_state(self._scratch, run_id, query)
        if self._recipe.made_from.kind == "run_briefing" and self._has_refreshed():
            told = self._house.artifacts.document(REFRESHED, run_id)
            self._scratch.artifacts.save_document(REFRESHED, run_id, told)
            state["refreshed_key"] = run_id
        try:
            run(graph, state, context, progress)
        except NeedsApproval:
            resume(graph, run_id, context, progress, answer={"approved": False})

    def _was_refused(self) -> bool:
        """Whether somebody said no to a file or to a mail: the replay hears the same."""
        try:
            kept = self._workflow.saved(self._house, self._recipe.run_id)
        except NotFound:
            return False
        return bool(getattr(kept, "export_refused", False)) or getattr(kept, "approved", None) is False

    def _kept_words(self, context: RunContext) -> Any:
        """What answers in the model's place; None where no model was asked."""
        if self._scratch.model is None or not self._recipe.made_from.model:
            return None
        from agent.history.replaying.kept_words import (
            KeptWords,  # the model's client takes a second to import
        )

        run_id = self._recipe.run_id
        calls = self._house.database.model_calls(run_id, max(1, self._recipe.made_from.words))
        context.held["ledger"] = KeptWords(self._scratch, self._scratch.model, run_id, calls)
        return context.held["ledger"]

    def _told_of(self, words: Any) -> list[str]:
        told = [piece("history_words").fill(words=self._recipe.made_from.words)]
        if words.missing:
            told.append(piece("history_words_missing").fill(texts=", ".join(sorted(words.missing))))
        other = words.other_facts | words.other_prompt
        if other:
            told.append(piece("history_words_other").fill(texts=", ".join(sorted(other))))
        return told


def _without_people(each: Difference) -> Difference:
    if each.path.split(".")[0].split("[")[0] not in OF_PEOPLE:
        return each
    hidden = {name: UNSHOWN for name in ("before", "now") if getattr(each, name) is not None}
    return each.model_copy(update=hidden)
