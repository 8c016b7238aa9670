"""What did a model answer when the run asked it? Answered from the records: no model is asked."""

import threading
from collections.abc import Sequence
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from agent.narration.asking import Question
from agent.narration.ledger import Ledger
from agent.narrator import Answer, Narrator
from store.model_access import ModelAccess
from store.records import ModelCall
from store.workspace import Workspace

ANSWERED = {"kept", "refused", "answered"}  # kept and refused are what grounding said of an answer
NOT_KEPT = "not_kept"


class KeptWords(Ledger):
    """The requests of one run, answered with what was answered then."""

    def __init__(
        self, workspace: Workspace, access: ModelAccess, run_id: str, calls: Sequence[ModelCall]
    ) -> None:
        super().__init__(workspace, access, run_id, "", narrator=cast(Narrator, _Silent()))
        self._calls = {(call.told, call.attempt): call for call in calls}
        self._noting = threading.Lock()
        self.missing: set[str] = set()  # texts that were not asked for then
        self.other_facts: set[str] = set()  # texts whose facts were others then
        self.other_prompt: set[str] = set()

    def ask(self, told: str, attempt: int, question: Question, facts: dict[str, Any]) -> Answer:
        """What was answered then; nothing where it was not asked."""
        call = self._calls.get((told, attempt))
        with self._noting:
            if call is None:
                self.missing.add(told)
                return Answer(NOT_KEPT, None, "", 0, 0, 0.0)
            if call.facts != facts:
                self.other_facts.add(told)
            if call.prompt_version != question.prompt.version:
                self.other_prompt.add(told)
        words = _words(call.answer, question.schema) if call.outcome in ANSWERED else None
        outcome = call.outcome
        if outcome in ANSWERED:
            outcome = "answered" if words else "malformed"
        return Answer(outcome, words, call.answer, call.tokens_in, call.tokens_out, 0.0)

    def judge(self, told: str, attempt: int, reasons: Sequence[str]) -> None:
        """Nothing: what grounding said then stays."""


class _Silent:
    """In the place of the narrator: nobody can be asked."""


def _words(text: str, schema: type[BaseModel]) -> dict[str, str] | None:
    try:
        found = schema.model_validate_json(text)
    except ValidationError:
        return None
    return {name: value.strip() for name, value in found.model_dump().items()}
