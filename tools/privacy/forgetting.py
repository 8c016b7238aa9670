"""What is kept of a person beside the population, and is it dropped?"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from store.errors import NotFound
from store.records import Analysis, Database, Feedback
from store.records.answers import SENT
from store.records.corrections import Correction, forget_corrections
from store.records.feedback import FORGOTTEN, feedback_on_persons
from store.records.kept_results import KeptResult
from store.records.newest import Place, newest
from store.records.runs import Run
from store.scored_lists.forgetting import forget_people
from store.workspace import Workspace
from tools.feedback.effects import LEAD
from tools.privacy.person import Known, digests_of
from tools.standing.kept.forgetting import forget_in_standing

STEP = 200  # records read at a time
SHORTEST = 5  # letters of an identifier by which an answer is known to be theirs
KEYS: dict[Any, str] = {
    KeptResult: "result_id",
    Analysis: "analysis_id",
    Run: "run_id",
    Correction: "correction_id",
}


def forget(workspace: Workspace, person: Known) -> int:
    """Drop what names them: samples, sets of people, answers of calls, rows of lists. How many those were.

    What was said in chats and traces holds nobody's values. An answer that was kept in case it is asked for
    again names no warehouse, so that of another one with the same number goes too.
    """
    return sum(
        (
            sum(_out_of_sample(workspace, person, row) for row in _all(workspace, KeptResult)),
            sum(_out_of_sets(workspace, person, row) for row in _all(workspace, Analysis)),
            sum(_answer_dropped(workspace, person, row) for row in _all(workspace, Run)),
            _sent_dropped(workspace, person),
            _out_of_lists(workspace, person),
            sum(_out_of_feedback(workspace, person, row) for row in feedback_on_persons(*_here(workspace))),
            _out_of_corrections(workspace, person),
            forget_in_standing(workspace, person.ids_in),
        )
    )


def _all(workspace: Workspace, table: Any) -> Iterator[Any]:
    """Every record of the warehouse."""
    key, after = KEYS[table], None
    while True:
        rows = newest(
            workspace.database,
            table,
            table.created_at,
            getattr(table, key),
            STEP,
            after,
            warehouse=workspace.warehouse.name,
        )
        yield from rows[:STEP]
        if len(rows) <= STEP:
            return
        after = Place(rows[STEP - 1].created_at, getattr(rows[STEP - 1], key))


def _out_of_sample(workspace: Workspace, person: Known, row: KeptResult) -> int:
    if row.kind != "audience":
        return 0
    artifacts = workspace.artifacts
    try:
        kept = artifacts.document("audience", row.result_id)
        plan = artifacts.document("audience_plan", row.result_id)
    except NotFound:
        return 0
    ids = person.ids_in(plan.get("snapshot_id") or "")
    sample = [each for each in kept["sample"] if ids is not None and each["person_id"] not in ids]
    if len(sample) == len(kept["sample"]):
        return 0
    artifacts.save_document("audience", row.result_id, {**kept, "sample": sample})
    return 1


def _out_of_sets(workspace: Workspace, person: Known, row: Analysis) -> int:
    ids = person.ids_in(row.snapshot_id)
    if ids is None:
        return 0  # rows of a snapshot that is gone: the numbers tell nobody
    segments = workspace.artifacts.path("segment", row.analysis_id, "people").parent
    keys = [("customers", row.analysis_id), ("lost", row.analysis_id)]
    keys += [("segment", path.stem) for path in segments.glob(f"{row.analysis_id}-*.people")]
    return sum(_out_of_set(workspace, ids, kind, key) for kind, key in keys)


def _out_of_set(workspace: Workspace, ids: Iterable[int], kind: str, key: str) -> int:
    try:
        kept = workspace.artifacts.people(kind, key)
    except NotFound:
        return 0
    others = kept
    for each in ids:
        others = others[others != each]
    if len(others) < len(kept):
        workspace.artifacts.save_people(kind, key, others)
    return int(len(others) < len(kept))


def _answer_dropped(workspace: Workspace, person: Known, row: Run) -> int:
    """The answer of a job that was one call, which is kept for a day."""
    try:
        said = workspace.artifacts.path("call_result", row.run_id, "json").read_bytes()
    except FileNotFoundError:
        return 0
    if not _names(person).search(said.lower()):
        return 0
    workspace.artifacts.remove("call_result", row.run_id, "json")
    return 1


def _sent_dropped(workspace: Workspace, person: Known) -> int:
    folder, names, dropped = workspace.artifacts.path(SENT, "any", "bin").parent, _names(person), 0
    for path in folder.glob("*.bin"):
        try:
            said = path.read_bytes()
        except FileNotFoundError:  # its day was over in this moment
            continue
        if names.search(said.lower()):
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped


def _out_of_lists(workspace: Workspace, person: Known) -> int:
    """Rows of scored lists; of one that is not scored yet the file, so that its scoring is refused."""
    warehouse = workspace.warehouse
    return forget_people(
        workspace.home, warehouse.name, person.ids_in, warehouse.erasures.is_erased, workspace.now()
    )


def _here(workspace: Workspace) -> tuple[Database, str]:
    return workspace.database, workspace.warehouse.name


def _out_of_feedback(workspace: Workspace, person: Known, row: Feedback) -> int:
    """What was said of them is nobody's any more, in which words it ever was; that it was said stays."""
    ids = person.ids_in(row.snapshot_id or person.snapshot_id) or frozenset()
    known_by = set(row.effect.get("known_by", []))
    named = row.person_id in ids or row.subject in {f"{LEAD}{each}" for each in ids}
    if not named and not known_by & digests_of(person):
        return 0
    changed = {"person_id": None, "subject": "", "message": FORGOTTEN, "effect": {}, "reason": ""}
    workspace.database.keep(row.model_copy(update=changed))
    return 1


def _out_of_corrections(workspace: Workspace, person: Known) -> int:
    """Corrections about them, those that were taken back too: what they tell of is there no more."""
    digests = digests_of(person)
    gone = [row.correction_id for row in _all(workspace, Correction) if _is_about(row, person, digests)]
    return forget_corrections(workspace.database, gone)


def _is_about(row: Correction, person: Known, digests: set[str]) -> bool:
    ids = person.ids_in(row.snapshot_id or person.snapshot_id) or frozenset()
    kept = {*row.known_by, *row.other_known_by}
    return bool({row.person_id, row.other_person_id} & ids or (row.snapshot_id and kept & digests))


def _names(person: Known) -> re.Pattern[bytes]:
    """Their ids as a JSON document writes them, and their identifiers."""
    ids = "|".join(str(each) for each in sorted(person.person_ids))
    values = [each.lower() for kind in person.identifiers.values() for each in kind if len(each) >= SHORTEST]
    told = "".join(f'|"{re.escape(each)}"' for each in values)
    return re.compile(rf'"(?:person_id|lead)":\s*"?(?:{ids})\b{told}'.encode())
