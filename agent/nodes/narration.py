"""The steps of one text: ask the model, check its words against the facts, settle what is kept."""

import threading
from typing import Any

from pydantic import TypeAdapter

from agent.grounding import Vocabulary, problems
from agent.narration.asking import question
from agent.narration.facts import AntiPatternFacts, Facts, SegmentFacts
from agent.narration.ledger import Ledger
from agent.nodes.step import Step, end
from agent.state import NarrationState, RunContext

_facts: TypeAdapter[Facts] = TypeAdapter(Facts)
_making = threading.Lock()  # texts are told side by side and share one ledger


def facts_in(document: dict[str, Any]) -> SegmentFacts | AntiPatternFacts:
    """The facts that a state or a record holds as JSON."""
    return _facts.validate_python(document)


def ask(state: NarrationState, runtime: Step) -> dict[str, Any]:
    """Ask the model for words on one set of facts; on a second try, with why the first was refused."""
    runtime.context.stop_if_cancelled()
    attempt = state["attempt"] + 1
    asked = question(facts_in(state["facts"]), state["reasons"])
    answer = _ledger(state, runtime.context).ask(state["told_of"], attempt, asked, state["facts"])
    return {"attempt": attempt, "outcome": answer.outcome, "draft": answer.words or {}}


def check(state: NarrationState, runtime: Step) -> dict[str, Any]:
    """Hold every word against the facts. What is right is kept; the rest comes with its reasons."""
    facts = facts_in(state["facts"])
    draft = {field: words for field, words in state["draft"].items() if field not in state["kept"]}
    found = problems(draft, facts, _vocabulary(runtime.context))
    wrong = {problem.field for problem in found}
    kept = state["kept"] | {field: words for field, words in draft.items() if field not in wrong}
    reasons = [f"{problem.field}: {problem.reason}" for problem in found]
    rules = sorted({problem.rule for problem in found})
    _ledger(state, runtime.context).judge(state["told_of"], state["attempt"], reasons)
    return {"kept": kept, "reasons": reasons, "rules": rules}


def settle(state: NarrationState, runtime: Step) -> dict[str, Any]:
    """What the model said and may stand; the template says the rest."""
    told = {
        "kept": state["kept"],
        "asked": len(facts_in(state["facts"]).told),
        "outcome": state["outcome"],
        "rules": state["rules"],
        "calls": state["attempt"],
    }
    end(runtime, f"narrate {state['told_of']}", len(state["kept"]))
    return {"told": {state["told_of"]: told}}


def _ledger(state: NarrationState, context: RunContext) -> Ledger:
    with _making:
        if "ledger" not in context.held:
            access = context.workspace.model
            assert access is not None, "no text is asked for without a model"
            context.held["ledger"] = Ledger(context.workspace, access, state["run_id"], state["workflow_id"])
        return context.held["ledger"]


def _vocabulary(context: RunContext) -> Vocabulary:
    with _making:
        if "vocabulary" not in context.held:
            clusters = context.workspace.population.catalogue.clusters
            context.held["vocabulary"] = Vocabulary.of(
                [c.phrase for c in clusters], [c.label for c in clusters], [c.value for c in clusters]
            )
        return context.held["vocabulary"]
