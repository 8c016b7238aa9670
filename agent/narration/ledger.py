"""What has a run asked of a model, what did it cost, and may it ask for more?"""

import threading
import time
from collections.abc import Callable, Sequence

from agent.narration.asking import Question
from agent.narrator import MOST_TOKENS, Answer, Narrator, tokens_in
from store.model_access import ModelAccess
from store.records import ModelCall
from store.watching import happening
from store.workspace import Workspace

GIVEN_UP_AT_ONCE = {"wrong_key", "forbidden", "no_such_model", "bad_request"}
GIVEN_UP_SOON, PATIENCE = {"timeout", "unavailable", "rate_limited"}, 2  # so many of these in a row


class Ledger:
    """The requests of one run: bounded in tokens and time, each kept as a record."""

    def __init__(
        self,
        workspace: Workspace,
        access: ModelAccess,
        run_id: str,
        workflow_id: str,
        narrator: Narrator | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workspace, self._access = workspace, access
        self._run_id, self._workflow_id = run_id, workflow_id
        self._narrator, self._now = narrator or Narrator(access), now
        self._deadline = now() + access.run_seconds
        self._lock = threading.Lock()
        self._reserved, self._failures = 0, 0
        self._given_up = ""

    def ask(self, told: str, attempt: int, question: Question, facts: dict) -> Answer:
        """The answer, or why there is none: over budget, out of time, or a server that was given up."""
        want = tokens_in(question) + MOST_TOKENS
        with self._lock:
            refusal = self._refusal(want)
            self._reserved += 0 if refusal else want
        with happening("model_call", told, run_id=self._run_id, attempt=attempt) as asked:
            answer = Answer(refusal, None, "", 0, 0, 0.0) if refusal else self._narrator.ask(question)
            asked.outcome = answer.outcome
            asked.note(tokens_in=answer.tokens_in, tokens_out=answer.tokens_out)
        self._keep(told, attempt, question, facts, answer)
        with self._lock:
            self._reserved -= 0 if refusal else want
            self._learn(answer.outcome)
        return answer

    def _refusal(self, want: int) -> str:
        if self._given_up:
            return self._given_up
        if self._now() > self._deadline:
            return "out_of_time"
        spent = self._workspace.database.tokens_spent(self._run_id) + self._reserved
        return "over_budget" if spent + want > self._access.budget_tokens else ""

    def _learn(self, outcome: str) -> None:
        self._failures = self._failures + 1 if outcome in GIVEN_UP_SOON else 0
        if outcome in GIVEN_UP_AT_ONCE or self._failures >= PATIENCE:
            self._given_up = outcome

    def _keep(self, told: str, attempt: int, question: Question, facts: dict, answer: Answer) -> None:
        self._workspace.database.keep(
            ModelCall(
                call_id=_call_id(self._run_id, told, attempt),
                run_id=self._run_id,
                workflow_id=self._workflow_id,
                warehouse=self._workspace.warehouse.name,
                told=told,
                attempt=attempt,
                prompt=question.prompt.name,
                prompt_version=question.prompt.version,
                model=self._access.model,
                facts=facts,
                answer=answer.text,
                outcome=answer.outcome,
                tokens_in=answer.tokens_in,
                tokens_out=answer.tokens_out,
                cost=self._access.cost(answer.tokens_in, answer.tokens_out),
                milliseconds=round(answer.seconds * 1000, 1),
                created_at=self._workspace.now(),
            )
        )

    def judge(self, told: str, attempt: int, reasons: Sequence[str]) -> None:
        """Write down what grounding said of an answer."""
        call = self._workspace.database.get(ModelCall, _call_id(self._run_id, told, attempt))
        if call is not None:
            call.outcome, call.reasons = "refused" if reasons else "kept", list(reasons)
            self._workspace.database.keep(call)


def _call_id(run_id: str, told: str, attempt: int) -> str:
    return f"{run_id}-{told}-{attempt}"
